"""Cases 14 to 17: what goes back is what was paid, once, and whoever was paid for it owes it."""

from __future__ import annotations

from checkout.models import Refund, SubOrder
from checkout.refunds.requests import retry_refund
from payouts.models import Dispute, Entry
from payouts.selectors import shop_balances
from tests.paystack_cases.people import (
    DRAIN,
    REFUNDS,
    People,
    events,
    parts_of,
    payout_of,
)
from tests.world.market import Stocked
from tests.world.payments import refunds_at
from tests.world.races import all_at_once


def one_unit(part: SubOrder, units: int = 1) -> list[dict[str, object]]:
    """Return some units of a part's line, as the API takes them."""
    return [{"line_id": part.lines[0]["variant_id"], "quantity": units}]


def kept_of(part: SubOrder) -> dict[str, int]:
    """Return what is booked of a part, by account."""
    found: dict[str, int] = {}
    for code, amount in Entry.objects.filter(sub_order_id=part.pk).values_list("account__code", "amount_minor"):
        found[code] = found.get(code, 0) + amount
    return {code: amount for code, amount in found.items() if amount}


def owed_back() -> int:
    """Return what is owed to buyers."""
    owed = Entry.objects.filter(account__code="refunds_payable", currency="NGN")
    return -sum(owed.values_list("amount_minor", flat=True))


def a_partial_refund_across_shops(people: People) -> None:
    """14. One unit after the other, of two shops with other rates: each step rounds, and the last takes the rest."""
    items = [people.goods(commission_bps=833), people.goods(commission_bps=1_250)]
    payment = people.bought(*((item, 3) for item in items))
    whole, some = parts_of(payment)

    assert people.refund(some, lines=one_unit(some)) == 200
    for _ in range(3):
        assert people.refund(whole, lines=one_unit(whole)) == 200
    assert people.refund(whole, delivery_minor=whole.shipping_minor) == 200
    refunds = people.give_back(payment)

    whole, some = parts_of(payment)
    assert sum(refund.amount_minor for refund in refunds) == whole.total_minor + some.refunded_minor
    assert (whole.refunded_minor, whole.kept_commission_minor) == (whole.total_minor, 0)
    assert kept_of(whole) == {}
    third = some.commission_minor - some.kept_commission_minor
    assert abs(third * 3 - some.commission_minor) < 3
    assert kept_of(some) == {
        "commission": -some.kept_commission_minor,
        "shop_pending": -(some.kept_minor - some.kept_commission_minor),
    }


def more_refunds_at_once_than_was_paid(people: People) -> None:
    """15. And the answer to the one that counts is lost: it is found at the provider, and not sent again."""
    payment = people.bought((people.goods(), 2))
    [part] = parts_of(payment)
    people.paystack.add_fault("timeout", match={"method": "POST", "path": "/refund"})

    done = all_at_once(lambda _: people.refund(part, lines=one_unit(part, 2)), 4)

    assert done == {200: 1, 409: 3}
    [refund] = Refund.objects.filter(payment=payment)
    people.market.ask_for(REFUNDS)
    people.until(lambda: [each for each in refunds_at(people.paystack) if each["merchant_note"] == str(refund.pk)])
    assert people.paystack.call("GET", "/sandbox/faults")["data"] == [], "the answer was lost"
    people.give_back(payment)
    assert [each["merchant_note"] for each in refunds_at(people.paystack)].count(str(refund.pk)) == 1
    assert not [each for each in refunds_at(people.paystack) if each["merchant_note"].startswith(f"{refund.pk}.")]


