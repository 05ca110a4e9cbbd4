"""Tasks of the kit."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from kit import outbox


@shared_task(name="kit.relay_outbox")
def relay_outbox(**_: Any) -> None:
    """Deliver outbox messages that are due."""
    outbox.relay(now=timezone.now())
