"""Tasks that send e-mail and messages to phones."""

from typing import Any

from django.utils import timezone

from kit.work.jobs import begin
from kit.work.tasks import shared_task
from notifications.services import emails, texts


@shared_task(name="notifications.send_email")
def send_email(*, email_id: int, **_: Any) -> None:
    """Send one e-mail, if it is still to be sent."""
    emails.deliver_email(email_id=email_id, now=timezone.now())


@shared_task(name="notifications.sweep_emails")
def sweep_emails(**_: Any) -> None:
    """Send e-mails that were missed or failed."""
    begin(sweep_emails)
    emails.sweep_emails(now=timezone.now())


@shared_task(name="notifications.send_text")
def send_text(*, text_id: str, **_: Any) -> None:
    """Send one message to a phone, if it is still to be sent."""
    texts.deliver_text(text_id=text_id, now=timezone.now())


@shared_task(name="notifications.sweep_texts")
def sweep_texts(**_: Any) -> None:
    """Send messages to phones that were missed or failed, or have waited for the morning."""
    begin(sweep_texts)
    texts.sweep_texts(now=timezone.now())