def refund_events_of_every_kind_and_in_any_order(people: People) -> None:
    """16. Failed, in need of the buyer's account, processed before pending; amounts are texts or numbers."""
    payment = people.bought((people.goods(), 3))
    [part] = parts_of(payment)
    reference, before = {"reference": payment.reference}, owed_back()

    assert people.refund(part, lines=one_unit(part)) == 200
    refund = people.sent_refund(payment)
    people.end_refund(refund, "failed")
    assert owed_back() - before == refund.amount_minor, "it is owed on"
    retry_refund(refund_id=refund.pk)
    again = people.sent_refund(payment)
    assert (again.pk, again.provider_id == refund.provider_id) == (refund.pk, False)
    people.end_refund(again, "needs-attention")
    people.end_refund(again)

    for status in ("pending", "processing", "processed"):
        people.paystack.add_fault("drop", event=f"refund.{status}", match=reference)
    assert people.refund(part, lines=one_unit(part)) == 200
    second = people.sent_refund(payment)
    finish = f"/sandbox/refunds/{second.provider_id}/finish"
    people.paystack.call("POST", finish, {"status": "processing"})
    people.paystack.call("POST", finish, {"status": "processed"})
    for status in ("processed", "processing", "pending"):
        assert people.post(people.hook(payment, f"refund.{status}")) == 200
        people.until(lambda: Refund.objects.get(pk=second.pk).status == "processed", DRAIN)

    kinds = ("pending", "processing", "processed", "failed", "needs-attention")
    stored = [event for kind in kinds for event in events(payment, f"refund.{kind}")]
    people.until(lambda: all(event.status == "processed" for event in events(payment, "refund.pending")), DRAIN)
    assert {event.kind for event in stored} == {f"refund.{kind}" for kind in kinds}
    texts = {kind: b'"amount":"' in bytes(people.hook(payment, f"refund.{kind}").body) for kind in kinds}
    assert (texts["pending"], texts["failed"]) == (True, False)
    given_back = [refund.amount_minor for refund in Refund.objects.filter(payment=payment)]
    assert owed_back() == before
    assert sum(given_back) == parts_of(payment)[0].refunded_minor


def a_refund_or_lost_dispute_after_the_shop_was_paid_out(people: People) -> None:
    """17. The shop owes it, and it is kept back from the next payout."""
    refunded, disputed = people.payable(2)
    _refund_is_owed(people, refunded)
    _lost_dispute_is_owed(people, disputed)


def _lost_dispute_is_owed(people: People, item: Stocked) -> None:
    people.paid_out(item)
    payment = people.bought((item, 1))
    people.deliver(payment)
    people.paid_out(item)
    [part] = parts_of(payment)

    dispute = people.dispute(payment)
    people.until(lambda: Dispute.objects.filter(provider_id=dispute, status="open").exists(), DRAIN)
    held = part.total_minor - part.commission_minor
    assert shop_balances(shop_id=item.shop.pk).receivable_minor == held
    people.decide(dispute, "auto-accepted")  # the hours to answer are over
    people.until(lambda: Dispute.objects.filter(provider_id=dispute, status="lost").exists(), DRAIN)
    assert shop_balances(shop_id=item.shop.pk).receivable_minor == held
    assert not {"commission", "dispute_reserve"} & kept_of(part).keys()

    people.earn(item, units=2)
    second = SubOrder.objects.filter(shop=item.shop).latest("pk")
    earned = second.total_minor - second.commission_minor - held
    assert shop_balances(shop_id=item.shop.pk).available_minor == earned
    people.paid_out(item)
    assert payout_of(item).amount_minor == earned


def _refund_is_owed(people: People, item: Stocked) -> None:
    people.paid_out(item)
    part = SubOrder.objects.select_related("order", "shop").get(shop=item.shop)
    payment = part.order.payments.get()

    assert people.refund(part, lines=one_unit(part)) == 200
    owed = shop_balances(shop_id=item.shop.pk).receivable_minor
    assert owed == part.lines[0]["total_minor"] - part.commission_minor
    people.give_back(payment)
    people.earn(item, units=2)

    balances = shop_balances(shop_id=item.shop.pk)
    second = SubOrder.objects.filter(shop=item.shop).latest("pk")
    assert balances.receivable_minor == 0
    assert balances.available_minor == second.total_minor - second.commission_minor - owed
    people.paid_out(item)
    assert payout_of(item).amount_minor == balances.available_minor
    assert shop_balances(shop_id=item.shop.pk).total_minor == 0
