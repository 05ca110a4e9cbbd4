"""`manage.py up --reload`: the market in a process of its own, started anew when its code has changed.

The market's processes are forked from one that has loaded all code, so changed code needs a fresh interpreter for that
one. Here nothing of the market is loaded: a fault in a file ends the market, not this process, which waits for the
file to be mended. PostgreSQL and Redis run on meanwhile. Changed templates and static files need no new start: with
KASUWA_RELOAD the settings have them read again.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
from dataclasses import asdict, replace
from types import FrameType, TracebackType

from runtime import embedded, processes
from runtime.datadir import PROJECT_ROOT, DataDir, read_json
from runtime.up.options import Options
from runtime.up.output import Terminal
from runtime.up.sources import Sources

POLL_SECONDS = 0.5
SETTLE_SECONDS = 0.1  # editors and git write several files at once
RELOAD = "KASUWA_RELOAD"
REFUSED = 78  # sysexits.h, EX_CONFIG: it has told why it cannot start; a fault in the code ends Python with 1
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(options: Options) -> int:
    """Run the market until asked to stop. Returns an exit code."""
    data_dir = DataDir.resolve()
    os.environ[RELOAD] = "true"
    with Wakeups() as wakeups:
        return Reloader(options, data_dir, wakeups).run()


class Wakeups:
    """Waits that end early for a stop signal or the end of a child."""

    def __init__(self) -> None:
        self.stops = 0

    def __enter__(self) -> Wakeups:
        self._read, self._write = socket.socketpair()
        for end in (self._read, self._write):
            end.setblocking(False)
        handlers = {**dict.fromkeys(STOPS, self._count), signal.SIGCHLD: lambda *_: None}
        self._earlier = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.set_wakeup_fd(-1)
        for number, handler in self._earlier.items():
            signal.signal(number, handler)
        self._read.close()
        self._write.close()

    def wait(self, seconds: float | None) -> None:
        """Wait for a signal; None waits without end."""
        if select.select([self._read], [], [], seconds)[0]:
            self._read.recv(4096)

    def _count(self, number: int, frame: FrameType | None) -> None:
        self.stops += 1


class Reloader:
    """Supervisor of one run of `up --reload`."""

    def __init__(self, options: Options, data_dir: DataDir, wakeups: Wakeups) -> None:
        self._options = options
        self._data_dir = data_dir
        self._wakeups = wakeups
        self._sources = Sources(PROJECT_ROOT, leave_out=data_dir.path)
        self._terminal = Terminal()
        self._held: embedded.EmbeddedServices | None = None

    def run(self) -> int:
        """Start the market, and start it anew after each change, until it is closed."""
        market = _start(self._options)
        try:
            while True:
                changed = self._wait_for_change(market)
                if not changed and (self._wakeups.stops or not self._may_be_mended(market)):
                    break
                changed = changed or self._wait_for_change()
                if not changed:
                    break
                self._terminal.line("kasuwa", f"{changed} has changed; starting again")
                self._hold_services()
                self._end(market)
                self._options = replace(self._options, is_again=True)
                market = _start(self._options)
        finally:
            self._end(market)
            if self._held is not None:
                self._held.release()
        if self._wakeups.stops or market.returncode == 0:
            self._terminal.say("Kasuwa is closed.")
            return 0
        return 1

    def _wait_for_change(self, market: subprocess.Popen[bytes] | None = None) -> str:
        """Return the name of a changed file; nothing where a stop was asked for, or the market ended, before one."""
        while not self._wakeups.stops and (market is None or market.poll() is None):
            self._wakeups.wait(POLL_SECONDS)
            if market is not None and "setup" in read_json(self._data_dir.up_state).get("children", {}):
                continue  # a migration, or the loading of the demo, is not interrupted
            changed = self._sources.changed()
            if changed:
                while self._sources.changed():
                    self._wakeups.wait(SETTLE_SECONDS)
                return changed
        return ""

    def _may_be_mended(self, market: subprocess.Popen[bytes]) -> bool:
        """Return whether a change of a file may help a market that has ended by itself, and tell so."""
        refused_at_first = market.returncode == REFUSED and not self._options.is_again
        if market.returncode == 0 or refused_at_first:
            return False
        self._terminal.line("kasuwa", "the market has ended, see above; it starts again when a file has changed")
        return True

    def _hold_services(self) -> None:
        """Stay connected to PostgreSQL and Redis while the market, which started them, is away."""
        earlier, self._held = self._held, embedded.join(self._data_dir)
        if earlier is not None:
            earlier.connection.close()

    def _end(self, market: subprocess.Popen[bytes]) -> None:
        """End the market in order; each further Ctrl-C is passed on, which ends it at once."""
        passed_on = -1
        while market.poll() is None:
            if passed_on < self._wakeups.stops:
                passed_on = self._wakeups.stops
                market.terminate()
            self._wakeups.wait(None)


def _start(options: Options) -> subprocess.Popen[bytes]:
    """Start the market, in a session of its own: Ctrl-C comes to this process alone, which ends the market in order."""
    command = [sys.executable, "-P", "-m", "runtime.up", json.dumps(asdict(options))]
    return subprocess.Popen(  # noqa: S603 - fixed command
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=processes.die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - no thread runs here
    )
