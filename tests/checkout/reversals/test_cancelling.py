"""Units of a paid order, cancelled before they are sent: money, stock, letters, and what is refused."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django_tenants.utils import schema_context

from catalogue.models import MovementKind, StockLevel, StockMovement
from checkout.announcing.cancelled_units import announce_cancelled_units
from checkout.archives import reconcile_restored
from checkout.ending.end_orders import cancel_order
from checkout.errors import AlreadySentError, OrderNotCancellableError, UnitsNotLeftError
from checkout.events import UnitsCancelled
from checkout.fulfilling.advance_part import deliver_part, ship_part
from checkout.fulfilment.models import VendorOrder, VendorOrderLine
from checkout.fulfilment.services import Parcel
from checkout.models import Order, OrderStatus, Refund, Reversal, ReversedBy, SubOrder
from checkout.orders.refunded_amounts import money_back_of
from checkout.refunds.push_refunds import push_open_refunds
from checkout.reversals.cancel_units import Cancellation, cancel_units, preview_cancellation
from checkout.reversals.choosing import units_left
from checkout.reversals.reverse import Actor
from kit.ids import uuid7
from notifications.models import Email, Notification
from payouts.audit.run import run_audit
from paystack_sandbox.testing import SandboxProcess
from tenants.archives.parts import RestoredSchema
from tests.world.clock import NOW
from tests.world.coupons import buy_with
from tests.world.market import Stocked
from tests.world.own_shop import member
from tests.world.payments import states, sums

pytestmark = pytest.mark.django_db
BUYER, SHOP = Actor(ReversedBy.BUYER), ReversedBy.SHOP


def parts_of(order: Order) -> list[SubOrder]:
    return list(SubOrder.objects.filter(order=order).select_related("shop").order_by("number"))


def cancel(order: Order, units: dict[UUID, dict[UUID, int]], **asked: Any) -> list[Reversal]:
    return cancel_units(Cancellation(order_id=order.pk, units=units, **{"by": BUYER} | asked), now=NOW)


def on_hand(item: Stocked) -> int:
    with schema_context(item.shop.schema_name):
        return StockLevel.objects.get(variant_id=item.variant_id).on_hand


def findings() -> list[Any]:
    return [finding for result in run_audit(with_provider=False, now=NOW).results for finding in result.findings]


def everything(order: Order) -> list[Any]:
    return [
        states(order),
        sums(),
        list(SubOrder.objects.order_by("pk").values_list("cancelled_units", "refunded_minor")),
        Reversal.objects.count(),
        Refund.objects.count(),
    ]


def test_a_unit_goes_back_with_its_share_of_every_figure(paid: Order, cloth: Stocked) -> None:
    part, other = parts_of(paid)
    before, had = sums(), on_hand(cloth)
    [told] = preview_cancellation(parts=[part], units={part.pk: {cloth.variant_id: 1}})
    [reversal] = cancel(paid, {part.pk: {cloth.variant_id: 1}}, reason="Two are enough")
    assert reversal.refund_minor == reversal.total_minor == told
    assert reversal.tax_minor == part.tax_minor // 3
    assert reversal.items_minor == 1_000_000
    assert reversal.shipping_minor == 0
    assert reversal.discount_minor == part.discount_minor // 3
    fresh = SubOrder.objects.get(pk=part.pk)
    assert fresh.cancelled_units == {str(cloth.variant_id): 1}
    assert fresh.status == "new"
    assert fresh.payable_minor == part.payable_minor - reversal.payable_minor
    after = sums()
    assert after["refunds_payable"] == -reversal.total_minor
    assert after["shop_pending"] == before["shop_pending"] + reversal.payable_minor
    assert after["commission"] == before["commission"] + reversal.commission_minor
    assert after["platform_promotions"] == before["platform_promotions"] - reversal.platform_discount_minor
    [refund] = Refund.objects.all()
    assert (refund.amount_minor, refund.reversal_id, refund.sub_order_id) == (
        reversal.total_minor,
        reversal.pk,
        part.pk,
    )
    assert on_hand(cloth) == had + 1
    with schema_context(cloth.shop.schema_name):
        assert VendorOrderLine.objects.get().left == 2
        movement = StockMovement.objects.latest("pk")
        assert (movement.kind, movement.quantity, movement.source) == (MovementKind.CANCELLATION, 1, part.number)
    assert states(paid) == (OrderStatus.PAID, ["new", "new"])
    assert SubOrder.objects.get(pk=other.pk).refunded_minor == 0
    assert findings() == []


def test_all_of_it_in_steps_gives_back_exactly_what_was_paid(paid: Order, cloth: Stocked, pot: Stocked) -> None:
    first, second = parts_of(paid)
    cancel(paid, {first.pk: {cloth.variant_id: 1}})
    cancel(paid, {first.pk: {cloth.variant_id: 1}, second.pk: {pot.variant_id: 1}})
    assert states(paid) == (OrderStatus.PAID, ["new", "cancelled"])
    cancel(paid, {first.pk: {cloth.variant_id: 1}}, by=Actor(ReversedBy.OPERATOR))
    assert states(paid) == (OrderStatus.CANCELLED, ["cancelled", "cancelled"])
    money = money_back_of(order_id=paid.pk)
    assert money.paid_minor == paid.total_minor == money.returning_minor
    assert money.kept_minor == 0
    left = {kind for kind, amount in sums().items() if amount}
    assert left == {"clearing:paystack", "psp_fees", "refunds_payable"}, "shops and market have nothing of it"
    assert (on_hand(cloth), on_hand(pot)) == (10, 5)
    assert findings() == []


def test_the_refund_reaches_the_provider_once(
    paid: Order, cloth: Stocked, paystack: SandboxProcess, eventually: Any
) -> None:
    part, _ = parts_of(paid)
    [reversal] = cancel(paid, {part.pk: {cloth.variant_id: 3}})
    push_open_refunds(now=NOW)
    push_open_refunds(now=NOW)
    [sent] = paystack.call("GET", "/refund?perPage=100")["data"]
    assert sent["amount"] == reversal.total_minor == part.total_minor


def test_what_is_broken_does_not_go_back_on_the_shelf(paid: Order, pot: Stocked) -> None:
    _, part = parts_of(paid)
    actor = Actor(SHOP, member(pot.shop).pk)
    cancel(paid, {part.pk: {pot.variant_id: 1}}, by=actor, restocks=False, reason="It broke")
    assert on_hand(pot) == 4
    assert findings() == []


def test_what_has_left_can_not_be_cancelled_and_nothing_changes(paid: Order, cloth: Stocked, pot: Stocked) -> None:
    first, second = parts_of(paid)
    ship_part(shop=second.shop, number=second.number, parcel=Parcel(), now=NOW)
    before = everything(paid)
    with pytest.raises(AlreadySentError) as refusal:
        cancel(paid, {first.pk: {cloth.variant_id: 1}, second.pk: {pot.variant_id: 1}})
    assert refusal.value.details["sub_orders"] == (second.number,)
    assert everything(paid) == before
    assert units_left(second) == {pot.variant_id: 1}
    assert units_left(parts_of(paid)[1]) == {}
    cancel(paid, {first.pk: {cloth.variant_id: 3}})
    deliver_part(shop=second.shop, number=second.number, now=NOW)
    assert states(paid) == (OrderStatus.COMPLETED, ["cancelled", "delivered"])


@pytest.mark.parametrize("count", [0, -1, 4])
def test_more_units_than_are_left_are_refused(paid: Order, cloth: Stocked, pot: Stocked, count: int) -> None:
    part, _ = parts_of(paid)
    before = everything(paid)
    for units in ({cloth.variant_id: count}, {pot.variant_id: 1}, {uuid7(): 1}, {}):
        with pytest.raises(UnitsNotLeftError):
            cancel(paid, {part.pk: units})
    assert everything(paid) == before


def test_an_order_that_is_not_paid_is_cancelled_as_a_whole(cloth: Stocked) -> None:
    order = buy_with(cloth.line(2)).order
    [part] = parts_of(order)
    with pytest.raises(OrderNotCancellableError):
        cancel(order, {part.pk: {cloth.variant_id: 1}})
    cancel_order(order_id=order.pk, now=NOW)
    assert Reversal.objects.count() == 0


def test_buyer_and_shop_are_told_once(paid: Order, cloth: Stocked) -> None:
    part, _ = parts_of(paid)
    owner = member(cloth.shop)
    [reversal] = cancel(paid, {part.pk: {cloth.variant_id: 3}}, reason="Too slow")
    for _ in range(2):
        announce_cancelled_units(UnitsCancelled(reversal.pk), NOW)
    letters = {letter.to: letter.text for letter in Email.objects.filter(dedup_key__startswith="units-cancelled")}
    assert set(letters) == {paid.email, owner.email}
    assert "You have cancelled items from" in letters[paid.email]
    assert "Too slow" in letters[paid.email]
    assert "We refund " in letters[paid.email]
    assert "will send you the rest" not in letters[paid.email]
    assert "don't send anything" in letters[owner.email]
    assert Notification.objects.filter(user=owner, kind="shop.units_cancelled").count() == 1


def test_a_restored_archive_from_before_sends_no_cancelled_units(paid: Order, cloth: Stocked) -> None:
    part, _ = parts_of(paid)
    cancel(paid, {part.pk: {cloth.variant_id: 1}})
    with schema_context(cloth.shop.schema_name):
        VendorOrderLine.objects.update(cancelled_quantity=0)  # as the archive has it
    reconcile_restored(RestoredSchema(shop=cloth.shop, is_from_elsewhere=False, now=NOW))
    with schema_context(cloth.shop.schema_name):
        assert VendorOrderLine.objects.get().left == 2


def test_the_shops_record_and_its_money_follow(paid: Order, pot: Stocked) -> None:
    _, part = parts_of(paid)
    cancel(paid, {part.pk: {pot.variant_id: 1}}, by=Actor(SHOP, member(pot.shop).pk), reason="Sold out")
    with schema_context(pot.shop.schema_name):
        record = VendorOrder.objects.get()
        assert (record.status, record.stock_state) == ("cancelled", "released")
    assert pot.shop.events.latest("pk").kind == "order.units_cancelled"
