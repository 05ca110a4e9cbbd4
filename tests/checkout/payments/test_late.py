"""An order that is paid after its time is looked at again: the bound, stock, price, product and shop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django_tenants.utils import schema_context

from catalogue.models import Product, Variant
from checkout.ending.expire_orders import expire_reservations
from checkout.fulfilment.services.zones import Method, Zone
from checkout.models import Order, Payment, Refund, SubOrder
from checkout.payments.confirm_payment import confirm_payment
from checkout.pricing.adjustments import Adjustment, AdjustmentKind, Funder
from checkout.pricing.basis import Basis
from checkout.pricing.quote import STEPS
from checkout.zones.change_zones import add_zone, change_zone, remove_zone
from kit.work import outbox
from notifications.models import Email
from payouts.audit.run import run_audit
from paystack_sandbox.testing import SandboxProcess
from tenants.models import Shop
from tests.world.clock import NOW
from tests.world.ledger import entry_sums
from tests.world.market import Stocked, buy, open_shop, stock
from tests.world.payments import pay, started, states, sums

pytestmark = pytest.mark.django_db
LATE = NOW + timedelta(minutes=45)


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture
def pot(db: None) -> Stocked:
    return stock(open_shop("pot-house"), sku="POT-1", price_minor=640_000)


@pytest.fixture
def late(cloth: Stocked, paystack: SandboxProcess) -> Payment:
    """A payment of an order that has expired; its page is still open."""
    payment = started(cloth.line(2))
    expire_reservations(now=LATE)
    return payment


def paid_late(paystack: SandboxProcess, payment: Payment, *, after: timedelta = timedelta(minutes=45)) -> Payment:
    pay(paystack, payment)
    return confirm_payment(reference=payment.reference, now=NOW + after)


def goes_back(payment: Payment, reason: str) -> bool:
    """Return whether all of a payment is booked and owed back, for one reason, with nothing for the shop."""
    refund = Refund.objects.get()
    assert (refund.amount_minor, refund.reason) == (payment.captured_minor, reason)
    assert sums()["refunds_payable"] == -(payment.captured_minor or 0)
    report = run_audit(with_provider=False, now=NOW)  # the shop's own record says so too
    assert [finding for result in report.results for finding in result.findings] == []
    return "shop_pending" not in sums()


def archive(cloth: Stocked) -> None:
    Product.objects.filter(pk=cloth.product_id).update(status="archived")


def delete(cloth: Stocked) -> None:
    Product.objects.filter(pk=cloth.product_id).update(deleted_at=NOW)


def delete_variant(cloth: Stocked) -> None:
    Variant.objects.filter(pk=cloth.variant_id).update(deleted_at=NOW)


@pytest.mark.parametrize("factor", [10, 0.5])
def test_a_changed_price_gives_the_money_back(
    late: Payment, cloth: Stocked, paystack: SandboxProcess, factor: float
) -> None:
    cloth.set_price(int(cloth.price_minor * factor))

    paid = paid_late(paystack, late)

    assert goes_back(paid, "The price changed before the payment arrived.")
    assert (states(paid.order), cloth.level()) == (("expired", ["unfulfillable"]), (10, 0))


def test_what_is_charged_beside_the_method_is_no_change_of_its_price(
    cloth: Stocked, paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """docs/pricing.md has gift wrap as a `delivery` adjustment of its own."""

    def wrap(_basis: Basis, _: Sequence[Adjustment]) -> Iterator[Adjustment]:
        yield Adjustment(AdjustmentKind.DELIVERY, "gift_wrap", "Gift wrap", Funder.BUYER, 50_000)

    monkeypatch.setattr("checkout.pricing.quote.STEPS", (*STEPS, wrap))
    payment = started(cloth.line())
    expire_reservations(now=LATE)

    paid = paid_late(paystack, payment)

    assert SubOrder.objects.get().shipping_minor == 150_000 + 50_000
    assert states(paid.order) == ("paid", ["new"])


@pytest.mark.parametrize("change", [archive, delete, delete_variant])
def test_what_is_not_sold_any_more_gives_the_money_back(
    late: Payment, cloth: Stocked, paystack: SandboxProcess, change: Any
) -> None:
    with schema_context(cloth.shop.schema_name):
        change(cloth)

    paid = paid_late(paystack, late)

    assert goes_back(paid, "No longer for sale when the payment arrived.")
    assert (states(paid.order), cloth.level()) == (("expired", ["unfulfillable"]), (10, 0))


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("holiday", "The shop wasn't selling when the payment arrived."),
        ("suspended", "The shop wasn't selling when the payment arrived."),
        ("closing", "The shop wasn't selling when the payment arrived."),
        ("closed", "The shop closed before the payment arrived."),
    ],
)
def test_a_shop_that_does_not_sell_gives_the_money_back(
    late: Payment, cloth: Stocked, paystack: SandboxProcess, status: str, reason: str
) -> None:
    Shop.objects.filter(pk=cloth.shop.pk).update(status=status)

    assert goes_back(paid_late(paystack, late), reason)
    assert cloth.level() == (10, 0)


def test_another_price_of_delivery_gives_the_money_back(
    late: Payment, cloth: Stocked, paystack: SandboxProcess
) -> None:
    Shop.objects.filter(pk=cloth.shop.pk).update(shipping_minor=990_000)

    assert goes_back(paid_late(paystack, late), "The price changed before the payment arrived.")


@pytest.mark.parametrize(
    ("methods", "is_fulfilled"),
    [
        (Method(name="Rider", price_minor=1_200_00), True),
        (Method(name="Rider", price_minor=1_300_00), False),
        (Method(name="Rider", price_minor=1_300_00, free_from_minor=1), False),
        (None, False),
    ],
    ids=["as it was", "dearer", "free by now", "not delivered there any more"],
)
def test_the_delivery_that_was_chosen_is_looked_at_again(
    cloth: Stocked, paystack: SandboxProcess, methods: Method | None, is_fulfilled: bool
) -> None:
    rider = Method(name="Rider", price_minor=1_200_00)
    lagos = Zone(name="Lagos", country="NG", subdivisions=("NG-LA",), methods=(rider,))
    zone = add_zone(shop=cloth.shop, zone=lagos, actor_id=None, now=NOW)
    payment = started(cloth.line(2))
    assert payment.order.sub_orders.get().shipping_minor == 1_200_00
    expire_reservations(now=LATE)
    if methods is None:
        remove_zone(shop=cloth.shop, zone_id=zone.id, actor_id=None, now=NOW)
    else:
        [method] = zone.methods
        changed = replace(zone, methods=(replace(methods, id=method.id),))
        change_zone(shop=cloth.shop, zone_id=zone.id, revise=lambda _: changed, actor_id=None, now=NOW)

    paid = paid_late(paystack, payment)

    if is_fulfilled:
        assert (states(paid.order), cloth.level()) == (("paid", ["new"]), (8, 0))
    else:
        assert goes_back(paid, "The price changed before the payment arrived.")


def test_an_unchanged_order_is_fulfilled_within_the_bound(
    late: Payment, cloth: Stocked, paystack: SandboxProcess
) -> None:
    paid = paid_late(paystack, late, after=timedelta(minutes=30, hours=24))

    assert (states(paid.order), cloth.level()) == (("paid", ["new"]), (8, 0))
    assert not Refund.objects.exists()


@pytest.mark.parametrize("hours", [24, 1])
def test_beyond_the_bound_all_goes_back_with_a_letter(
    late: Payment, cloth: Stocked, paystack: SandboxProcess, settings: LazySettings, hours: int
) -> None:
    settings.LATE_PAYMENT_HOURS = hours

    paid = paid_late(paystack, late, after=timedelta(minutes=30, hours=hours, seconds=1))

    assert goes_back(paid, "Paid too long after the order's time was over.")
    assert (states(paid.order), cloth.level()) == (("expired", ["expired"]), (10, 0))
    outbox.relay(now=NOW + timedelta(days=2))
    letter = Email.objects.order_by("id").last()
    assert letter is not None
    assert "is on its way" in letter.subject
    assert "Paid too long after the order" in letter.text


def test_what_was_paid_in_time_and_heard_of_late_is_within_the_bound(
    late: Payment, paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider says when it was paid; the event took two days."""
    in_time = NOW + timedelta(minutes=10)
    pay(paystack, late)
    monkeypatch.setattr("gateway.paystack.answers.moment", lambda _: in_time)

    paid = confirm_payment(reference=late.reference, now=NOW + timedelta(days=2))

    assert (paid.captured_at, states(paid.order)[0]) == (in_time, "paid")


