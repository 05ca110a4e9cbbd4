"""Idempotency keys: the same request twice has one effect and one answer."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy

from kit.db.pipeline import Query, Rows
from kit.db.statements import load_statement
from kit.errors import DomainError
from kit.json_text import encoder_of
from kit.models import IdempotencyKey


class IdempotencyKeyReusedError(DomainError):
    """A key came with another request than the first time."""

    code, status = "idempotency_key_reused", 422
    default_message = gettext_lazy("This Idempotency-Key was used for another request. Send a new key.")


CLAIM = load_statement(__package__, "claim_keys")
_as_json = encoder_of(sort_keys=True, default=str)


@dataclass(frozen=True, slots=True)
class Key:
    """A caller's key, and the hash of the request that it was sent with.

    Args:
        former: the key that an earlier release has for the same; empty where it has none.
    """

    scope: str
    key: str
    request_hash: str
    former: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """The stored state of a claimed key: the hash of the request, and its result."""

    request_hash: str
    result: str


class Claimed(Enum):
    """Outcome of claiming keys."""

    OURS = "ours"
    KNOWN = "known"  # the first was claimed before: the request is a repeated one
    SPENT = "spent"  # the first is new, the second was claimed before; nothing may be committed


def fingerprint(request: Any) -> str:
    """Return the SHA-256 of a request's JSON with sorted keys."""
    return hashlib.sha256(_as_json(request).encode()).hexdigest()


def claim_query(key: Key, *, once: Key | None = None, result: str, now: datetime) -> Query[Claimed]:
    """Return the query that claims a request's key for the open transaction.

    It waits for another transaction that has claimed the same key: then the key has that one's result, or, where that
    one rolled back, it is ours.

    Args:
        once: a second key, which one request only may use.
    """
    second = [once.scope, once.key, once.request_hash, once.former] if once else ["", "", "", ""]
    return Query(CLAIM, [key.scope, key.key, key.request_hash, result, now, *second], _claimed)


def _claimed(rows: Rows) -> Claimed:
    [(is_new, is_unspent)] = rows
    if not is_new:
        return Claimed.KNOWN
    return Claimed.OURS if is_unspent else Claimed.SPENT


def is_result(*, scope: str, result: str) -> bool:
    """Return whether a request of a scope had a given result."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM kit_idempotencykey WHERE scope = %s AND result = %s)", [scope, result]
        )
        return bool(cursor.fetchone()[0])


def forget(*keys: tuple[str, str]) -> None:
    """Forget keys whose result was taken back: their requests may come again, and have an effect.

    Args:
        keys: each a scope and a key.
    """
    for scope, key in keys:
        IdempotencyKey.objects.filter(scope=scope, key=key).delete()


def find(key: Key) -> str | None:
    """Return the result of an earlier request with this key, if there was one.

    Raises:
        IdempotencyKeyReusedError: the key came with another request before.
    """
    known = stored(scope=key.scope, key=key.key)
    if known is None:
        return None
    if known.request_hash != key.request_hash:
        raise IdempotencyKeyReusedError
    return known.result


def stored(*, scope: str, key: str) -> Stored | None:
    """Return the state stored under a key, if it was claimed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT request_hash, result FROM kit_idempotencykey WHERE scope = %s AND key = %s", [scope, key]
        )
        row = cursor.fetchone()
    return Stored(*row) if row else None
