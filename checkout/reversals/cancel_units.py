"""Cancel units of a paid order before they are sent: of one shop's part, or of several at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from catalogue.events import StockChanged
from checkout.errors import AlreadySentError, OrderNotCancellableError
from checkout.events import UnitsCancelled
from checkout.fulfilment.parcels import sent_units
from checkout.fulfilment.services import cancel_vendor_order_units
from checkout.fulfilment.status import SENT, PartStatus
from checkout.models import Order, OrderStatus, Reversal, ReversalKind, ReversedBy, SubOrder
from checkout.moves.facts import PartFacts
from checkout.moves.judging import check_part_move
from checkout.moves.move import Side
from checkout.orders import sold_out
from checkout.orders.completing import settle_order
from checkout.orders.selectors import lock_order
from checkout.releasing.schedule import schedule_part
from checkout.reversals.choosing import Wanted, version_of_units
from checkout.reversals.part_steps import cancelling_step
from checkout.reversals.reverse import (
    Actor,
    Cause,
    LockedMoney,
    cancel_in,
    lock_money,
    post_reversal,
)
from kit.db.roles import as_platform
from kit.errors import ConflictError
from kit.work import outbox
from payouts.services.shop_money import lock_money_of_shops
from tenants.models import ShopEventKind
from tenants.shops.audit_trail import record_event
from tenants.shops.selectors import ShopFacts, shop_facts

NOT_PAID = gettext_lazy("This order is not paid yet. Cancel it as a whole, then order again without these items.")
CHANGED = gettext_lazy(
    "Something in this order was cancelled or sent in the meantime. Check it again before you cancel."
)


@dataclass(frozen=True, slots=True)
class Cancellation:
    """A wish to cancel units of an order.

    Args:
        units: for each sub-order, the number of units of each variant.
        restocks: whether the units go back on sale.
        seen: the version of what was left of the parts concerned, as the wish was made from; empty: any version.
    """

    order_id: UUID
    units: Wanted
    by: Actor
    reason: str = ""
    restocks: bool = True
    seen: str = ""


@as_platform()  # the order is the buyer's
def cancel_units(cancellation: Cancellation, *, now: datetime) -> list[Reversal]:
    """Cancel units of a paid order in every shop concerned or in none, and ask for the buyer's refund.

    Raises:
        NotFoundError: there is no such order.
        OrderNotCancellableError: the order is not paid.
        AlreadySentError: a part has left its shop, or has ended; nothing has changed.
        UnitsNotLeftError: a line has fewer units left; nothing has changed.
        ConflictError: something was cancelled or sent since it was seen; nothing has changed.
    """
    with transaction.atomic():
        order = lock_order(order_id=cancellation.order_id)
        money = lock_money(order=order)
        parts = {part.pk: part for part in order.sub_orders.select_related("shop").order_by("id")}
        chosen = _chosen(order, parts, cancellation, now)
        facts = shop_facts({part.shop_id for part in chosen})
        in_order = sorted(chosen, key=lambda part: facts[part.shop_id].schema_name)
        reversals = [_cancel_part(part, facts[part.shop_id], money, cancellation, now) for part in in_order]
        settle_order(order, now=now)
        if len(facts) > 1:
            lock_money_of_shops(shop_ids=facts.keys(), currency=order.currency)
        for reversal in reversals:
            post_reversal(reversal, now=now)
            outbox.emit(UnitsCancelled(reversal.pk), now=now)
    return reversals


def preview_cancellation(*, parts: Sequence[SubOrder], units: Wanted) -> list[int]:
    """Return the amount that is refunded for units of some parts, for each part that has any; nothing is written.

    Raises:
        UnitsNotLeftError: a line has fewer units left.
    """
    found = [cancelling_step(part, units[part.pk]) for part in parts if units.get(part.pk)]
    return [step.refund_minor for _, step in found]


def _chosen(order: Order, parts: Mapping[UUID, SubOrder], cancellation: Cancellation, now: datetime) -> list[SubOrder]:
    """Return the parts concerned, after checking that all of them are paid and still with their shops."""
    if order.status == OrderStatus.PENDING:
        raise OrderNotCancellableError(NOT_PAID)
    if order.status not in {OrderStatus.PAID, OrderStatus.COMPLETED} or not cancellation.units:
        raise OrderNotCancellableError
    chosen = [part for key, part in parts.items() if key in cancellation.units]
    if cancellation.seen and cancellation.seen != version_of_units(chosen):
        raise ConflictError(CHANGED)
    if gone := [part.number for part in chosen if _is_sent(part, cancellation.units[part.pk])]:
        raise AlreadySentError(details={"sub_orders": tuple(gone)})
    for part in chosen:
        check_part_move(PartFacts.of(part), "cancel", by=Side(cancellation.by.side.value), now=now)
    return chosen


def _is_sent(part: SubOrder, units: Mapping[UUID, int]) -> bool:
    """Return whether units of a part are in a parcel that has left."""
    to_send, sent = part.to_send, sent_units(part.sent_parcels)
    return part.status in SENT or any(0 < count - to_send.get(key, 0) <= sent[key] for key, count in units.items())


def _cancel_part(
    part: SubOrder, shop: ShopFacts, money: LockedMoney, cancellation: Cancellation, now: datetime
) -> Reversal:
    units = cancellation.units[part.pk]
    cause = Cause(ReversalKind.CANCELLATION, cancellation.by, cancellation.reason)
    reversal = cancel_in(part, units, money=money, cause=cause, now=now)
    done = cancel_vendor_order_units(
        schema_name=shop.schema_name,
        vendor_order_id=part.pk,
        units=units,
        restocks=cancellation.restocks,
        now=now,
    )
    if cancellation.by.side == ReversedBy.SHOP:
        record_event(
            shop_id=part.shop_id,
            actor_id=cancellation.by.user_id,
            kind=ShopEventKind.UNITS_CANCELLED,
            subject=part.number,
            details={"units": sum(units.values()), "reason": cancellation.reason},
            now=now,
        )
    if done.status is not None:
        part.step_times = {**part.step_times, part.status: part.status_at.isoformat()}
        part.status, part.status_at = done.status, now
        part.save(update_fields=["status", "status_at", "step_times"])
        if done.status == PartStatus.DELIVERED:  # every parcel that left had arrived before
            schedule_part(part)
    if done.revived:
        outbox.emit(StockChanged(part.shop_id, tuple(done.revived)), now=now)
        transaction.on_commit(lambda: sold_out.unflag(done.revived))
    return reversal
