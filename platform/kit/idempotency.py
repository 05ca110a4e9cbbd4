"""Idempotency keys: the same request twice has one effect and one answer."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import connection

from kit.db.pipeline import Query
from kit.errors import DomainError


class IdempotencyKeyReusedError(DomainError):
    """A key came with another request than the first time."""

    code, status = "idempotency_key_reused", 422
    default_message = "This Idempotency-Key was used for another request. Send a new key."


CLAIM = """
INSERT INTO public.kit_idempotencykey (scope, key, request_hash, result, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (scope, key) DO NOTHING RETURNING TRUE
"""


def fingerprint(request: Any) -> str:
    """Return the SHA-256 of a request's JSON with sorted keys."""
    return hashlib.sha256(json.dumps(request, sort_keys=True, default=str).encode()).hexdigest()


def claiming(*, scope: str, key: str, request_hash: str, result: str, now: datetime) -> Query[bool]:
    """Claim a key for the open transaction; the answer says whether it is ours, else see `find`.

    Waits for a transaction that has claimed the same key and not ended yet: then either the key has its result, or,
    where it rolled back, it is ours.
    """
    return Query(CLAIM, [scope, key, request_hash, result, now], bool)


def is_result(*, scope: str, result: str) -> bool:
    """Say whether a request of this scope had this result."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM kit_idempotencykey WHERE scope = %s AND result = %s)", [scope, result]
        )
        return bool(cursor.fetchone()[0])


def find(*, scope: str, key: str, request_hash: str) -> str | None:
    """Return the result of an earlier request with this key, if there was one.

    Raises:
        IdempotencyKeyReusedError: the key came with another request before.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT request_hash, result FROM kit_idempotencykey WHERE scope = %s AND key = %s", [scope, key]
        )
        row = cursor.fetchone()
    if row is None:
        return None
    if row[0] != request_hash:
        raise IdempotencyKeyReusedError
    return str(row[1])
