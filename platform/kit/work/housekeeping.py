"""Deletion of expired rows, a batch at a time, so that no statement locks many rows for long."""

import logging
from datetime import datetime, timedelta

from django.db import connection

from kit.models import OutboxMessage
from kit.wiring import heard_topics
from kit.work.idempotent_calls import KEPT_FOR

logger = logging.getLogger(__name__)

KEYS_KEPT = timedelta(days=7)
MESSAGES_TRIED_FOR = timedelta(days=30)
MESSAGE_TRIES = 100
JOBS_KEPT = timedelta(days=90)
BATCH = 1_000
BATCHES = 50

# ANY(ARRAY(…)) is looked up once. IN (…) may be looked up again for each row, and then finds other rows than before.
PURGE_KEYS = """
    DELETE FROM kit_idempotencykey WHERE id = ANY(ARRAY(
        SELECT id FROM kit_idempotencykey WHERE created_at < %s ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED))
"""
PURGE_CALLS = """
    DELETE FROM kit_idempotentcall WHERE id = ANY(ARRAY(
        SELECT id FROM kit_idempotentcall WHERE created_at < %s ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED))
"""
PURGE_JOBS = """
    DELETE FROM kit_bulkjob WHERE id = ANY(ARRAY(
        SELECT id FROM kit_bulkjob WHERE finished_at < %s ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED))
"""


def purge_idempotency_keys(*, now: datetime) -> int:
    """Delete idempotency keys that clients no longer retry; return their number."""
    return in_batches(PURGE_KEYS, now - KEYS_KEPT)


def purge_idempotent_calls(*, now: datetime) -> int:
    """Delete answers that are kept no longer for calls that come again; return their number."""
    return in_batches(PURGE_CALLS, now - KEPT_FOR)


def purge_bulk_jobs(*, now: datetime) -> int:
    """Delete bulk jobs that ended long ago; return their number."""
    return in_batches(PURGE_JOBS, now - JOBS_KEPT)


def purge_outbox(*, now: datetime) -> int:
    """Delete messages whose handlers have failed for a month, each with a line in the log; return their number.

    Messages without a handler are kept: a later release may know them.
    """
    hopeless = OutboxMessage.objects.filter(created_at__lt=now - MESSAGES_TRIED_FOR, attempts__gte=MESSAGE_TRIES)
    found = list(hopeless.filter(topic__in=heard_topics()).order_by("id")[:BATCH])
    for message in found:
        logger.error(
            "Outbox message %s (%s, shop %s, %s) is given up after %s tries: %s",
            *(message.pk, message.topic, message.shop_id, message.payload, message.attempts, message.last_error),
        )
        message.delete()
    return len(found)


def in_batches(statement: str, before: datetime) -> int:
    """Run a statement that takes a moment and a limit until it finds nothing; each run commits by itself.

    What is left after `BATCHES` is for the next time.
    """
    total = 0
    for _ in range(BATCHES):
        with connection.cursor() as cursor:
            cursor.execute(statement, [before, BATCH])
            total += cursor.rowcount
            if cursor.rowcount < BATCH:
                break
    return total
