"""Confirmation of a payment: booked once, to the shops or back to the buyer, to the last minor unit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from catalogue.discovery.models import Listing
from checkout.ending.end_orders import cancel_order
from checkout.ending.expire_orders import expire_reservations
from checkout.errors import RefundTooLargeError, UnknownPaymentError
from checkout.fulfilment.status import PartStatus
from checkout.models import Order, Payment, Refund, SubOrder
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.start_payment import start_payment
from checkout.refunds.requests import add_refund
from gateway.errors import ProviderRefusedError, ProviderUnavailableError
from kit.models import OutboxMessage
from kit.work import outbox
from notifications.models import Email, Notification
from payouts.models import Journal
from paystack_sandbox.testing import SandboxProcess
from tenants.models import Membership, Role
from tests.world.clock import NOW
from tests.world.market import Stocked, buy, open_shop, order_request, stock
from tests.world.payments import nothing_booked, pay, started, states, sums

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=3)
LATE = NOW + timedelta(minutes=31)


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"), price_minor=1_850_050)


@pytest.fixture
def pot(db: None) -> Stocked:
    return stock(open_shop("pot-house", commission_bps=1_250), sku="POT-1", price_minor=640_000)


def confirm(payment: Payment, *, now: object = SOON) -> Payment:
    return confirm_payment(reference=payment.reference, now=now)  # type: ignore[arg-type]


def test_a_paid_order_is_owed_to_its_shops(cloth: Stocked, pot: Stocked, paystack: SandboxProcess) -> None:
    payment = started(cloth.line(3), pot.line(2))
    pay(paystack, payment)

    paid = confirm(payment)

    order = paid.order
    assert states(order) == ("paid", ["new", "new"])
    assert (paid.status, paid.captured_minor, paid.note) == ("captured", order.total_minor, "")
    assert (order.paid_at, paid.captured_at) == (SOON, SOON)
    assert (cloth.level(), pot.level()) == ((7, 0), (8, 0))
    # 8 % of 5,550,150 and 12.5 % of 1,280,000, the fraction staying with the shop.
    commission = 444_012 + 160_000
    assert sums() == {
        "clearing:paystack": order.total_minor - (paid.fees_minor or 0),
        "psp_fees": paid.fees_minor,
        "commission": -commission,
        "shop_pending": -(order.total_minor - commission),
    }
    assert not Refund.objects.exists()


def test_asking_twice_changes_nothing(cloth: Stocked, paystack: SandboxProcess) -> None:
    payment = started(cloth.line(2))
    pay(paystack, payment)
    confirm(payment)
    before = sums()

    confirm(payment, now=SOON + timedelta(days=1))

    assert (sums(), cloth.level(), Journal.objects.count()) == (before, (8, 0), 1)
    assert OutboxMessage.objects.filter(topic="order.paid").count() == 1


def test_an_unpaid_page_changes_nothing(cloth: Stocked, paystack: SandboxProcess) -> None:
    payment = started(cloth.line(2))

    waiting = confirm(payment)

    assert (waiting.status, waiting.checked_at) == ("open", SOON)
    assert states(payment.order) == ("pending", ["pending"])
    assert cloth.level() == (10, 2)
    assert nothing_booked()


def test_a_declined_card_can_be_followed_by_a_payment_on_the_same_page(
    cloth: Stocked, paystack: SandboxProcess
) -> None:
    payment = started(cloth.line())
    paystack.call("POST", f"/sandbox/transactions/{payment.reference}/fail", {})
    declined = confirm(payment)
    assert (declined.status, bool(declined.note), nothing_booked()) == ("failed", True, True)

    pay(paystack, payment)
    assert confirm(payment).status == "captured"


@pytest.mark.parametrize("reference", ["", "ks-nobody-knows-this-one", "../../balance?x=", "ks-\x00"])
def test_a_reference_that_is_not_ours_is_not_asked_about(reference: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "checkout.payments.confirm_payment.get_provider", lambda *_: pytest.fail("The provider was asked.")
    )
    with pytest.raises(UnknownPaymentError):
        confirm_payment(reference=reference, now=SOON)


@pytest.mark.parametrize("kind", ["rate_limit", "server_error", "html"])
def test_no_answer_changes_nothing(kind: str, cloth: Stocked, paystack: SandboxProcess) -> None:
    payment = started(cloth.line())
    pay(paystack, payment)
    paystack.add_fault(kind)

    with pytest.raises(ProviderUnavailableError):
        confirm(payment)

    assert (Payment.objects.get().status, nothing_booked()) == ("open", True)


def test_more_than_asked_for_pays_the_order_and_the_rest_goes_back(cloth: Stocked, paystack: SandboxProcess) -> None:
    payment = started(cloth.line())
    paystack.add_fault("wrong_amount", by=250)
    pay(paystack, payment)

    paid = confirm(payment)

    assert (paid.status, paid.captured_minor) == ("captured", payment.amount_minor + 250)
    assert states(paid.order) == ("paid", ["new"])
    refund = Refund.objects.get()
    assert (refund.amount_minor, refund.status, refund.sub_order_id) == (250, "requested", None)
    assert sums()["refunds_payable"] == -250


def test_less_than_asked_for_goes_back_and_the_order_waits_on(cloth: Stocked, paystack: SandboxProcess) -> None:
    payment = started(cloth.line())
    paystack.add_fault("wrong_amount", by=-100)
    pay(paystack, payment)

    paid = confirm(payment)

    short = payment.amount_minor - 100
    assert (paid.status, paid.captured_minor) == ("mismatched", short)
    assert "Too little" in paid.note
    assert states(paid.order) == ("pending", ["pending"])
    assert cloth.level() == (10, 1)
    assert Refund.objects.get().amount_minor == short
    assert sums() == {
        "clearing:paystack": short - (paid.fees_minor or 0),
        "psp_fees": paid.fees_minor,
        "refunds_payable": -short,
    }
    assert start_payment(order_id=paid.order_id, now=SOON).pk != paid.pk


def test_another_currency_is_booked_as_what_it_is_and_goes_back(cloth: Stocked, paystack: SandboxProcess) -> None:
    payment = started(cloth.line())
    paystack.add_fault("wrong_currency", currency="GHS")
    pay(paystack, payment)

    paid = confirm(payment)

    refund = Refund.objects.get()
    assert (paid.status, paid.note) == ("mismatched", "Paid in GHS instead of NGN.")
    assert (refund.currency, refund.amount_minor) == ("GHS", paid.captured_minor)
    assert states(paid.order) == ("pending", ["pending"])
    assert set(Journal.objects.values_list("entries__currency", flat=True)) == {"GHS"}


def test_money_of_the_other_mode_is_no_money_of_ours(cloth: Stocked, paystack: SandboxProcess) -> None:
    payment = started(cloth.line())
    paystack.add_fault("wrong_domain", domain="live")
    pay(paystack, payment)

    seen = confirm(payment)

    assert (seen.status, seen.captured_minor, nothing_booked()) == ("mismatched", None, True)
    assert states(payment.order) == ("pending", ["pending"])


def test_paying_for_one_order_does_not_pay_another(cloth: Stocked, paystack: SandboxProcess) -> None:
    first, second = started(cloth.line()), started(cloth.line())
    pay(paystack, second)

    assert (confirm(first).status, confirm(second).status) == ("open", "captured")
    assert (states(first.order)[0], states(second.order)[0]) == ("pending", "paid")
    assert list(Journal.objects.values_list("source", flat=True)) == [second.reference]


def test_paid_after_it_expired_with_the_stock_still_there(cloth: Stocked, paystack: SandboxProcess) -> None:
    payment = started(cloth.line(4))
    expire_reservations(now=LATE)
    assert cloth.level() == (10, 0)
    pay(paystack, payment)

    paid = confirm(payment, now=LATE)

    order = Order.objects.get()
    assert states(order) == ("paid", ["new"])
    assert (order.ended_at, cloth.level(), paid.status) == (None, (6, 0), "captured")
    assert not Refund.objects.exists()


def test_paid_after_it_expired_and_the_stock_is_sold(cloth: Stocked, pot: Stocked, paystack: SandboxProcess) -> None:
    """One shop has sold out meanwhile: its part goes back, the other shop's part is fulfilled."""
    payment = started(cloth.line(8), pot.line(2))
    expire_reservations(now=LATE)
    buy(cloth.line(5), now=LATE)
    pay(paystack, payment)

    paid = confirm(payment, now=LATE)

    assert states(paid.order) == ("paid", ["unfulfillable", "new"])
    lost, kept = SubOrder.objects.filter(order=paid.order).order_by("number")
    refund = Refund.objects.get()
    assert (refund.amount_minor, refund.sub_order_id) == (lost.total_minor, lost.pk)
    assert (cloth.level(), pot.level()) == ((10, 5), (8, 0))
    booked = sums()
    assert booked["refunds_payable"] == -lost.total_minor
    assert booked["shop_pending"] + booked["commission"] == -kept.total_minor


