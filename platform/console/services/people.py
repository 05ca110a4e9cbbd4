"""Forgetting somebody who asked for it by letter."""

from datetime import datetime

from django.db import transaction

from accounts.services.erasure import anonymise_user
from accounts.services.personal_data import find_subject
from console.services.audit_log import record
from kit.audit_actions import AuditAction

PERSON_ERASED = AuditAction("person.erased", "Person forgotten")


def forget_person(*, email: str, actor_id: int, reason: str, now: datetime) -> None:
    """Forget whoever has an address, with an account or as a guest; the audit log does not name them.

    Raises:
        PersonNotFoundError: nothing is kept under this address.
        ErasureBlockedError: something must be over first; it says what.
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
