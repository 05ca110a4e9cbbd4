"""Writing to buyer and shop as the market, with an entry in the audit log."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy

from checkout.messaging.sending import NewMessage, send_message
from checkout.models import MessageSide, OrderMessage, SubOrder
from console.audit_actions import AuditAction
from console.selectors.audit_log import ORDER
from console.services.audit_log import NOTHING_WRITTEN, record

MESSAGE_SENT = AuditAction(
    "order.message_sent",
    gettext_lazy("Message to buyer and shop"),
    gettext_lazy("%(who)s wrote to buyer and shop about %(part)s of the order %(subject)s."),
)


def write_as_market(*, part: SubOrder, number: str, text: str, actor_id: int, now: datetime) -> OrderMessage:
    """Write to both sides about a part of an order; the log keeps that it was done, the conversation what was said.

    Raises:
        ConversationClosedError: the shop is closed, or the buyer is forgotten; nothing has changed.
        InvalidInputError: the text is too long, or can't be kept; nothing has changed.
    """
    with transaction.atomic():
        message = send_message(NewMessage(part, MessageSide.OPERATOR, actor_id, text), now=now)
        record(
            actor_id=actor_id,
            action=MESSAGE_SENT,
            subject=f"{ORDER}{number}",
            reason=NOTHING_WRITTEN,
            details={"part": part.number, "message": str(message.pk)},
            now=now,
        )
    return message
