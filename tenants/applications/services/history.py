"""Writing an application's history, and telling the applicant."""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from django.conf import settings

from accounts.services.languages import speaking_to
from kit.text.languages import speaking
from kit.web.hosts import platform_url
from notifications.services import notify, queue_email
from tenants.models import ApplicationEntry, ApplicationEntryKind, ShopApplication

PAGE = "/sell/apply/{}/"


def append_entry(
    *,
    application: ShopApplication,
    actor_id: int | None,
    kind: ApplicationEntryKind,
    now: datetime,
    message: str = "",
) -> ApplicationEntry:
    """Append an entry; call it in the transaction of the change that it describes."""
    entry = ApplicationEntry(
        application=application, actor_id=actor_id, kind=kind, message=message.strip(), created_at=now
    )
    ApplicationEntry.objects.bulk_create([entry])
    return entry


def page_of(application: ShopApplication) -> str:
    """Return the address of an application's page; for a guest, with the key that opens it."""
    path = PAGE.format(application.pk)
    return platform_url(path if application.applicant_id else f"{path}?key={application.access_key}")


def tell_applicant(
    *,
    application: ShopApplication,
    template: str,
    now: datetime,
    entry: ApplicationEntry | None = None,
    **context: Any,
) -> None:
    """Write the applicant an e-mail about one line of the history, once."""
    with speaking_to_applicant(application):
        facts = {
            "name": application.contact_name,
            "application": application,
            "message": entry.message if entry else "",
            "link": page_of(application),
            "platform": settings.PLATFORM_NAME,
        }
        queue_email(
            to=application.email,
            template=template,
            context=facts | context,
            dedup_key=f"{template}:{application.pk}:{entry.pk if entry else 0}",
            now=now,
            is_secret=application.applicant_id is None,
        )


def speaking_to_applicant(application: ShopApplication) -> AbstractContextManager[None]:
    """Use the applicant's language inside the block: the account's, else the one in which they applied."""
    if application.applicant_id is None:
        return speaking(application.language)
    return speaking_to(user_id=application.applicant_id, otherwise=application.language)


def notify_applicant(*, application: ShopApplication, title: str, body: str, entry: ApplicationEntry) -> None:
    """Notify an applicant who has an account on the site too; title and body are in their language."""
    if application.applicant_id is not None:
        notify(
            user_id=application.applicant_id,
            kind="application.changed",
            title=title,
            body=body,
            url=PAGE.format(application.pk),
            dedup_key=f"application:{application.pk}:{entry.pk}",
            now=entry.created_at,
        )