@pytest.mark.parametrize("told", [NOW - timedelta(days=700), NOW + timedelta(days=700)])
def test_a_time_of_payment_that_cannot_be_does_not_move_the_bound(
    late: Payment, paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch, told: object
) -> None:
    pay(paystack, late)
    monkeypatch.setattr("gateway.paystack.answers.moment", lambda _: told)

    paid = confirm_payment(reference=late.reference, now=NOW + timedelta(days=2))

    assert (paid.captured_at, states(paid.order)[0]) == (NOW + timedelta(days=2), "expired")


def test_of_two_shops_the_one_whose_price_changed_is_given_back(
    cloth: Stocked, pot: Stocked, paystack: SandboxProcess
) -> None:
    payment = started(cloth.line(2), pot.line(3))
    expire_reservations(now=LATE)
    pot.set_price(6_400_000)

    paid = paid_late(paystack, payment)

    assert states(paid.order) == ("paid", ["new", "unfulfillable"])
    kept, lost = SubOrder.objects.order_by("number")
    refund = Refund.objects.get()
    assert (refund.sub_order_id, refund.amount_minor) == (lost.pk, lost.total_minor)
    assert (cloth.level(), pot.level()) == ((8, 0), (10, 0))
    assert entry_sums()["shop_pending", kept.shop_id] < 0
    assert ("shop_pending", lost.shop_id) not in entry_sums()


def test_of_two_variants_of_one_part_none_is_kept_where_one_is_short(cloth: Stocked, paystack: SandboxProcess) -> None:
    second = stock(cloth.shop, sku="TOTE-2", price_minor=900_000)
    payment = started(cloth.line(2), second.line(4))
    expire_reservations(now=LATE)
    buy(second.line(7), now=LATE)

    paid = paid_late(paystack, payment)

    assert goes_back(paid, "Sold out before the payment arrived.")
    assert (cloth.level(), second.level()) == ((10, 0), (10, 7))


def test_an_order_in_time_is_paid_at_its_price_whatever_it_costs_now(cloth: Stocked, paystack: SandboxProcess) -> None:
    """Its stock is still kept for it, and so is its price."""
    payment = started(cloth.line(2))
    cloth.set_price(18_500_000)

    paid = paid_late(paystack, payment, after=timedelta(minutes=29))

    assert (states(paid.order), Order.objects.get().total_minor) == (("paid", ["new"]), paid.captured_minor)
