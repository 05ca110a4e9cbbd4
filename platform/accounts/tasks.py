"""Keeping the account tables small."""

from typing import Any

from django.core.management import call_command

from kit.work.tasks import shared_task


@shared_task(name="accounts.flush_expired")
def flush_expired(**_: Any) -> None:
    """Delete tokens and sessions that have run out."""
    call_command("flushexpiredtokens")
    call_command("clearsessions")
