"""Personal data in notices, and its removal."""

from datetime import datetime

from accounts.services.personal_data import Rows, Subject
from notifications.models import Email, Notification

COLUMNS = frozenset(
    {
        "notifications.Notification.body",
        "notifications.Email.to",
        "notifications.Email.subject",
        "notifications.Email.text",
        "notifications.Email.html",
    }
)


def collect(subject: Subject) -> dict[str, Rows]:
    """Return messages on the site and the subjects of letters; texts that let their reader in are empty anyhow."""
    found: dict[str, Rows] = {}
    if subject.user_id is not None:
        messages = Notification.objects.filter(user_id=subject.user_id).order_by("pk")
        found["notifications"] = list(messages.values("kind", "title", "body", "url", "created_at", "read_at"))
    if subject.is_email_theirs:
        letters = Email.objects.filter(to__iexact=subject.email).order_by("pk")
        found["letters"] = list(letters.values("subject", "created_at", "sent_at"))
    return found


def erase(subject: Subject, nobody: str, now: datetime) -> None:  # noqa: ARG001 - as of every app's
    """Delete messages; of letters only that there was one stays, and those not sent yet are dropped."""
    if subject.user_id is not None:
        Notification.objects.filter(user_id=subject.user_id).delete()
    if subject.is_email_theirs:
        letters = Email.objects.filter(to__iexact=subject.email)
        letters.filter(sent_at__isnull=True).delete()
        letters.update(to=nobody, subject="", text="", html="", last_error="")
