"""Deciding returns on which buyer and shop don't agree, each decision with a reason and an entry in the audit log."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from checkout.models import Return, ReversedBy
from checkout.returning.decide_return import move_return
from checkout.returning.moves import Move
from checkout.returning.receive_return import Receipt, receive_return
from checkout.reversals.reverse import Actor
from console.audit_actions import AuditAction
from console.audit_values import amount_in
from console.errors import ReasonMissingError
from console.selectors.audit_log import ORDER
from console.services.audit_log import record

RETURN_ACCEPTED = AuditAction(
    "return.accepted",
    gettext_lazy("Return accepted"),
    gettext_lazy("%(who)s accepted a return of the order %(subject)s for its shop."),
)
RETURN_REFUSED = AuditAction(
    "return.refused",
    gettext_lazy("Return refused"),
    gettext_lazy("%(who)s refused a return of the order %(subject)s for good."),
)
RETURN_PAID = AuditAction(
    "return.paid",
    gettext_lazy("Return refunded"),
    gettext_lazy("%(who)s refunded %(amount)s for a return of the order %(subject)s."),
    amount_in,
)
ACTIONS = {Move.ACCEPT: RETURN_ACCEPTED, Move.REFUSE: RETURN_REFUSED}


def decide_return(
    *, return_id: UUID, move: Move, actor_id: int, reason: str, now: datetime, refunds_instead: bool = False
) -> None:
    """Accept or refuse a return in place of its shop, and keep the reason.

    Args:
        refunds_instead: whether it is accepted for money alone.

    Raises:
        ReasonMissingError: no reason was given.
        ReturnNotFoundError: there is no such return.
        WrongReturnStepError: it does not wait for the market; nothing has changed.
        ReplacementGoneError: what the buyer wants instead can't be had any more; nothing has changed.
    """
    _check_reason(reason)
    by = Actor(ReversedBy.OPERATOR, actor_id)
    with transaction.atomic():
        found = move_return(
            return_id=return_id, move=move, by=by, text=reason, refunds_instead=refunds_instead, now=now
        )
        _record(found, ACTIONS[move], actor_id=actor_id, reason=reason, now=now)


def pay_return(*, return_id: UUID, delivery_minor: int, actor_id: int, reason: str, now: datetime) -> None:
    """Pay a return back: with the items where it was accepted, without them where it waits for the market.

    Raises:
        ReasonMissingError: no reason was given.
        ReturnNotFoundError: there is no such return.
        WrongReturnStepError: it is at another step; nothing has changed.
        RefundTooLargeError: more of the delivery than is left; nothing has changed.
    """
    _check_reason(reason)
    by = Actor(ReversedBy.OPERATOR, actor_id)
    with transaction.atomic():
        receipt = Receipt(return_id=return_id, by=by, delivery_minor=delivery_minor, text=reason)
        found = receive_return(receipt, now=now)
        paid, currency = found.reversal.refund_minor if found.reversal else 0, found.sub_order.currency
        _record(found, RETURN_PAID, actor_id=actor_id, reason=reason, now=now, total_minor=paid, currency=currency)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissingError


def _record(found: Return, action: AuditAction, *, actor_id: int, reason: str, now: datetime, **more: object) -> None:
    record(
        actor_id=actor_id,
        action=action,
        subject=f"{ORDER}{found.sub_order.order.number}",
        reason=reason,
        details={"return": str(found.pk), **more},
        now=now,
    )
