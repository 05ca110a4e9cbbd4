"""Cases 1 to 13: what was paid is booked once, whatever arrives, and in whatever order."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.utils import timezone

from checkout.models import Order, Payment, Refund
from payouts.models import Entry
from runtime.up.roles import Role
from tests.paystack_cases.people import (
    DRAIN,
    POLL,
    REFUNDS,
    People,
    are_processed,
    events,
    fresh,
    in_other_bytes,
    parts_of,
    sales,
    signed,
    statuses,
)
from tests.world.payments import Hook
from tests.world.races import all_at_once
from webhooks.models import InboundEvent
from webhooks.services import purge_bodies

AT_ONCE = 20
EXPIRE = "checkout.expire_reservations"


def webhook_and_redirect_in_either_order(people: People) -> None:
    """1."""
    item = people.goods()
    told_first, back_first = people.order((item, 1)), people.order((item, 1))

    people.pay(told_first)
    people.until(lambda: are_processed(told_first))
    assert people.come_back(told_first.reference) == 302

    people.pay(back_first, told=False)
    assert people.come_back(back_first.reference) == 302
    assert fresh(back_first).status == "captured", "the return alone has asked the provider"
    assert people.post(people.hook(back_first)) == 200
    people.until(lambda: are_processed(back_first), DRAIN)

    assert [sales(payment) for payment in (told_first, back_first)] == [1, 1]
    assert item.level() == (8, 0)


def the_same_webhook_many_times_at_once(people: People) -> None:
    """2."""
    item = people.goods()
    payment = people.order((item, 1))
    people.pay(payment, told=False)
    hook = people.hook(payment)

    assert all_at_once(lambda _: people.post(hook), AT_ONCE) == {200: AT_ONCE}

    people.until(lambda: are_processed(payment), DRAIN)
    [event] = events(payment)
    assert (event.deliveries, sales(payment), item.level()) == (AT_ONCE, 1, (9, 0))


def the_same_charge_in_other_bytes(people: People) -> None:
    """3."""
    item = people.goods()
    payment = people.order((item, 1))
    people.pay(payment, told=False)
    hooks = [people.hook(payment), signed(in_other_bytes(people.hook(payment)))]

    assert all_at_once(lambda number: people.post(hooks[number]), 2) == {200: 2}

    people.until(lambda: are_processed(payment, 2), DRAIN)
    assert (sales(payment), item.level()) == (1, (9, 0))


def a_signature_that_is_bad_missing_or_of_other_bytes(people: People) -> None:
    """4."""
    payment = people.order((people.goods(), 1))
    people.paystack.add_fault("bad_signature", event="charge.success", match={"reference": payment.reference})
    people.pay(payment)
    deliveries = f"/sandbox/deliveries?reference={payment.reference}"
    people.until(lambda: people.paystack.call("GET", deliveries)["data"][0]["last_answer"] == "401")
    hook = signed(people.hook(payment).body)

    answers = [
        people.post(Hook(hook.body, hook.signature[::-1])),
        people.post(hook, **{"content-type": "application/json"}),
        people.post(Hook(in_other_bytes(hook), hook.signature)),
        people.post(Hook(hook.body + b"\n", hook.signature)),
    ]

    assert answers == [401] * 4
    assert (events(payment), sales(payment), fresh(payment).status) == ([], 0, "open")
    assert people.post(hook) == 200
    people.until(lambda: are_processed(payment), DRAIN)


def an_old_body_is_played_again(people: People) -> None:
    """5. After its order was given back, and after the body itself was removed from the inbox."""
    item = people.goods()
    payment = people.bought((item, 1))
    people.until(lambda: are_processed(payment))
    hook = people.hook(payment)
    [part] = parts_of(payment)
    assert people.refund(part, lines=[{"line_id": part.lines[0]["variant_id"], "quantity": 1}]) == 200
    people.give_back(payment)
    before = (list(Entry.objects.order_by("pk").values_list("pk", flat=True)), statuses(payment), item.level())

    assert people.post(hook) == 200
    purge_bodies(now=timezone.now() + timedelta(days=91))
    assert people.post(hook) == 200

    [event] = events(payment)
    assert (event.deliveries, event.status, bytes(event.body)) == (3, "processed", b"")
    after = (list(Entry.objects.order_by("pk").values_list("pk", flat=True)), statuses(payment), item.level())
    assert after == before


def more_or_less_than_expected_was_paid(people: People) -> None:
    """6."""
    item = people.goods()
    more, less = people.order((item, 1)), people.order((item, 1))
    for payment, by in ((more, 250_000), (less, -100)):
        people.paystack.add_fault("wrong_amount", by=by, match={"reference": payment.reference})
        people.pay(payment)
    people.until(lambda: are_processed(more) and are_processed(less), DRAIN)

    assert (fresh(more).status, statuses(more)[0]) == ("captured", "paid")
    assert (fresh(less).status, statuses(less)[0]) == ("mismatched", "pending")
    assert [refund.amount_minor for refund in people.give_back(more)] == [250_000]
    assert [refund.amount_minor for refund in people.give_back(less)] == [less.amount_minor - 100]
    assert item.level() == (9, 1)


def another_currency_or_the_other_mode(people: People) -> None:
    """7. Other money is booked as what it is, and goes back; money of the other mode is none of ours."""
    item = people.goods()
    cedis, live = people.order((item, 1)), people.order((item, 1))
    people.paystack.add_fault("wrong_currency", currency="GHS", match={"reference": cedis.reference})
    people.pay(cedis)
    people.until(lambda: are_processed(cedis), DRAIN)
    assert set(Entry.objects.filter(journal__source=cedis.reference).values_list("currency", flat=True)) == {"GHS"}
    assert [refund.currency for refund in people.give_back(cedis)] == ["GHS"]

    people.paystack.add_fault("wrong_domain", where="verify", match={"reference": live.reference})
    people.pay(live)
    people.until(lambda: fresh(live).status == "mismatched")
    assert (sales(live), fresh(live).captured_minor, item.level()) == (0, None, (10, 2))

    people.until(lambda: fresh(live).captured_minor, POLL)  # the provider says what it is, and it is booked
    assert (sales(live), statuses(live)[0], statuses(cedis)[0]) == (1, "paid", "pending")


def a_reference_of_nobody_or_of_another_payment(people: People) -> None:
    """8. A body is only a hint: of a payment that was not paid, it moves nothing."""
    item = people.goods()
    unpaid, paid = people.order((item, 1)), people.order((item, 1))
    people.pay(paid)
    people.until(lambda: are_processed(paid))
    body = people.hook(paid).body
    strange = "../../balance?x="
    for reference in (strange, "ks-nobody-knows-this-one"):
        assert people.post(signed(body.replace(paid.reference.encode(), reference.encode()))) == 200
        assert people.come_back(reference) == 404
    known = ["....balancex=", "ks-nobody-knows-this-one"]
    people.until(lambda: InboundEvent.objects.filter(reference__in=known, status="ignored").count() == 2, DRAIN)
    assert people.post(signed(body.replace(paid.reference.encode(), unpaid.reference.encode()))) == 200
    people.until(lambda: events(unpaid)[0].attempts)
    people.until(lambda: events(unpaid)[0].leased_until is None)

    [event] = events(unpaid)
    assert (event.status, sales(unpaid), fresh(unpaid).status, statuses(unpaid)[0]) == (
        "received",
        0,
        "open",
        "pending",
    )
    people.pay(unpaid)  # and once it was paid, it counts
    people.until(lambda: are_processed(unpaid, 2), DRAIN)
    assert (sales(paid), sales(unpaid)) == (1, 1)


def paid_after_it_expired_and_its_stock_is_sold(people: People) -> None:
    """9. Of two shops, one has sold out meanwhile: its part is booked and goes back, the other's is kept."""
    gone, kept = people.goods(), people.goods()
    late = people.order((gone, 8), (kept, 1))
    Order.objects.filter(pk=late.order_id).update(expires_at=timezone.now() - timedelta(minutes=1))
    people.until(lambda: statuses(late)[0] == "expired", EXPIRE)
    people.bought((gone, 5))

    people.pay(late)
    people.until(lambda: are_processed(late), DRAIN)

    assert statuses(late) == ("paid", {"unfulfillable": 1, "new": 1})
    [lost] = [part for part in parts_of(late) if part.shop_id == gone.shop.pk]
    assert [refund.amount_minor for refund in people.give_back(late)] == [lost.total_minor]
    assert (fresh(late).captured_minor, gone.level(), kept.level()) == (late.amount_minor, (5, 0), (9, 0))