def test_nothing_left_of_an_expired_order_goes_back_whole(cloth: Stocked, paystack: SandboxProcess) -> None:
    payment = started(cloth.line(8))
    expire_reservations(now=LATE)
    buy(cloth.line(5), now=LATE)
    pay(paystack, payment)

    paid = confirm(payment, now=LATE)

    assert states(paid.order) == ("expired", ["unfulfillable"])
    assert (paid.status, Refund.objects.get().amount_minor) == ("captured", paid.captured_minor)
    assert not OutboxMessage.objects.filter(topic="order.paid").exists()


def test_a_cancelled_order_that_is_paid_goes_back_whole(cloth: Stocked, paystack: SandboxProcess) -> None:
    payment = started(cloth.line())
    cancel_order(order_id=payment.order_id, now=NOW)
    pay(paystack, payment)

    paid = confirm(payment)

    assert states(paid.order) == ("cancelled", ["cancelled"])
    assert (paid.note, Refund.objects.get().amount_minor) == ("The order had ended already.", paid.captured_minor)
    assert cloth.level() == (10, 0)


def test_an_order_paid_twice_keeps_one_payment_and_gives_the_other_back(
    cloth: Stocked, paystack: SandboxProcess
) -> None:
    first = started(cloth.line(2))
    Payment.objects.update(status="abandoned", payment_url="")
    second = start_payment(order_id=first.order_id, now=NOW)
    pay(paystack, first)
    pay(paystack, second)

    kept, spare = confirm(second), confirm(first)

    assert (kept.status, spare.status) == ("captured", "captured")
    assert spare.note == "The order was paid already."
    refund = Refund.objects.get()
    assert (refund.payment_id, refund.amount_minor) == (spare.pk, spare.captured_minor)
    assert (states(kept.order), cloth.level()) == (("paid", ["new"]), (8, 0))
    assert sums()["refunds_payable"] == -(spare.captured_minor or 0)


