"""Further conditions of moves: each returns its refusal, or nothing."""

from datetime import datetime

from checkout.errors import OrderNotCancellableError, OrderNotPayableError
from checkout.fulfilment.errors import UndoTooLateError
from checkout.fulfilment.status import TO_SEND, UNDO_SHIPPED_WITHIN
from checkout.moves.facts import OrderFacts, PartFacts
from kit.errors import DomainError


def in_time_to_pay(order: OrderFacts, now: datetime) -> DomainError | None:
    """Refuse a payment after the time for it."""
    return None if order.expires_at > now else OrderNotPayableError()


def has_units_to_cancel(order: OrderFacts, _now: datetime) -> DomainError | None:
    """Refuse an order of which every part has left its shop, or has ended."""
    return None if any(part.status in TO_SEND for part in order.parts) else OrderNotCancellableError()


def in_time_to_undo(part: PartFacts, now: datetime) -> DomainError | None:
    """Refuse a parcel that has left too long ago."""
    return None if part.since >= now - UNDO_SHIPPED_WITHIN else UndoTooLateError()
