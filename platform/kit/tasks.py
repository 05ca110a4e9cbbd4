"""Tasks of the kit."""

import time
from typing import Any

from django.utils import timezone

from kit.work import bulk, outbox
from kit.work.housekeeping import (
    purge_bulk_jobs,
    purge_idempotency_keys,
    purge_idempotent_calls,
    purge_outbox,
)
from kit.work.jobs import begin, enqueue
from kit.work.tasks import shared_task

# One call does a few slices and asks for the next call: other tasks of the queue get their turn between.
BULK_SECONDS = 2.0


@shared_task(name="kit.relay_outbox")
def relay_outbox(**_: Any) -> None:
    """Deliver outbox messages that are due."""
    begin(relay_outbox)
    outbox.relay(now=timezone.now())


@shared_task(name="kit.run_bulk")
def run_bulk(**_: Any) -> None:
    """Do slices of bulk jobs, shop after shop; beat asks as well, for what a killed worker has left."""
    until = time.monotonic() + BULK_SECONDS
    while bulk.run_next(now=timezone.now()):
        if time.monotonic() >= until:
            enqueue(run_bulk)
            return


@shared_task(name="kit.purge_old")
def purge_old(**_: Any) -> None:
    """Delete expired idempotency keys and answers, old bulk jobs and undeliverable messages."""
    now = timezone.now()
    purge_idempotency_keys(now=now)
    purge_idempotent_calls(now=now)
    purge_bulk_jobs(now=now)
    purge_outbox(now=now)
