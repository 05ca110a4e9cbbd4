"""The Redis clients of a process, and the outage that it has noticed.

A Redis that hangs costs each command its timeout. So the first command that meets an outage marks it for the process,
and the others fail at once; each second one of them tries again.
"""

import hashlib
import os
import threading
import time
from collections.abc import Sequence
from functools import cache
from typing import Any

import hiredis
import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, NoScriptError, TimeoutError  # noqa: A004 - the library's
from redis.retry import Retry

from kit.settings_cache import cached_by_settings

TIMEOUT_SECONDS = 0.7  # a basket's answer has to come within a second, Redis or not
OUTAGE_SECONDS = 1.0  # until another command tries again
TIMEOUTS: dict[str, Any] = {"socket_timeout": TIMEOUT_SECONDS, "socket_connect_timeout": TIMEOUT_SECONDS}
OPTIONS: dict[str, Any] = {**TIMEOUTS, "decode_responses": True, "health_check_interval": 30}


class _Outage:
    """An outage that this process has noticed: the time of the next try, and the thread that makes it."""

    until = 0.0
    tried_by = 0

    def admit(self) -> None:
        """Let a command through, unless Redis did not answer a moment ago.

        Raises:
            ConnectionError: it did not.
        """
        if not self.until or self.tried_by == threading.get_ident():
            return
        now = time.monotonic()
        if now < self.until:
            raise ConnectionError("Redis did not answer a moment ago.")
        self.until, self.tried_by = now + TIMEOUT_SECONDS, threading.get_ident()

    def begin(self) -> None:
        """Note that Redis did not answer."""
        self.until, self.tried_by = time.monotonic() + OUTAGE_SECONDS, 0

    def end(self) -> None:
        """Note that Redis answered."""
        if self.until:
            self.until, self.tried_by = 0.0, 0


_outage = _Outage()


def is_down() -> bool:
    """Return whether Redis did not answer when it was last asked, a moment ago."""
    return _outage.until > 0.0


def forget_outage() -> None:
    """Forget a noticed outage, so that the next command tries Redis."""
    _outage.end()


class OutagePool(redis.ConnectionPool):
    """Connections that fail at once during an outage, and are tried once more where the server has hung up."""

    def __init__(self, connection_class: Any = redis.Connection, **options: Any) -> None:
        options["retry"] = Retry(NoBackoff(), 1, supported_errors=(ConnectionError,))
        super().__init__(connection_class=_noticing(connection_class), **options)


@cache
def _noticing(kind: Any) -> Any:
    class Noticing(kind):
        def connect(self, *args: Any, **options: Any) -> None:
            _outage.admit()
            try:
                super().connect(*args, **options)
            except (ConnectionError, TimeoutError):
                _outage.begin()
                raise

        def send_packed_command(self, *args: Any, **options: Any) -> None:
            _outage.admit()
            super().send_packed_command(*args, **options)

        def read_response(self, *args: Any, **options: Any) -> Any:
            try:
                answer = super().read_response(*args, **options)
            except TimeoutError:
                _outage.begin()
                raise
            _outage.end()
            return answer

    return Noticing


@cache
def client() -> "redis.Redis":
    """Return a pooled client that answers in text; safe to share between threads."""
    return redis.Redis(connection_pool=OutagePool.from_url(settings.REDIS_URL, **OPTIONS))


def own_client() -> "redis.Redis":
    """Return this thread's client, with its own connection, for commands of every request.

    Taking a connection from the pool and giving it back takes as long as the command (docs/performance.md).

    Raises:
        redis.RedisError: a connection cannot be made.
    """
    if _own.pid != os.getpid():  # a fork must not go on with its parent's connection
        pool = OutagePool.from_url(settings.REDIS_URL, **OPTIONS)
        _own.client = _OwnClient(connection_pool=pool, single_connection_client=True)
        _own.pid = os.getpid()
    return _own.client


class _OwnClient(redis.Redis):
    """The client of one thread: a command is sent, and its answer read, without the library's lock and metrics.

    Those cost more processor time than the command (docs/performance.md).
    """

    def execute_command(self, *args: Any, **options: Any) -> Any:
        """Send a command and return the answer; once more where the server had hung up."""
        connection: Any = self.connection
        packed = (hiredis.pack_command((*args[0].split(), *args[1:])),)
        try:
            return self._ask(connection, packed, args[0], options)
        except ConnectionError:
            connection.disconnect()
            return self._ask(connection, packed, args[0], options)

    def _ask(self, connection: Any, packed: tuple[bytes], command: str, options: dict[str, Any]) -> Any:
        connection.send_packed_command(packed)
        read: Any = self.parse_response
        return read(connection, command, **options)


class _Own(threading.local):
    client: "redis.Redis"
    pid = 0


_own = _Own()


def prefixed(key: str) -> str:
    """Return a key in this installation's namespace."""
    return _prefix() + key


@cached_by_settings
def _prefix() -> str:
    return f"{settings.CACHES['default']['KEY_PREFIX']}:"


class Script:
    """A Lua script: it runs atomically, in one round trip."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._sha = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()

    def __call__(self, *, keys: Sequence[str], args: Sequence[Any] = ()) -> Any:
        """Run the script, sending its text where the server does not have it yet."""
        here: Any = own_client()
        try:
            return here.execute_command("EVALSHA", self._sha, len(keys), *keys, *args)
        except NoScriptError:
            return here.execute_command("EVAL", self._text, len(keys), *keys, *args)


@cache
def script(text: str) -> Script:
    """Return a Lua script to call with `keys` and `args`."""
    return Script(text)
