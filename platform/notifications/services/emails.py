"""E-mails: written with the change that they report, sent after it, once."""

from datetime import datetime, timedelta
from html import unescape
from smtplib import (
    SMTPConnectError,
    SMTPDataError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPServerDisconnected,
)
from socket import gaierror
from typing import Any

import idna
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.db.models import Q
from django.template.loader import render_to_string

from accounts.services.letters_asked_for import readable_name
from kit.db.roles import as_platform
from kit.web.hosts import platform_url
from kit.work import leased, rounds
from kit.work.jobs import enqueue, wake
from notifications.models import Email


class UndeliverableError(Exception):
    """This e-mail cannot be sent, now or later."""


EMAILS = leased.Kind(
    model=Email,
    lease=timedelta(minutes=5),
    back_off=leased.BackOff(first=timedelta(minutes=1), cap=timedelta(hours=3), attempts=8),
    waiting=lambda _: Q(sent_at__isnull=True, given_up_at__isnull=True),
    given_up=lambda now: {"given_up_at": now},
    silent=(ConnectionError, TimeoutError, gaierror, SMTPConnectError, SMTPServerDisconnected),
    lasting=(UndeliverableError,),
    expected=(OSError,),  # other errors of the mail server
)

_INSERT = """
    INSERT INTO notifications_email
        ("to", subject, text, html, is_secret, dedup_key, created_at, due_at, attempts, last_error)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 0, '')
    ON CONFLICT (dedup_key) DO NOTHING
    RETURNING id
"""


def queue_email(
    *, to: str, template: str, context: dict[str, Any], dedup_key: str, now: datetime, is_secret: bool = False
) -> None:
    """Write an e-mail, once for each key, and send it after the commit.

    Args:
        template: renders `notifications/email/<template>.{subject.txt,txt,html}`.
        is_secret: it has a link that signs its reader in; its text is emptied once it is sent.
    """
    facts = {"platform_name": settings.PLATFORM_NAME, "platform_url": platform_url(), "to": to} | context
    facts["name"] = readable_name(str(facts.get("name") or ""))
    base = f"notifications/email/{template}"
    subject = unescape(" ".join(render_to_string(f"{base}.subject.txt", facts).split()))
    text = render_to_string(f"{base}.txt", facts).strip() + "\n"
    html = render_to_string(f"{base}.html", facts).strip()
    with as_platform(), connection.cursor() as cursor:
        cursor.execute(_INSERT, [to, subject[:200], text, html, is_secret, dedup_key, now, now])
        row = cursor.fetchone()
    if row is not None:
        _enqueue(row[0])


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
        wake("notifications.tasks.sweep_emails")
    return swept.done


def retry_email(*, email_id: int, now: datetime) -> None:
    """Start again with an e-mail that was given up."""
    again = {"attempts": 0, "due_at": now, "leased_until": None, "given_up_at": None}
    Email.objects.filter(pk=email_id, sent_at__isnull=True).update(**again)
    _enqueue(email_id)


def _enqueue(email_id: int) -> None:
    enqueue("notifications.tasks.send_email", email_id=email_id)


def _send(email: Email, now: datetime) -> None:
    try:
        _message(email).send()
    except (ValueError, SMTPNotSupportedError) as error:  # an address or a header that no mail can carry
        raise UndeliverableError(leased.reason_for(error)) from error
    except SMTPDataError as error:
        if is_permanent(error.smtp_code):
            raise UndeliverableError(leased.reason_for(error)) from error
        raise
    except SMTPRecipientsRefused as error:
        if all(is_permanent(code) for code, _ in error.recipients.values()):
            raise UndeliverableError(leased.reason_for(error)) from error
        raise
    emptied = {"text": "", "html": ""} if email.is_secret else {}
    leased.done(EMAILS, email, now=now, sent_at=now, **emptied)


def is_permanent(code: int) -> bool:
    """Return whether a mail server's answer stays the same however often it is asked (RFC 5321, section 4.2.1)."""
    return 500 <= code < 600  # noqa: PLR2004 - by the RFC


def deliverable(address: str) -> str:
    """Return an address in the form for mail servers, its domain by IDNA 2008 (RFC 5891): "faß" is not "fass".

    Raises:
        UndeliverableError: it has no such form; nothing is sent to another domain instead.
    """
    local, _, domain = address.rpartition("@")
    try:
        if not local:
            raise UnicodeError("nothing before the @")  # noqa: TRY301 - told as what IDNA says of the rest
        return f"{local.encode('ascii').decode()}@{idna.encode(domain.lower()).decode()}"
    except UnicodeError as error:
        raise UndeliverableError(f"{address} is no address that mail can be sent to: {error}") from error


def _message(email: Email) -> EmailMultiAlternatives:
    message_id = f"<email-{email.pk}-{int(email.created_at.timestamp())}@{settings.BASE_DOMAIN}>"
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    message = EmailMultiAlternatives(email.subject, email.text, to=[deliverable(email.to)], headers=headers)
    if email.html:
        message.attach_alternative(email.html, "text/html")
    return message
