"""One child process: forked from us, in a session of its own, its words piped to our terminal."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

from runtime import processes
from runtime.restarts import Restarts
from runtime.up.roles import Role

# Forking shares the modules that are already loaded: quicker, and a fraction of the memory.
# macOS' own libraries do not survive a fork.
FORKS = processes.ON_LINUX
OUR_SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD}
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 5.0


@dataclass(slots=True)
class Child:
    """A role and the process that has it at the moment."""

    role: Role
    is_ready: Callable[[], bool]
    end_signals: tuple[signal.Signals, ...] = (signal.SIGTERM, signal.SIGKILL)
    pid: int = 0
    born: str = ""
    failures: int = 0  # ends in a row, none of them after it was ready
    restarts: Restarts = field(default_factory=lambda: Restarts(FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS))
    restart_at: float | None = None
    ready: bool = False
    pipe: int = -1
    pending: bytes = field(default=b"", repr=False)

    @property
    def name(self) -> str:
        return self.role.name

    @property
    def running(self) -> bool:
        return self.pid > 0

    def start(self, forget: Callable[[], None]) -> None:
        """Fork; `forget` closes in the child what only we may hold (locks, connections)."""
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        ours, theirs = os.pipe()
        parent = os.getpid()
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, OUR_SIGNALS)
        try:
            pid = os.fork()
            if pid == 0:
                self._be_the_child(theirs, parent, forget, blocked)
            self.pid, self.pipe = pid, ours
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        os.close(theirs)
        os.set_blocking(ours, False)
        self.born = processes.start_time(self.pid)
        self.restart_at, self.ready = None, False

    def send(self, number: signal.Signals) -> None:
        """Send a signal: a polite one to the group's leader, SIGKILL to the whole group."""
        if number == signal.SIGKILL:
            processes.signal_group(self.pid, number)
        else:
            os.kill(self.pid, number)

    def ended(self) -> int | None:
        """Reap the process if it has ended; returns its exit code, negative for a signal."""
        if not self.running:
            return None
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid == 0:
            return None
        processes.signal_group(self.pid, signal.SIGKILL)  # its remaining children
        self.pid = 0
        return os.waitstatus_to_exitcode(status)

    def plan_restart(self) -> float:
        """Decide when to start again after a crash; returns the pause in seconds."""
        self.failures = 0 if self.ready else self.failures + 1
        pause = self.restarts.after_end(now=time.monotonic())
        self.restart_at = time.monotonic() + pause
        return pause

    def read(self) -> tuple[list[str], bool]:
        """Return the lines written since, and whether there may be more later."""
        try:
            part = os.read(self.pipe, 65536)
        except BlockingIOError:
            return [], True
        *lines, self.pending = (self.pending + part).split(b"\n")
        if not part and self.pending:
            lines, self.pending = [*lines, self.pending], b""
        return [line.decode(errors="replace").rstrip("\r") for line in lines], bool(part)

    def close_pipe(self) -> None:
        os.close(self.pipe)
        self.pipe = -1

    def _be_the_child(
        self, output: int, parent: int, forget: Callable[[], None], mask: set[int | signal.Signals]
    ) -> None:
        """Never returns: nothing of the parent's may run in the child."""
        code = 70  # EX_SOFTWARE
        try:
            os.setsid()
            processes.die_with_parent(signal.SIGTERM, parent=parent)()
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(output, 1)
            os.dup2(output, 2)
            forget()
            signal.set_wakeup_fd(-1)
            for number in OUR_SIGNALS:
                signal.signal(number, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            for name in ("stdout", "stderr"):
                setattr(sys, name, open(1 if name == "stdout" else 2, "w", buffering=1, closefd=False))  # noqa: SIM115
            if FORKS:
                code = self.role.run()
            else:
                command = self.role.command()
                os.execv(command[0], command)  # noqa: S606
        except SystemExit as request:
            code = request.code if isinstance(request.code, int) else int(request.code is not None)
        except KeyboardInterrupt:
            code = 130
        except BaseException:  # noqa: BLE001 - the last stop before the process ends
            traceback.print_exc()
        finally:
            with contextlib.suppress(OSError, ValueError):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)
