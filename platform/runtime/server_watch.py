"""Starting an embedded server again whenever it ends; standard library only."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from runtime.errors import StartupError
from runtime.restarts import Restarts

FIRST_PAUSE_SECONDS = 0.05  # about how long an old PostgreSQL's processes need to let go of its memory
LONGEST_PAUSE_SECONDS = 2.0
POLL_SECONDS = 0.05
DOWN_SECONDS = 60.0
# Of one that runs and does not answer yet: after a crash PostgreSQL reads its log and writes all that it says, which
# takes minutes with thousands of shops; to end it then would only begin that again.
RECOVERING_SECONDS = 1800.0
TELL_SECONDS = 30.0  # well within the time that a starter waits for a line (runtime.embedded)
START_FAILURES = 6  # of the first start, where a mistake in the data directory is likelier than bad luck


class Server(Protocol):
    """An embedded server, as the daemon sees it."""

    process: subprocess.Popen[bytes] | None

    def start(self) -> None:
        """Start the process, without waiting for it."""

    def is_ready(self) -> bool:
        """Return whether it answers."""

    def failure(self) -> str:
        """Return the error text for a server that can't be started."""


class ServerWatch:
    """One server: started, waited for, and started again when it ends.

    Never blocks: `turn` does what is due, and returns when to look again.
    """

    def __init__(self, server: Server, *, say: Callable[[str], None], changed: Callable[[], None]) -> None:
        self._server = server
        self._name = type(server).__name__
        self._say = say
        self._changed = changed
        self._restarts = Restarts(FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS)
        self._restart_at: float | None = None
        self._down_since: float | None = time.monotonic()
        self._was_ready = False

    @property
    def name(self) -> str:
        """Return the server's name for people."""
        return self._name

    @property
    def is_up(self) -> bool:
        """Return whether the server answered when it was last looked at, and has not ended since."""
        return self._down_since is None

    def start(self) -> None:
        """Start the server for the first time.

        Raises:
            StartupError: it can't be started; another try would change nothing.
        """
        self._server.start()
        self._changed()

    def turn(self) -> float | None:
        """Look after the server; return the seconds until the next look, None where only its end is awaited.

        Raises:
            StartupError: it has been down for too long.
        """
        now = time.monotonic()
        if self._restart_at is None and self._has_ended():
            self._after_end(now)
        if self._restart_at is not None and now >= self._restart_at:
            self._start_again(now)
        if self._restart_at is None and not self.is_up and not self._has_ended() and self._server.is_ready():
            self._after_start()
        if self.is_up:
            return None
        self._give_up_in_time(now)
        return POLL_SECONDS if self._restart_at is None else max(self._restart_at - now, 0.0)

    def _has_ended(self) -> bool:
        return self._server.process is None or self._server.process.poll() is not None

    def _after_end(self, now: float) -> None:
        code = None if self._server.process is None else self._server.process.returncode
        self._plan(now, f"{self._name} ended with {code}")

    def _start_again(self, now: float) -> None:
        self._restart_at = None
        try:
            self._server.start()
            self._changed()
        except OSError as problem:  # a full disk is no reason to stop trying
            self._plan(now, f"{self._name} could not be started ({problem.strerror})")

    def _plan(self, now: float, what: str) -> None:
        pause = self._restarts.after_end(now=now)
        self._restart_at = now + pause
        self._down_since = now if self._down_since is None else self._down_since
        count = self._restarts.count
        if count & (count - 1) == 0:  # the 1st, 2nd, 4th, 8th …: a lasting fault does not fill the log
            self._say(f"{what}, time {count} within a minute; starting it again in {pause:.2f} s")

    def _after_start(self) -> None:
        if self._was_ready and self._down_since is not None:
            self._say(f"{self._name} is back after {time.monotonic() - self._down_since:.1f} s")
        self._was_ready, self._down_since = True, None

    def _give_up_in_time(self, now: float) -> None:
        most = DOWN_SECONDS if self._has_ended() else RECOVERING_SECONDS
        is_late = self._down_since is not None and now - self._down_since > most
        is_hopeless = not self._was_ready and self._restarts.count >= START_FAILURES
        if is_late or is_hopeless:
            raise StartupError(self._server.failure())


def wait_until_up(watches: Sequence[ServerWatch], *, tell: Callable[[str], None]) -> None:
    """Watch started servers until all of them answer, and report now and then which do not yet.

    Raises:
        StartupError: one of them has been down for too long.
    """
    told_at = time.monotonic()
    while True:
        waits = [watch.turn() for watch in watches]
        starting = [watch.name for watch in watches if not watch.is_up]
        if not starting:
            return
        if time.monotonic() - told_at >= TELL_SECONDS:
            told_at = time.monotonic()
            tell(
                f"Still waiting for {' and '.join(starting)}: after a crash the database first writes what its log"
                " says, which takes minutes where there are thousands of shops."
            )
        time.sleep(min(POLL_SECONDS, *(wait for wait in waits if wait is not None)))