def test_what_the_provider_gave_back_itself_is_not_booked(cloth: Stocked, paystack: SandboxProcess) -> None:
    payment = started(cloth.line())
    pay(paystack, payment)
    refund = paystack.call("POST", "/refund", {"transaction": payment.reference})["data"]
    paystack.call("POST", f"/sandbox/refunds/{refund['id']}/finish", {"status": "processed"})

    seen = confirm(payment)

    assert (seen.status, nothing_booked()) == ("mismatched", True)
    assert states(payment.order) == ("pending", ["pending"])


def test_an_attempt_nobody_paid_is_given_up_after_a_day_and_booked_if_paid_later(
    cloth: Stocked, paystack: SandboxProcess
) -> None:
    payment = started(cloth.line())
    assert confirm(payment, now=NOW + timedelta(hours=23)).status == "open"
    assert confirm(payment, now=NOW + timedelta(hours=25)).status == "abandoned"

    pay(paystack, payment)
    assert confirm(payment, now=NOW + timedelta(hours=26)).status == "captured"


def test_a_wrong_key_is_not_taken_for_an_unpaid_page(
    cloth: Stocked, paystack: SandboxProcess, settings: object
) -> None:
    payment = started(cloth.line())
    settings.PAYSTACK_SECRET_KEY = "sk_test_another"  # type: ignore[attr-defined]

    with pytest.raises(ProviderRefusedError):
        confirm(payment)
    assert Payment.objects.get().status == "open"


