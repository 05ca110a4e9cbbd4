"""Change the delivery address of a paid order, or of a shop's part of it, before it is packed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from checkout.errors import AddressNotChangeableError, AlreadyPackedError
from checkout.events import AddressChanged
from checkout.fulfilment.services import set_vendor_order_address
from checkout.fulfilment.status import OPEN, SOLD
from checkout.models import Order, OrderStatus, ReversedBy, SubOrder
from checkout.moves.facts import PartFacts
from checkout.moves.judging import part_moves
from checkout.moves.move import Side
from checkout.orders.selectors import lock_order
from checkout.placing.request import Address
from checkout.readdressing.judging import check_same_charges
from kit.db.roles import as_platform
from kit.errors import NotFoundError
from kit.text.inputs import cleaned
from kit.work import outbox

MOST_CHANGES = 20


@dataclass(frozen=True, slots=True)
class AddressChange:
    """A wish to have an order delivered elsewhere.

    Args:
        sub_order: number of the only part that goes there; empty: all of the order.
        by: the side that changes it.
        user_id: of the person, where they have an account.
        reason: for the other sides and the log.
    """

    order_id: UUID
    address: Address
    by: ReversedBy
    user_id: int | None = None
    sub_order: str = ""
    reason: str = ""


@as_platform()  # the order is the buyer's
def change_address(change: AddressChange, *, now: datetime) -> list[SubOrder]:
    """Have an order delivered to another address, in every shop concerned or in none; return the parts that changed.

    The address before stays with the order (`address_changes`). Buyer and shops are notified.

    Raises:
        InvalidInputError: a parcel could not be delivered to it; nothing has changed.
        NotFoundError: there is no such order, or it has no such part.
        AddressNotChangeableError: the order is not paid, has ended, or was changed too often.
        AlreadyPackedError: a part is packed or has left; its details name them. Nothing has changed.
        OtherChargesError: the delivery or the tax would be another; nothing has changed.
    """
    address = cleaned(change.address)
    with transaction.atomic():
        order = lock_order(order_id=change.order_id)
        parts = list(order.sub_orders.select_related("shop").order_by("id"))
        chosen = _chosen(order, parts, change, now)
        after = address.as_dict()
        changed = [part for part in chosen if part.goes_to(order) != after]
        if not changed:
            return []
        if len(order.address_changes) >= MOST_CHANGES:
            raise AddressNotChangeableError
        check_same_charges(order=order, parts=changed, address=address, now=now)
        _write(order, changed, after, is_whole=len(chosen) == len(_open(parts)), change=change, now=now)
        numbers = tuple(part.number for part in changed)
        outbox.emit(AddressChanged(order.pk, numbers, change.by.value, change.reason, now), now=now)
    return changed


def _open(parts: Sequence[SubOrder]) -> list[SubOrder]:
    return [part for part in parts if part.status in SOLD]


def _packed(parts: Sequence[SubOrder], by: ReversedBy, now: datetime) -> list[SubOrder]:
    moves = {part.pk: part_moves(PartFacts.of(part), by=Side(by.value), now=now) for part in _open(parts)}
    return [part for part in _open(parts) if "change_address" not in moves[part.pk]]


def _chosen(order: Order, parts: Sequence[SubOrder], change: AddressChange, now: datetime) -> list[SubOrder]:
    """Return the parts concerned, after checking that none of them is packed."""
    number = change.sub_order
    named = [part for part in parts if part.number == number] if number else list(parts)
    if not named:
        raise NotFoundError
    if order.status != OrderStatus.PAID or not any(part.status in OPEN for part in named):
        raise AddressNotChangeableError
    if packed := _packed(named, change.by, now):
        raise AlreadyPackedError(details={"sub_orders": tuple(part.number for part in packed)})
    return _open(named)


def _write(
    order: Order,
    changed: Sequence[SubOrder],
    after: dict[str, str],
    *,
    is_whole: bool,
    change: AddressChange,
    now: datetime,
) -> None:
    """Write the address into the shops' records, then into the order; keep those before."""
    for part in sorted(changed, key=lambda each: each.shop.schema_name):
        set_vendor_order_address(schema_name=part.shop.schema_name, vendor_order_id=part.pk, address=after)
    order.address_changes += [
        {
            "sub_order": part.number,
            "before": part.goes_to(order),
            "by": change.by.value,
            "user_id": change.user_id,
            "reason": change.reason,
            "at": now.isoformat(),
        }
        for part in changed
    ]
    for part in changed:
        part.shipping_address = {} if is_whole else after
        part.save(update_fields=["shipping_address"])
    if is_whole:
        order.shipping_address = after
    order.save(update_fields=["shipping_address", "address_changes"])
