"""Sending an application, and withdrawing it."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from psycopg import errors

from accounts.services.letters_asked_for import may_write_to
from tenants.applications.errors import ApplicationIncompleteError, SlugRequestedError
from tenants.applications.selectors import get_application
from tenants.applications.services.documents import document_folder
from tenants.applications.services.drafts import (
    ACCOUNT,
    check_requested_slug,
    forget_account,
    lock_open_application,
)
from tenants.applications.services.history import append_entry, tell_applicant
from tenants.applications.services.self_service import approve_by_itself
from tenants.models import (
    AccountState,
    ApplicationEntryKind,
    ApplicationStatus,
    DocumentKind,
    ShopApplication,
)


def submit_application(*, application_id: UUID, message: str = "", now: datetime) -> ShopApplication:
    """Send an application to the operators, or send it back after they asked for more.

    Args:
        message: the answer to the operators' question.

    Raises:
        ApplicationClosedError: it was sent already, or decided.
        ApplicationIncompleteError: fields are missing; `details` lists them by step.
        SlugTakenError, SlugRequestedError: another shop or application got the address meanwhile.
    """
    is_told = _may_be_told(application_id)
    with transaction.atomic():
        application = lock_open_application(application_id=application_id)
        if missing := missing_of(application):
            raise ApplicationIncompleteError(details=missing)
        check_requested_slug(slug=application.slug, but=application.pk)
        is_answer = application.status == ApplicationStatus.MORE_NEEDED
        application.status = ApplicationStatus.SUBMITTED
        application.submitted_at = application.updated_at = now
        _save(application)
        kind = ApplicationEntryKind.ANSWERED if is_answer else ApplicationEntryKind.SUBMITTED
        entry = append_entry(
            application=application, actor_id=application.applicant_id, kind=kind, message=message, now=now
        )
        approve_by_itself(application=application, now=now)
        if application.is_waiting and is_told:
            tell_applicant(application=application, template="application_received", now=now, entry=entry)
    return application


def withdraw_application(*, application_id: UUID, now: datetime) -> ShopApplication:
    """Withdraw an application: its documents and bank account are deleted.

    Raises:
        ApplicationClosedError: it is with the operators, or decided.
    """
    with transaction.atomic():
        application = lock_open_application(application_id=application_id)
        for document in application.documents.order_by("pk"):
            document.delete()
            transaction.on_commit(partial(document_folder(document.application_id).delete, document.file))
        forget_account(application)
        application.status, application.updated_at = ApplicationStatus.WITHDRAWN, now
        application.save(update_fields=[*ACCOUNT, "status", "updated_at"])
        append_entry(
            application=application,
            actor_id=application.applicant_id,
            kind=ApplicationEntryKind.WITHDRAWN,
            now=now,
        )
    return application


def missing_of(application: ShopApplication) -> dict[str, list[str]]:
    """Return the missing fields that keep an application from being sent, by step."""
    missing: dict[str, list[str]] = {}
    if not application.kind:
        missing["business"] = [gettext("Enter the business that runs the shop.")]
    kinds = set(application.documents.values_list("kind", flat=True))
    papers = []
    if DocumentKind.IDENTITY not in kinds:
        papers.append(gettext("Add a proof of identity."))
    if application.is_company and DocumentKind.REGISTRATION not in kinds:
        papers.append(gettext("Add the proof of registration."))
    if papers:
        missing["documents"] = papers
    if application.account_state == AccountState.MISSING:
        missing["account"] = [gettext("Tell us the bank account that we pay to.")]
    elif application.account_state == AccountState.REFUSED:
        missing["account"] = [gettext("The bank doesn't know this account. Check its number and bank.")]
    return missing


def _may_be_told(application_id: UUID) -> bool:
    """Return whether a letter may confirm the application; a guest could have given another person's address."""
    application = get_application(application_id=application_id)
    return application.applicant_id is not None or may_write_to(email=application.email)


def _save(application: ShopApplication) -> None:
    """Save; a concurrent application for the same address waits here for the outcome."""
    try:
        with transaction.atomic():
            application.save(update_fields=["status", "submitted_at", "updated_at"])
    except IntegrityError as error:
        if isinstance(error.__cause__, errors.UniqueViolation):
            raise SlugRequestedError(details={"slug": [SlugRequestedError.default_message]}) from error
        raise