def test_no_more_is_promised_back_than_was_paid(cloth: Stocked, paystack: SandboxProcess) -> None:
    payment = started(cloth.line())
    pay(paystack, payment)
    paid = confirm(payment)
    captured = paid.captured_minor or 0
    add_refund(payment=paid, amount_minor=captured - 1, currency="NGN", reason="A part", now=SOON)

    with pytest.raises(RefundTooLargeError):
        add_refund(payment=paid, amount_minor=2, currency="NGN", reason="Too much", now=SOON)
    assert Refund.objects.get().amount_minor == captured - 1


def test_buyer_and_shops_are_told_once(
    cloth: Stocked, pot: Stocked, buyer: object, make_user: object, paystack: SandboxProcess
) -> None:
    owner = make_user("owner@example.com")  # type: ignore[operator]
    packer = make_user("packer@example.com")  # type: ignore[operator]
    for user, role in ((owner, Role.OWNER), (packer, Role.FULFILMENT)):
        Membership.objects.create(shop=cloth.shop, user=user, role=role, created_at=NOW)
    request = order_request(email="buyer@example.com", user_id=buyer.pk)  # type: ignore[attr-defined]
    order = buy(cloth.line(2), pot.line(), request=request)
    payment = start_payment(order_id=order.pk, now=NOW)
    pay(paystack, payment)
    confirm(payment)
    [message] = OutboxMessage.objects.filter(topic="order.paid")

    for _ in range(2):
        outbox.relay(now=SOON)
        OutboxMessage.objects.create(topic=message.topic, payload=message.payload, created_at=SOON)
        Listing.objects.filter(popularity__gt=5).update(popularity=0)
    assert set(Email.objects.values_list("to", "subject")) == {
        ("buyer@example.com", f"Your order {order.number} is paid"),
        ("owner@example.com", f"New order {order.number}-1: 2 items to pack"),
    }
    letter = Email.objects.get(to="buyer@example.com")
    assert "Cloth Hall" in letter.text
    assert "2 × Product TOTE-1" in letter.text
    assert f"/orders/{order.number}/" in letter.html
    assert not mail.outbox
    assert set(Notification.objects.values_list("user_id", "kind")) == {
        (buyer.pk, "order.paid"),  # type: ignore[attr-defined]
        (owner.pk, "order.new"),
        (packer.pk, "order.new"),
    }


def test_a_buyer_whose_order_was_cancelled_before_the_letter_is_told_so(
    cloth: Stocked, buyer: object, paystack: SandboxProcess
) -> None:
    request = order_request(email="buyer@example.com", user_id=buyer.pk)  # type: ignore[attr-defined]
    payment = start_payment(order_id=buy(cloth.line(2), request=request).pk, now=NOW)
    pay(paystack, payment)
    confirm(payment)
    SubOrder.objects.update(status=PartStatus.CANCELLED)

    outbox.relay(now=SOON)

    letter, notice = Email.objects.get(to="buyer@example.com"), Notification.objects.get(kind="order.paid")
    told = "Nothing of it is sent, because all of it has been cancelled since."
    assert notice.body == told
    assert told in letter.text
    assert told in letter.html
    assert "getting your parcel" not in letter.text + letter.html


def test_what_was_sold_makes_listings_popular(cloth: Stocked, pot: Stocked, paystack: SandboxProcess) -> None:
    payment = started(cloth.line(3), pot.line())
    pay(paystack, payment)
    confirm(payment)
    outbox.relay(now=timezone.now())

    assert dict(Listing.objects.values_list("pk", "popularity")) == {cloth.product_id: 3, pot.product_id: 1}


def test_a_guest_is_told_what_comes_back_with_a_link_that_works(cloth: Stocked, paystack: SandboxProcess) -> None:
    payment = started(cloth.line())
    paystack.add_fault("wrong_amount", by=250)
    pay(paystack, payment)
    confirm(payment)
    outbox.relay(now=SOON)

    letter = Email.objects.get(dedup_key=f"payment-returning-{payment.pk}")
    assert letter.subject.startswith("A refund of ₦2.50 ")
    assert f"?key={Order.objects.get().access_key}" in letter.text
    assert letter.is_secret
