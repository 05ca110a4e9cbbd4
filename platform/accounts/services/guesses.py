"""Count of wrong passwords, which slows guessing and locks no owner out (docs/adr/0031)."""

import logging
from dataclasses import dataclass
from hashlib import sha256
from math import ceil
from typing import cast

from axes.utils import reset as reset_axes
from django.conf import settings
from django.http import HttpRequest
from redis.exceptions import RedisError

from accounts.errors import TooManyAttemptsError
from kit.db import redis
from kit.web.callers import caller_of, network_of
from kit.web.limits import Limit, count, take_back

logger = logging.getLogger(__name__)

KNOWN_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Guess:
    """One try at an account's password, counted as wrong until it proves right."""

    account: str
    caller: str
    limits: tuple[Limit, ...]

    def was_right(self) -> None:
        """Uncount the try, and remember that the account is used from here."""
        take_back(self.limits)
        try:
            redis.client().set(_known_key(self.account, self.caller), 1, ex=KNOWN_SECONDS)
        except RedisError:
            logger.warning("Redis is down; a caller who has signed in is not remembered.")


def begin_guess(*, request: HttpRequest, email: str) -> Guess:
    """Count a try at a password by account and caller, by account and network, and by each alone.

    A caller who has signed in to the account before is held to its own count, not to that of all the world.

    Raises:
        TooManyAttemptsError: one of the counts is full; `retry_after` is the time to wait.
    """
    account, caller, network = _hash_of(email), caller_of(request), network_of(request)
    names = {
        "account-caller": f"{account}:{caller}",
        "account-network": f"{account}:{network}",
        "caller": caller,
        "network": network,
    }
    if not _is_known(account, caller):
        names["account"] = account
    rates = settings.PASSWORD_GUESS_LIMITS
    limits = tuple(Limit(f"guess:{scope}:{name}", *rates[scope]) for scope, name in names.items() if scope in rates)
    if wait := count(limits):
        raise TooManyAttemptsError.of_passwords(retry_after=ceil(wait))
    _note_counts(account, limits)
    return Guess(account, caller, limits)


def unlock_account(*, email: str) -> None:
    """Forget the wrong guesses at an account, from wherever they came: its owner has set a new password by letter."""
    reset_axes(username=email.strip().lower())
    key = redis.prefixed(_counts_key(_hash_of(email)))
    try:
        if names := cast("set[str]", redis.client().smembers(key)):
            redis.client().delete(key, *(redis.prefixed(name) for name in names))
    except RedisError:
        logger.warning("Redis is down; wrong guesses are forgotten when their time is over.")


def _note_counts(account: str, limits: tuple[Limit, ...]) -> None:
    """Remember which counts hold guesses at an account."""
    own = {limit.name: 2 * limit.seconds for limit in limits if account in limit.name}
    if not own:
        return
    key = redis.prefixed(_counts_key(account))
    try:
        with redis.client().pipeline(transaction=False) as pipe:
            pipe.sadd(key, *own)
            pipe.expire(key, max(own.values()))
            pipe.execute()
    except RedisError:
        logger.warning("Redis is down; wrong guesses are not noted.")


def _is_known(account: str, caller: str) -> bool:
    try:
        return bool(redis.client().exists(_known_key(account, caller)))
    except RedisError:
        return False


def _hash_of(email: str) -> str:
    return sha256(email.strip().lower().encode()).hexdigest()[:32]


def _known_key(account: str, caller: str) -> str:
    return redis.prefixed(f"guess:known:{account}:{caller}")


def _counts_key(account: str) -> str:
    return f"guess:of:{account}"