def two_attempts_are_paid_for_one_order(people: People) -> None:
    """10."""
    item = people.goods()
    first = people.order((item, 1))
    people.paystack.call("POST", f"/sandbox/transactions/{first.reference}/fail", {})
    assert people.come_back(first.reference) == 302
    second = people.pay_again(first)
    assert second.pk != first.pk
    for payment in (first, second):
        people.pay(payment, told=False)
    hooks = [people.hook(first), people.hook(second)]

    assert all_at_once(lambda number: people.post(hooks[number]), 2) == {200: 2}
    people.until(lambda: are_processed(first) and are_processed(second), DRAIN)

    [refund] = Refund.objects.filter(payment__order=first.order_id)
    assert (sales(first), sales(second), item.level()) == (1, 1, (9, 0))
    [given_back] = people.give_back(refund.payment)
    assert given_back.amount_minor == first.amount_minor
    assert statuses(first)[0] == "paid"


def the_broker_and_the_worker_are_down(people: People) -> None:
    """11. The event is stored, nobody is told of it, and all messages are lost: the next round of beat finds it."""
    item = people.goods()
    payment = people.order((item, 1))
    people.pay(payment, told=False)
    hook = people.hook(payment)
    people.market.kill("worker")
    people.market.redis.stop()

    assert people.post(hook) == 200
    [event] = events(payment)
    assert (event.status, event.attempts, sales(payment)) == ("received", 0, 0)

    people.market.start_redis()
    people.market.start(Role("worker", {}))
    people.until(lambda: are_processed(payment), DRAIN)
    assert (sales(payment), item.level()) == (1, (9, 0))


