"""Limits of the calls that a web process makes to providers: threads, seconds, and none to a silent provider.

Only web processes set these limits. Without them a provider that does not answer would hold every thread, and pages
that need no provider would wait too (docs/adr/0034). Workers limit their calls by rounds.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from gateway.errors import ProviderUnavailableError
from gateway.stored_sentences import NO_TURN_IN_TIME, NOT_ASKED, TOO_MANY_CALLS

FAILURES = 3  # in a row, after which a provider is left alone
BREAKER_OPEN_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class CallLimits:
    """Limits of a process's calls to providers.

    Args:
        calls: calls at once, to all providers together.
        waiting: calls that may wait for a slot, and for how long; one more is refused at once.
        seconds: for a whole call; one that takes as long counts as not answered.
    """

    calls: int
    waiting: int = 1
    waiting_seconds: float = 0.5
    seconds: float = 2.5


class CallsUnderWay:
    """The calls under way in this process, of the services that share them.

    Args:
        limits: None: none are set.
    """

    def __init__(self, limits: CallLimits | None = None) -> None:
        self._lock = threading.Lock()
        self.set(limits)

    def set(self, limits: CallLimits | None) -> None:
        """Set the limits from now on; None removes them."""
        self.limits = limits
        self._free = threading.Semaphore(limits.calls if limits else 0)
        self._inside = 0

    @contextmanager
    def slot(self, limits: CallLimits) -> Iterator[None]:
        """Wait for a slot, and hold it for a block.

        Raises:
            ProviderUnavailableError: too many calls are under way.
        """
        with self._lock:
            if self._inside >= limits.calls + limits.waiting:
                raise ProviderUnavailableError(TOO_MANY_CALLS)
            self._inside += 1
        try:
            if not self._free.acquire(timeout=limits.waiting_seconds):
                raise ProviderUnavailableError(NO_TURN_IN_TIME)
            try:
                yield
            finally:
                self._free.release()
        finally:
            with self._lock:
                self._inside -= 1


_slots = CallsUnderWay()


def limit_calls(limits: CallLimits | None) -> None:
    """Set the limits of this process's calls from now on; None removes them."""
    _slots.set(limits)


class Breaker:
    """One provider's: whether it answers.

    After a few calls in a row without an answer it is left alone for some seconds, then one call tries again.

    Args:
        slots: for calls under way of other services than payment providers, which take none of theirs.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, slots: CallsUnderWay = _slots) -> None:
        self._clock = clock
        self._slots = slots
        self._failures = 0
        self._open_until = 0.0
        self._lock = threading.Lock()

    @contextmanager
    def call(self) -> Iterator[float | None]:
        """Guard a call; yield the seconds that it may take, None for its own time limit.

        Raises:
            ProviderUnavailableError: the provider is left alone, or too many calls are under way.
        """
        limits = self._slots.limits
        if limits is None:
            yield None
            return
        self._admit()
        with self._slots.slot(limits):
            began = self._clock()
            try:
                yield limits.seconds
            except ProviderUnavailableError:
                self._note(answered=False)
                raise
            self._note(answered=self._clock() - began < limits.seconds)

    def _admit(self) -> None:
        with self._lock:
            if self._failures < FAILURES:
                return
            now = self._clock()
            if now < self._open_until:
                raise ProviderUnavailableError(
                    NOT_ASKED,
                    retry_after=int(self._open_until - now) + 1,
                )
            self._open_until = now + BREAKER_OPEN_SECONDS  # this call tries; the others go on waiting

    def _note(self, *, answered: bool) -> None:
        with self._lock:
            self._failures = 0 if answered else self._failures + 1
            if self._failures >= FAILURES:
                self._open_until = self._clock() + BREAKER_OPEN_SECONDS
