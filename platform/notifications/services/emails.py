"""E-mails: written with the change that they report, sent after it, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from smtplib import SMTPConnectError, SMTPServerDisconnected
from socket import gaierror
from typing import Any, Self

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.template.loader import render_to_string

from accounts.services.letters_asked_for import readable_name
from kit.db.roles import as_platform
from kit.web.hosts import platform_url
from kit.work import leased, rounds
from kit.work.jobs import enqueue, wake
from notifications.channels.mail import MailTransport
from notifications.channels.port import Transport, UndeliverableError
from notifications.kinds import kind_of
from notifications.models import Channel, Email
from notifications.services.preferences import is_wanted
from notifications.services.unsubscribing import unsubscribe_url

TRANSPORT: Transport[Email] = MailTransport()
EMAILS = leased.Kind(
    model=Email,
    lease=timedelta(minutes=5),
    back_off=leased.BackOff(first=timedelta(minutes=1), cap=timedelta(hours=3), attempts=16),  # for a day
    waiting=lambda _: Q(sent_at__isnull=True, given_up_at__isnull=True),
    given_up=lambda now: {"given_up_at": now},
    silent=(ConnectionError, TimeoutError, gaierror, SMTPConnectError, SMTPServerDisconnected),
    lasting=(UndeliverableError,),
    expected=(OSError,),  # other errors of the mail server
)

_INSERT = """
    INSERT INTO notifications_email
        ("to", subject, text, html, is_secret, dedup_key, created_at, due_at, unsubscribe_url, attempts, last_error)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 0, '')
    ON CONFLICT (dedup_key) DO NOTHING
    RETURNING id
"""


SWEEP = "notifications.tasks.sweep_emails"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that is rendered, and not stored yet."""

    to: str
    subject: str
    text: str
    html: str
    dedup_key: str
    unsubscribe_url: str = ""

    @classmethod
    def written(
        cls, *, to: str, template: str, context: dict[str, Any], dedup_key: str, unsubscribe_url: str = ""
    ) -> Self:
        """Return a letter in the language that is active.

        Args:
            template: renders `notifications/email/<template>.{subject.txt,txt,html}`.
        """
        facts = {"platform_name": settings.PLATFORM_NAME, "platform_url": platform_url(), "to": to} | context
        facts["unsubscribe_url"] = unsubscribe_url
        facts["name"] = readable_name(str(facts.get("name") or ""))
        base = f"notifications/email/{template}"
        subject = unescape(" ".join(render_to_string(f"{base}.subject.txt", facts).split()))
        text = render_to_string(f"{base}.txt", facts).strip() + "\n"
        html = render_to_string(f"{base}.html", facts).strip()
        return cls(to, subject[:200], text, html, dedup_key, unsubscribe_url)


def queue_email(
    *,
    to: str,
    template: str,
    context: dict[str, Any],
    dedup_key: str,
    now: datetime,
    is_secret: bool = False,
    user_id: int | None = None,
    kind: str = "",
) -> None:
    """Write an e-mail, once for each key, and send it after the commit; none where its reader does not want it.

    Args:
        template: renders `notifications/email/<template>.{subject.txt,txt,html}`.
        is_secret: it has a link that signs its reader in; its text is emptied once it is sent.
        user_id: its reader's account, whose choices count.
        kind: the notice's name, such as `parcel.shipped`, where one template is for several.
    """
    name = kind or template
    if not is_wanted(name=name, channel=Channel.EMAIL, user_id=user_id):
        return
    declined_at = unsubscribe_url(user_id=user_id, kind=kind_of(name))
    letter = Letter.written(to=to, template=template, context=context, dedup_key=dedup_key, unsubscribe_url=declined_at)
    with as_platform(), connection.cursor() as cursor:
        values: list[Any] = [
            letter.to,
            letter.subject,
            letter.text,
            letter.html,
            is_secret,
            dedup_key,
            now,
            now,
            declined_at,
        ]
        cursor.execute(_INSERT, values)
        row = cursor.fetchone()
    if row is not None:
        _enqueue(row[0])


def queue_emails(letters: Sequence[Letter], *, now: datetime) -> None:
    """Write many e-mails of kinds that always arrive, each once for its key, in one statement of the platform's.

    The sweep sends them after the commit: a task for each would fill the queue that other letters go through.
    """
    if not letters:
        return
    columns = ("to", "subject", "text", "html", "dedup_key", "unsubscribe_url")
    rows = [Email(**{name: getattr(each, name) for name in columns}, created_at=now, due_at=now) for each in letters]
    Email.objects.bulk_create(rows, ignore_conflicts=True)
    wake(SWEEP)


def deliver_email(*, email_id: int, now: datetime) -> bool:
    """Send an e-mail if it is due and no other worker has it; return whether it was sent now.

    The claim is committed before the mail server is asked: after a worker has crashed, another takes over once the
    lease is over. The Message-ID stays the same, so that a mail that arrived after all is recognised as the same one.
    """
    claimed = leased.claim(EMAILS, now=now, only=[email_id])
    return any(rounds.attempt(EMAILS, email, lambda email: _send(email, now), now=now) for email in claimed)


def sweep_emails(*, now: datetime) -> int:
    """Send every e-mail that is due, with missed and failed ones; return the number sent."""
    swept = rounds.work_through(EMAILS, lambda email: _send(email, now), now=now)
    if not swept.is_complete:
        wake(SWEEP)
    return swept.done


def retry_email(*, email_id: int, now: datetime) -> None:
    """Start again with an e-mail that was given up."""
    again = {"attempts": 0, "due_at": now, "leased_until": None, "given_up_at": None}
    Email.objects.filter(pk=email_id, sent_at__isnull=True).update(**again)
    _enqueue(email_id)


def _enqueue(email_id: int) -> None:
    enqueue("notifications.tasks.send_email", email_id=email_id)


def _send(email: Email, now: datetime) -> None:
    TRANSPORT.send(email)
    emptied = {"text": "", "html": ""} if email.is_secret else {}
    leased.done(EMAILS, email, now=now, sent_at=now, **emptied)
