"""Tasks of the inbox."""

import time
from typing import Any

from django.utils import timezone

from kit.work.jobs import begin, wake
from kit.work.tasks import shared_task
from webhooks import services

# One call does what it can in this time and asks for the next call: other tasks of the queue get their turn between.
DRAIN_SECONDS = 1.0


@shared_task(name="webhooks.drain_inbox")
def drain_inbox(**_: Any) -> None:
    """Process events, longest waiting first; beat asks as well, for what was left behind and what is due again."""
    begin(drain_inbox)
    until = time.monotonic() + DRAIN_SECONDS
    while services.process_next(now=timezone.now()):
        if time.monotonic() >= until:
            wake(drain_inbox)
            return


@shared_task(name="webhooks.purge_bodies")
def purge_bodies(**_: Any) -> None:
    """Empty the bodies of old events."""
    services.purge_bodies(now=timezone.now())
