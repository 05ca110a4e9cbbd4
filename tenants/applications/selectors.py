"""Selectors of applications."""

import hmac
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, When

from kit.text.matching import identifier_matches, name_matches
from kit.text.parts import has_parts, parts_match
from tenants.applications.errors import ApplicationNotFoundError, DocumentNotFoundError
from tenants.models import (
    AccountState,
    ApplicationDocument,
    ApplicationEntry,
    ApplicationStatus,
    ShopApplication,
)
from tenants.models.applications import APPLICATION_PARTS

# Before the bank is asked again about an account of which it said nothing.
ACCOUNT_RETRY = timedelta(minutes=10)
NEVER_SENT = (ApplicationStatus.DRAFT, ApplicationStatus.WITHDRAWN)  # where it has not been submitted either
STILL_UNDECIDED = (ApplicationStatus.DRAFT, ApplicationStatus.SUBMITTED, ApplicationStatus.MORE_NEEDED)


def get_application(*, application_id: UUID) -> ShopApplication:
    """Return an application, for any caller.

    Raises:
        ApplicationNotFoundError: there is none.
    """
    application = ShopApplication.objects.select_related("applicant", "shop").filter(pk=application_id).first()
    if application is None:
        raise ApplicationNotFoundError
    return application


def get_sent_application(*, application_id: UUID) -> ShopApplication:
    """Return an application that was sent at least once; what is still being filled in is the applicant's alone.

    Raises:
        ApplicationNotFoundError: there is none.
    """
    application = get_application(application_id=application_id)
    if application.submitted_at is None:
        raise ApplicationNotFoundError
    return application


def get_own_application(*, application_id: UUID, user_id: int | None, access_key: str) -> ShopApplication:
    """Return an application to the person who made it, or to a guest who has its key.

    Raises:
        ApplicationNotFoundError: there is none, or the key and the user do not match.
    """
    application = get_application(application_id=application_id)
    if application.applicant_id is not None:
        is_own = user_id is not None and application.applicant_id == user_id
    else:
        is_own = hmac.compare_digest(application.access_key.encode(), access_key.encode())
    if not is_own:
        raise ApplicationNotFoundError
    return application


def applications_of(*, user_id: int) -> list[ShopApplication]:
    """Return a person's applications, newest first."""
    return list(ShopApplication.objects.filter(applicant_id=user_id).order_by("-created_at", "-id"))


def list_applications(*, status: str = "", search: str = "") -> QuerySet[ShopApplication]:
    """Return applications that were sent: those that wait first, the longest waiting before the others."""
    found = ShopApplication.objects.exclude(submitted_at__isnull=True)
    if status:
        found = found.filter(status=status)
    if has_parts(search):
        found = found.filter(parts_match(search, *APPLICATION_PARTS))
    elif search:
        found = found.filter(
            name_matches(search, "shop_name", "legal_name")
            | identifier_matches(search, "slug")
            | Q(email__istartswith=search)
        )
    waits = Case(When(status=ApplicationStatus.SUBMITTED, then=0), default=1, output_field=IntegerField())
    return found.annotate(waits=waits).order_by("waits", "submitted_at", "id")


def shop_names_of(ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of the shops that applications are for, by the application's id."""
    return dict(ShopApplication.objects.filter(pk__in=ids).values_list("pk", "shop_name").order_by("pk"))


def waiting_applications() -> QuerySet[ShopApplication]:
    """Return the applications that operators have to decide, oldest first."""
    return ShopApplication.objects.filter(status=ApplicationStatus.SUBMITTED).order_by("submitted_at", "id")


def documents_of(*, application_id: UUID) -> list[ApplicationDocument]:
    """Return an application's documents, in the order they were added."""
    return list(ApplicationDocument.objects.filter(application_id=application_id).order_by("created_at", "id"))


def get_document(*, application_id: UUID, document_id: UUID) -> ApplicationDocument:
    """Return a document of an application.

    Raises:
        DocumentNotFoundError: the application has none with this id.
    """
    found = ApplicationDocument.objects.filter(application_id=application_id, pk=document_id).first()
    if found is None:
        raise DocumentNotFoundError
    return found


def entries_of(*, application_id: UUID) -> list[ApplicationEntry]:
    """Return an application's history, oldest first."""
    return list(ApplicationEntry.objects.select_related("actor").filter(application_id=application_id).order_by("id"))


def is_slug_requested(*, slug: str, but: UUID | None) -> bool:
    """Return whether another application that was sent asks for this address."""
    requested = ShopApplication.objects.filter(
        slug=slug, status__in=[ApplicationStatus.SUBMITTED, ApplicationStatus.MORE_NEEDED]
    )
    return (requested.exclude(pk=but) if but else requested).exists()


def unchecked_application_ids(*, now: datetime, limit: int) -> list[UUID]:
    """Return undecided applications whose bank gave no answer and should be asked again, the longest waiting first."""
    due = ShopApplication.objects.filter(
        account_state=AccountState.UNCHECKED, account_at__lte=now - ACCOUNT_RETRY, status__in=STILL_UNDECIDED
    )
    return list(due.order_by("account_at", "id").values_list("id", flat=True)[:limit])


def abandoned_application_ids(*, before: datetime, limit: int, among: Collection[UUID] | None = None) -> list[UUID]:
    """Return applications that were never sent and not touched since, oldest first.

    Args:
        among: look at these alone.
    """
    recent_papers = ApplicationDocument.objects.filter(application_id=OuterRef("id"), created_at__gte=before)
    found = ShopApplication.objects.filter(
        status__in=NEVER_SENT, submitted_at__isnull=True, updated_at__lt=before
    ).exclude(Exists(recent_papers))
    if among is not None:
        found = found.filter(id__in=among)
    return list(found.order_by("updated_at", "id").values_list("id", flat=True)[:limit])


def lock_application(*, application_id: UUID) -> ShopApplication:
    """Lock an application; needs an open transaction.

    Raises:
        ApplicationNotFoundError: there is none.
    """
    locked = ShopApplication.objects.select_for_update().filter(pk=application_id).first()
    if locked is None:
        raise ApplicationNotFoundError
    return locked
