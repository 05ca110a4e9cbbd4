"""Further conditions of moves: each returns its refusal, or nothing."""

from datetime import datetime

from django.utils.translation import gettext

from checkout.errors import AlreadyPackedError, NotReturnableError, OrderNotCancellableError, OrderNotPayableError
from checkout.fulfilment.errors import UndoTooLateError
from checkout.fulfilment.parcels import SentParcel
from checkout.fulfilment.status import TO_SEND, UNDO_SHIPPED_WITHIN
from checkout.moves.facts import OrderFacts, PartFacts
from kit.errors import DomainError


def in_time_to_pay(order: OrderFacts, now: datetime) -> DomainError | None:
    """Refuse a payment after the time for it, and before the items have arrived for which an exchange is sent."""
    if order.waits_for_return:
        return OrderNotPayableError(
            gettext("You can pay the difference once the shop has received the items that you send back.")
        )
    return None if order.expires_at > now else OrderNotPayableError()


def has_units_to_cancel(order: OrderFacts, _now: datetime) -> DomainError | None:
    """Refuse an order of which every part has left its shop, or has ended."""
    return None if any(part.status in TO_SEND for part in order.parts) else OrderNotCancellableError()


def has_part_to_return(order: OrderFacts, _now: datetime) -> DomainError | None:
    """Refuse an order of which nothing can be sent back."""
    return None if any(part.is_returnable for part in order.parts) else NotReturnableError()


def has_units_to_return(part: PartFacts, _now: datetime) -> DomainError | None:
    """Refuse a part of which nothing can be sent back."""
    return None if part.is_returnable else NotReturnableError()


def has_no_parcels(part: PartFacts, _now: datetime) -> DomainError | None:
    """Refuse a part of which a parcel has left."""
    return AlreadyPackedError() if part.parcels else None


def in_time_to_undo(part: PartFacts, now: datetime) -> DomainError | None:
    """Refuse a part of which the last parcel has left too long ago."""
    since = part.on_the_way[-1].shipped_at if part.on_the_way else part.since
    return None if since >= now - UNDO_SHIPPED_WITHIN else UndoTooLateError()


def in_time_to_undo_parcel(parcel: SentParcel, now: datetime) -> DomainError | None:
    """Refuse a parcel that has left too long ago."""
    return None if parcel.shipped_at >= now - UNDO_SHIPPED_WITHIN else UndoTooLateError()
