"""E-mails: written with what they tell of, sent after it, once."""

import logging
from datetime import datetime, timedelta
from html import unescape
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.db.models import F
from django.template.loader import render_to_string

from kit.db.roles import as_platform
from kit.hosts import platform_url
from kit.work.jobs import enqueue
from notifications.models import Email
from notifications.selectors import MAX_ATTEMPTS, due_email_ids

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
FIRST_RETRY = timedelta(minutes=1)
SWEEP = 200

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
        is_secret: it holds a link that lets its reader in; its text is emptied once it is sent.
    """
    facts = {"platform_name": settings.PLATFORM_NAME, "platform_url": platform_url(), "to": to} | context
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
    """Send an e-mail if it is due and nobody else is at it; return whether it was sent now.

    The claim is committed before the mail server is asked: a worker that dies in between is followed by
    another once its lease is over. The Message-ID stays the same, so that a mail that arrived after all is
    recognised as the same one.
    """
    if not _claim(email_id, now):
        return False
    email = Email.objects.get(pk=email_id)
    try:
        _message(email).send()
    except (SMTPException, OSError) as error:
        _note_failure(email, error, now)
        return False
    email.sent_at = now
    email.last_error = ""
    if email.is_secret:
        email.text = email.html = ""
    email.save(update_fields=["sent_at", "last_error", "text", "html"])
    return True


def sweep_emails(*, now: datetime) -> int:
    """Ask again for every e-mail that is due; return how many there are."""
    due = due_email_ids(now=now, limit=SWEEP)
    for email_id in due:
        _enqueue(email_id)
    return len(due)


def retry_email(*, email_id: int, now: datetime) -> None:
    """Start again with an e-mail that was given up."""
    Email.objects.filter(pk=email_id, sent_at__isnull=True).update(attempts=0, due_at=now)
    _enqueue(email_id)


def _enqueue(email_id: int) -> None:
    enqueue("notifications.tasks.send_email", email_id=email_id)


def _claim(email_id: int, now: datetime) -> bool:
    due = Email.objects.filter(pk=email_id, sent_at__isnull=True, due_at__lte=now, attempts__lt=MAX_ATTEMPTS)
    return due.update(attempts=F("attempts") + 1, due_at=now + LEASE) == 1


def _message(email: Email) -> EmailMultiAlternatives:
    message_id = f"<email-{email.pk}-{int(email.created_at.timestamp())}@{settings.BASE_DOMAIN}>"
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    message = EmailMultiAlternatives(email.subject, email.text, to=[email.to], headers=headers)
    if email.html:
        message.attach_alternative(email.html, "text/html")
    return message


def _note_failure(email: Email, error: Exception, now: datetime) -> None:
    email.due_at = now + FIRST_RETRY * 2 ** (email.attempts - 1)
    email.last_error = f"{type(error).__name__}: {error}"[:300]
    email.save(update_fields=["due_at", "last_error"])
    if email.attempts >= MAX_ATTEMPTS:
        logger.error("E-mail %s was given up after %s attempts.", email.pk, email.attempts)
    else:
        logger.warning("E-mail %s was not sent; trying again at %s.", email.pk, email.due_at)
