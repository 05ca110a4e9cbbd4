"""Moves of a return that move no money: answers of the shop, of its buyer, and of the market."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from checkout.errors import EscalationTooEarlyError, WrongReturnStepError
from checkout.events import ReturnMoved
from checkout.exchanging.ending import end_exchange
from checkout.exchanging.reserving import reserve_exchange
from checkout.exchanging.selectors import lock_replacement
from checkout.models import Return, ReversedBy
from checkout.orders.selectors import lock_order
from checkout.releasing.holds import follow_return
from checkout.returning.moves import Move, allowed_moves, rule_of
from checkout.returning.selectors import get_any_return
from checkout.returning.steps import append_step
from checkout.reversals.reverse import Actor
from kit.db.roles import as_platform
from kit.work import outbox


@as_platform()  # the order is the buyer's
def move_return(
    *,
    return_id: UUID,
    move: Move,
    by: Actor,
    now: datetime,
    text: str = "",
    instructions: str = "",
    refunds_instead: bool = False,
) -> Return:
    """Accept, refuse, withdraw or escalate a return, ask about it, or answer.

    What its buyer wants instead is kept for them from the moment at which it is accepted, until it is withdrawn or
    refused.

    Args:
        text: the reason of a refusal, a question or an answer; the other side reads it.
        instructions: where and how an accepted return is handed in.
        refunds_instead: whether it is accepted for money alone, whatever the buyer wants instead.

    Raises:
        ReturnNotFoundError: there is no such return.
        EscalationTooEarlyError: the shop has days left to answer; nothing has changed.
        WrongReturnStepError: it is at another step; nothing has changed.
        ReplacementGoneError: what the buyer wants instead can't be had any more; nothing has changed.
    """
    with transaction.atomic():
        found = lock_return(return_id=return_id)
        check_move(found, move, by.side, now=now)
        if found.exchange:
            _follow(found, move, refunds_instead=refunds_instead, now=now)
        place = append_step(found, move, rule_of(move, by.side).status, by.side, now=now, text=text)
        if move == Move.ACCEPT:
            found.instructions = instructions
        found.save(update_fields=["status", "status_at", "steps", "instructions"])
        follow_return(found, now=now)
        outbox.emit(ReturnMoved(found.pk, place), now=now)
    return found


def _follow(found: Return, move: Move, *, refunds_instead: bool, now: datetime) -> None:
    """Reserve the variants that are wanted instead, or release them, as a move says."""
    kept = lock_replacement(found)
    if kept is not None and (move in {Move.CANCEL, Move.REFUSE} or (move == Move.ACCEPT and refunds_instead)):
        end_exchange(kept, now=now)
    elif move == Move.ACCEPT and not refunds_instead and found.replacement is None:
        reserve_exchange(found, now=now)


def lock_return(*, return_id: UUID) -> Return:
    """Lock a return by the row of its order, and return it as it is then; needs an open transaction.

    Raises:
        ReturnNotFoundError: there is no such return.
    """
    lock_order(order_id=get_any_return(return_id=return_id).sub_order.order_id)
    return get_any_return(return_id=return_id)


def check_move(found: Return, move: Move, side: ReversedBy, *, now: datetime) -> None:
    """Refuse a move that does not follow.

    Raises:
        EscalationTooEarlyError: the shop has days left to answer.
        WrongReturnStepError: it is at another step.
    """
    if move in allowed_moves(found, side, now=now):
        return
    if found.status in rule_of(move, side).late_from:
        raise EscalationTooEarlyError
    raise WrongReturnStepError
