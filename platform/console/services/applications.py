"""Deciding on applications to open a shop, each with an entry in the audit log."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from console.audit_actions import AuditAction
from console.services.audit_log import NOTHING_WRITTEN, record
from tenants.applications.services import decisions
from tenants.models import Shop, ShopApplication

APPLICATION_APPROVED = AuditAction(
    "application.approved",
    gettext_lazy("Application approved"),
    gettext_lazy("%(who)s approved the application of %(subject)s."),
)
APPLICATION_RETURNED = AuditAction(
    "application.returned",
    gettext_lazy("More asked for"),
    gettext_lazy("%(who)s asked the applicant of %(subject)s for more."),
)
APPLICATION_REFUSED = AuditAction(
    "application.refused",
    gettext_lazy("Application refused"),
    gettext_lazy("%(who)s refused the application of %(subject)s."),
)

REASON_LENGTH = 300
BY_ITSELF = "Approved by itself: the bank has named the account, and SHOP_SELF_SERVICE_APPROVAL is on."


def subject_of(application_id: UUID) -> str:
    """Name an application in the audit log."""
    return f"application:{application_id}"


def approve_application(*, application_id: UUID, actor_id: int, note: str = "", now: datetime) -> Shop:
    """Open the shop that was applied for, as a draft, and let its owner in.

    Raises:
        ApplicationNotFoundError: there is no such application.
        ApplicationNotWaitingError: it has been decided, or was not sent.
        SlugTakenError: another shop has taken the address meanwhile.
    """
    with transaction.atomic():
        shop = decisions.approve_application(application_id=application_id, actor_id=actor_id, now=now)
        record(
            actor_id=actor_id,
            action=APPLICATION_APPROVED,
            subject=subject_of(application_id),
            reason=_cut(note) or NOTHING_WRITTEN,
            details={"shop": shop.slug},
            now=now,
        )
    return shop


def ask_for_more(*, application_id: UUID, actor_id: int, message: str, now: datetime) -> ShopApplication:
    """Return an application to the applicant, with a message.

    Raises:
        ApplicationNotFoundError: there is no such application.
        MessageMissingError: the message is empty.
        ApplicationNotWaitingError: it has been decided, or was not sent.
    """
    with transaction.atomic():
        application = decisions.ask_for_more(application_id=application_id, actor_id=actor_id, message=message, now=now)
        record(
            actor_id=actor_id,
            action=APPLICATION_RETURNED,
            subject=subject_of(application_id),
            reason=_cut(message),
            now=now,
        )
    return application


def refuse_application(*, application_id: UUID, actor_id: int, reason: str, now: datetime) -> ShopApplication:
    """Refuse an application, with a reason.

    Raises:
        ApplicationNotFoundError: there is no such application.
        MessageMissingError: no reason is given.
        ApplicationNotWaitingError: it has been decided, or was not sent.
    """
    with transaction.atomic():
        application = decisions.refuse_application(
            application_id=application_id, actor_id=actor_id, reason=reason, now=now
        )
        record(
            actor_id=actor_id,
            action=APPLICATION_REFUSED,
            subject=subject_of(application_id),
            reason=_cut(reason),
            now=now,
        )
    return application


def record_self_service(approval: decisions.ApplicationApproved) -> None:
    """Record an automatic approval in the audit log; called in its transaction."""
    if approval.actor_id is None:
        record(
            actor_id=None,
            action=APPLICATION_APPROVED,
            subject=subject_of(approval.application.pk),
            reason=BY_ITSELF,
            details={"shop": approval.shop.slug},
            now=approval.now,
        )


def _cut(text: str) -> str:
    text = text.strip()
    return text if len(text) <= REASON_LENGTH else f"{text[: REASON_LENGTH - 1]}…"
