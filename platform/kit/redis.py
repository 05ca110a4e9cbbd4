"""The Redis clients of a process."""

import hashlib
import os
import threading
from collections.abc import Sequence
from functools import cache
from typing import Any

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, NoScriptError  # noqa: A004 - the library's
from redis.retry import Retry

OPTIONS: dict[str, Any] = {
    "decode_responses": True,
    "socket_timeout": 2,
    "socket_connect_timeout": 1,
    "health_check_interval": 30,
}


@cache
def client() -> "redis.Redis":
    """Return a pooled client that answers in text; safe to share between threads."""
    return redis.Redis.from_url(settings.REDIS_URL, **OPTIONS)


def own_client() -> "redis.Redis":
    """Return this thread's client, with a connection of its own; for what every request asks.

    Taking a connection from the pool and giving it back takes as long as the command (docs/performance.md).

    Raises:
        redis.RedisError: a connection cannot be made.
    """
    if _own.pid != os.getpid():  # a fork must not go on with its parent's connection
        again = Retry(NoBackoff(), 1, supported_errors=(ConnectionError,))  # where the server has hung up meanwhile
        _own.client = redis.Redis.from_url(settings.REDIS_URL, single_connection_client=True, retry=again, **OPTIONS)
        _own.pid = os.getpid()
    return _own.client


class _Own(threading.local):
    client: "redis.Redis"
    pid = 0


_own = _Own()


def prefixed(key: str) -> str:
    """Return a key in this installation's namespace."""
    return f"{settings.CACHES['default']['KEY_PREFIX']}:{key}"


class Script:
    """A Lua script: all that it does happens at once, in one round trip."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._sha = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()

    def __call__(self, *, keys: Sequence[str], args: Sequence[Any] = ()) -> Any:
        """Run it, sending the text where the server does not know it yet."""
        here: Any = own_client()
        try:
            return here.execute_command("EVALSHA", self._sha, len(keys), *keys, *args)
        except NoScriptError:
            return here.execute_command("EVAL", self._text, len(keys), *keys, *args)


@cache
def script(text: str) -> Script:
    """Return a Lua script to call with `keys` and `args`."""
    return Script(text)