def the_provider_is_silent_or_talks_nonsense(people: People) -> None:
    """12."""
    item = people.goods()
    payments = [people.order((item, 1)) for _ in range(3)]
    faults: list[tuple[str, dict[str, object]]] = [("timeout", {}), ("rate_limit", {"seconds": 60}), ("html", {})]
    for payment, (kind, options) in zip(payments, faults, strict=True):
        people.paystack.add_fault(kind, match={"path": f"/transaction/verify/{payment.reference}"}, **options)
        people.pay(payment)
    for payment in payments:
        people.until(partial(has_outcome, payment))

    assert [events(payment)[0].status for payment in payments] == ["received"] * 3
    assert [(fresh(payment).status, sales(payment)) for payment in payments] == [("open", 0)] * 3

    people.until(lambda: all(are_processed(payment) for payment in payments), DRAIN)
    assert [sales(payment) for payment in payments] == [1, 1, 1]


def the_event_of_a_payment_never_arrives(people: People) -> None:
    """13."""
    item = people.goods()
    payment = people.order((item, 1))
    people.pay(payment, told=False)

    people.until(lambda: fresh(payment).captured_minor, POLL)

    assert (events(payment), sales(payment), statuses(payment)[0], item.level()) == ([], 1, "paid", (9, 0))


def has_outcome(payment: Payment) -> bool:
    """Return whether an event about a payment was tried."""
    return any(event.outcome for event in events(payment))


def settle_all(people: People) -> None:
    """Let the refunds of all payments go out and be processed."""
    for payment in Payment.objects.filter(refunds__isnull=False).distinct():
        people.give_back(payment)
    people.until(lambda: not Refund.objects.exclude(status="processed").exists(), REFUNDS)
