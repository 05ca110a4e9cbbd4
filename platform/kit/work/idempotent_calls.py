"""Answers to calls with an Idempotency-Key: a call that comes again is answered as the first one was.

A call is claimed in a short transaction before its work, so that another one with its key is refused meanwhile. The
answer is written in the transaction of the work itself where there is one: both are there, or neither. A claim whose
process has died ends by itself (docs/adr/0051).

Answers hold names, addresses and keys of guests. They are sealed with a key that is made of the caller's own, of which
only a digest is stored.
"""

import base64
import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.fernet import Fernet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy

from kit.db.pipeline import Query, Rows, ask
from kit.db.roles import as_platform
from kit.db.statements import load_statement
from kit.errors import DomainError
from kit.models import IdempotentCall
from kit.work.idempotency import IdempotencyKeyReusedError

KEPT_FOR = timedelta(hours=24)
HELD_FOR = timedelta(seconds=60)  # longer than any request lives: statements and outside calls have shorter limits
CLAIM = load_statement(__package__, "claim_call")


class CallInProgressError(DomainError):
    """The first call with this key has not been answered yet."""

    code, status = "idempotency_key_in_use", 409
    default_message = gettext_lazy(
        "A request with this Idempotency-Key is still being worked on. Send it again in a few seconds."
    )


@dataclass(frozen=True, slots=True)
class Call:
    """An unsafe call of the API.

    Args:
        scope: the caller, the host and the operation: keys of one say nothing about those of another.
        key: the caller's.
        request_hash: of what a repeated call must have in common with the first.
    """

    scope: str
    key: str
    request_hash: str

    @property
    def digest(self) -> str:
        """Return the name under which the call is stored, from which its key can't be told."""
        return salted_hmac(f"{__name__}.digest", self._named, algorithm="sha256").hexdigest()

    @property
    def seal(self) -> Fernet:
        """Return the seal of the call's answer."""
        secret = salted_hmac(f"{__name__}.seal", self._named, algorithm="sha256").digest()
        return Fernet(base64.urlsafe_b64encode(secret))

    @property
    def _named(self) -> str:
        return json.dumps([self.scope, self.key])


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a call that was done."""

    status: int
    headers: dict[str, str]
    message: str
    data: Any


def claim_call(*, call: Call, holder: UUID, now: datetime) -> Answer | None:
    """Claim a call for a holder; return its answer where it has one.

    Raises:
        CallInProgressError: another holds it.
        IdempotencyKeyReusedError: its key came with another request before.
    """
    params = [call.digest, call.request_hash, holder, now, now + HELD_FOR, now - KEPT_FOR]
    with as_platform():
        if ask(Query(CLAIM, params, _is_ours)):
            return None
        kept = IdempotentCall.objects.filter(digest=call.digest).first()
    if kept is None:  # its holder has given it up since
        raise CallInProgressError
    if kept.request_hash != call.request_hash:
        raise IdempotencyKeyReusedError
    if not kept.sealed_answer:
        raise CallInProgressError
    return Answer(**json.loads(call.seal.decrypt(kept.sealed_answer)))


def keep_answer(*, call: Call, holder: UUID, answer: Answer) -> bool:
    """Write the answer to a call; return whether the call was the holder's still."""
    sealed = call.seal.encrypt(json.dumps(asdict(answer)).encode()).decode()
    with as_platform():
        return bool(_held(call, holder).update(sealed_answer=sealed))


def release_call(*, call: Call, holder: UUID) -> None:
    """Give up a call that was not done: it may come again, and is tried anew."""
    with as_platform():
        _held(call, holder).delete()


def _held(call: Call, holder: UUID) -> Any:
    return IdempotentCall.objects.filter(digest=call.digest, holder=holder, sealed_answer="")


def _is_ours(rows: Rows) -> bool:
    return bool(rows)
