"""Deletion of a person's data on a request by letter."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy

from accounts.services.erasure import anonymise_user
from accounts.services.personal_data import find_subject
from console.audit_actions import AuditAction
from console.services.audit_log import record

PERSON_ERASED = AuditAction(
    "person.erased",
    gettext_lazy("Person forgotten"),
    gettext_lazy("%(who)s deleted the data of a person."),
)


def forget_person(*, email: str, actor_id: int, reason: str, now: datetime) -> None:
    """Delete the data of the person or guest with an address; the audit log does not name them.

    Raises:
        PersonNotFoundError: nothing is kept under this address.
        ErasureBlockedError: an obstacle must end first; the message names it.
        ReasonMissingError: no reason was given.
    """
    with transaction.atomic():
        subject = find_subject(email=email)
        nobody = anonymise_user(subject=subject, now=now)
        record(
            actor_id=actor_id,
            action=PERSON_ERASED,
            subject=f"person:{nobody}",
            reason=reason,
            details={"had_an_account": subject.user_id is not None},
            now=now,
        )
