"""Every step of a part of an order, taken by an operator in its shop's place, with a reason that is kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from checkout.fulfilling.advance_part import deliver_part, pack_part
from checkout.fulfilling.change_tracking import change_tracking
from checkout.fulfilling.deliver_parcels import deliver_parcel
from checkout.fulfilling.send_parcel import send_parcel
from checkout.fulfilling.undo_step import undo_parcel, undo_step
from checkout.fulfilment.parcels import SentParcel
from checkout.fulfilment.services import Parcel
from checkout.fulfilment.status import PartStatus
from checkout.moves.move import Side
from checkout.moves.table import PARCEL_MOVES, PART_MOVES
from checkout.orders.operations import get_any_order
from console.audit_actions import AuditAction
from console.audit_values import Details
from console.errors import ReasonMissingError
from console.selectors.audit_log import ORDER
from console.services.audit_log import record
from kit.errors import NotFoundError
from tenants.models import Shop

T = TypeVar("T")
LABELS = {**{move.name: move.label for move in PARCEL_MOVES}, **{move.name: move.label for move in PART_MOVES}}


def _labelled(details: Details) -> Details:
    return {**details, "move": str(LABELS.get(details["move"], details["move"]))}


PART_MOVED = AuditAction(
    "order.part_moved",
    gettext_lazy("Step taken for a shop"),
    gettext_lazy("%(who)s acted for the shop of %(part)s in the order %(subject)s: %(move)s."),
    _labelled,
)


@dataclass(frozen=True, slots=True)
class StepForShop:
    """A step that an operator takes: the order, the number of its part, the operator, and why."""

    number: str
    part: str
    actor_id: int
    reason: str
    now: datetime


def pack_for_shop(step: StepForShop) -> None:
    """Record that a part is packed. Refusals as those of `pack_part`, and ReasonMissingError."""
    _take(step, "pack", lambda shop: pack_part(shop=shop, number=step.part, now=step.now, by=Side.OPERATOR))


def send_for_shop(step: StepForShop, *, parcel: Parcel, lines: Mapping[UUID, int] | None = None) -> SentParcel:
    """Record that a parcel has left. Refusals as those of `send_parcel`, and ReasonMissingError."""
    return _take(
        step,
        "ship",
        lambda shop: send_parcel(
            shop=shop, number=step.part, parcel=parcel, lines=lines, now=step.now, by=Side.OPERATOR
        ),
    )


def deliver_for_shop(step: StepForShop, *, parcel: int | None = None) -> None:
    """Record that a parcel, or all of a part, has arrived; a pick-up code is not needed.

    Refusals as those of `deliver_part` and `deliver_parcel`, and ReasonMissingError.
    """
    if parcel is None:
        _take(step, "deliver", lambda shop: deliver_part(shop=shop, number=step.part, now=step.now, by=Side.OPERATOR))
        return
    _take(
        step,
        "deliver",
        lambda shop: deliver_parcel(shop=shop, number=step.part, parcel=parcel, now=step.now, by=Side.OPERATOR),
    )


def undo_for_shop(step: StepForShop, *, status: PartStatus | None = None, parcel: int | None = None) -> None:
    """Undo the step that the operator saw, or take a parcel back.

    Refusals as those of `undo_step` and `undo_parcel`, and ReasonMissingError.
    """

    def act(shop: Shop) -> None:
        if parcel is not None:
            undo_parcel(
                shop=shop,
                number=step.part,
                parcel=parcel,
                actor_id=step.actor_id,
                now=step.now,
                by=Side.OPERATOR,
            )
        elif status is not None:
            undo_step(shop=shop, number=step.part, step=status, actor_id=step.actor_id, now=step.now, by=Side.OPERATOR)
        else:
            raise NotFoundError

    _take(step, "undo", act)


def change_tracking_for_shop(step: StepForShop, *, parcel: Parcel, shipment: int | None = None) -> bool:
    """Change the tracking of a parcel. Refusals as those of `change_tracking`, and ReasonMissingError."""
    return _take(
        step,
        "change_tracking",
        lambda shop: change_tracking(
            shop=shop,
            number=step.part,
            parcel=parcel,
            shipment=shipment,
            actor_id=step.actor_id,
            now=step.now,
            by=Side.OPERATOR,
        ),
    )


def _take(step: StepForShop, move: str, act: Callable[[Shop], T]) -> T:
    """Take a step and keep its reason, both or neither."""
    if not step.reason.strip():
        raise ReasonMissingError
    found = get_any_order(number=step.number).sub_orders.select_related("shop").filter(number=step.part).first()
    if found is None:
        raise NotFoundError
    with transaction.atomic():
        done = act(found.shop)
        record(
            actor_id=step.actor_id,
            action=PART_MOVED,
            subject=f"{ORDER}{step.number}",
            reason=step.reason,
            details={"part": step.part, "move": move},
            now=step.now,
        )
    return done
