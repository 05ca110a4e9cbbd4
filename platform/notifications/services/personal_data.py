"""Personal data in notices, and its removal."""

from datetime import datetime

from django.db.models import Q

from accounts.services.personal_data import Rows, Subject
from notifications.models import Email, Notification, Preference, QuietHours, TextMessage

COLUMNS = frozenset(
    {
        "notifications.Notification.body",
        "notifications.Email.to",
        "notifications.Email.subject",
        "notifications.Email.text",
        "notifications.Email.html",
        "notifications.TextMessage.email",
        "notifications.TextMessage.to",
        "notifications.TextMessage.text",
    }
)


def collect(subject: Subject) -> dict[str, Rows]:
    """Return messages on the site, choices and messages to phones, and the subjects of letters.

    Texts that let their reader in are empty anyhow.
    """
    found: dict[str, Rows] = {}
    if subject.user_id is not None:
        messages = Notification.objects.filter(user_id=subject.user_id).order_by("pk")
        found["notifications"] = list(messages.values("kind", "title", "body", "url", "created_at", "read_at"))
        choices = Preference.objects.filter(user_id=subject.user_id).order_by("pk")
        found["notification_choices"] = list(choices.values("kind", "channel", "is_wanted", "changed_at"))
        quiet = QuietHours.objects.filter(user_id=subject.user_id)
        found["quiet_hours"] = list(quiet.values("begins", "ends", "changed_at"))
    texts = TextMessage.objects.filter(_theirs(subject)).order_by("pk")
    found["text_messages"] = list(texts.values("channel", "to", "text", "created_at", "sent_at"))
    if subject.is_email_theirs:
        letters = Email.objects.filter(to__iexact=subject.email).order_by("pk")
        found["letters"] = list(letters.values("subject", "created_at", "sent_at"))
    return found


def erase(subject: Subject, nobody: str, now: datetime) -> None:  # noqa: ARG001 - as of every app's
    """Delete messages and choices; of letters only that there was one stays, and those not sent yet are dropped."""
    if subject.user_id is not None:
        Notification.objects.filter(user_id=subject.user_id).delete()
        Preference.objects.filter(user_id=subject.user_id).delete()
        QuietHours.objects.filter(user_id=subject.user_id).delete()
    TextMessage.objects.filter(_theirs(subject)).delete()
    if subject.is_email_theirs:
        letters = Email.objects.filter(to__iexact=subject.email)
        letters.filter(sent_at__isnull=True).delete()
        letters.update(to=nobody, subject="", text="", html="", last_error="")


def _theirs(subject: Subject) -> Q:
    own = Q(user_id=subject.user_id) if subject.user_id is not None else Q(pk__in=[])
    return own | Q(user__isnull=True, email__iexact=subject.email) if subject.is_email_theirs else own
