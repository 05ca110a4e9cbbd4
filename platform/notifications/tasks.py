"""Tasks that send e-mail."""

from typing import Any

from django.utils import timezone

from kit.work.jobs import begin
from kit.work.tasks import shared_task
from notifications.services import emails


@shared_task(name="notifications.send_email")
def send_email(*, email_id: int, **_: Any) -> None:
    """Send one e-mail, if it is still to be sent."""
    emails.deliver_email(email_id=email_id, now=timezone.now())


@shared_task(name="notifications.sweep_emails")
def sweep_emails(**_: Any) -> None:
    """Send e-mails that were missed or failed."""
    begin(sweep_emails)
    emails.sweep_emails(now=timezone.now())
