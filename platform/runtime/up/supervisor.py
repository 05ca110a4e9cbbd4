"""Supervisor that keeps the child processes running, prints their output, and ends them.

A stop may be asked for at any moment, also between the fork of a child and the note of its pipe. There it is held back
until the child and what is known of it agree again: the end reads each child's last output, and would wait for ever for
a pipe that is half prepared.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import time
from collections.abc import Callable, Iterator
from types import FrameType, TracebackType

from runtime import processes
from runtime.errors import StartupError
from runtime.up.child import OUR_SIGNALS, Child
from runtime.up.output import Terminal

EARLY_FAILURES = 3
TURN_SECONDS = 0.1
QUIET_SECONDS = 60.0
STOP_TIMEOUTS_SECONDS = (2.5, 1.0, 0.5)  # after each signal: all of it is over in less than five seconds


class StopAsked(BaseException):
    """Ctrl-C, SIGTERM or a closed terminal: end everything, in order."""


class Supervisor:
    """The children of one run.

    Args:
        forget: run in each fresh child, to close what only we may hold.
        remember: gets the running processes, whenever they change.
    """

    def __init__(
        self, terminal: Terminal, *, forget: Callable[[], None], remember: Callable[[list[Child]], None]
    ) -> None:
        self._terminal = terminal
        self._forget_ours = forget
        self._remember = remember
        self._children: list[Child] = []
        self._selector = selectors.DefaultSelector()
        self._stopping = False
        self._is_stop_asked = False
        self._is_interruptible = True

    def __enter__(self) -> Supervisor:
        self._wake, self._wake_writer = socket.socketpair()
        for end in (self._wake, self._wake_writer):
            end.setblocking(False)
        self._selector.register(self._wake, selectors.EVENT_READ, self._hear_signal)
        for number in OUR_SIGNALS - {signal.SIGCHLD}:
            signal.signal(number, self._stop_asked)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake_writer.fileno(), warn_on_full_buffer=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping = True
        self._stop_children()
        signal.set_wakeup_fd(-1)
        self._close()

    def add(self, child: Child) -> None:
        """Start a child and supervise it from now on."""
        self._children.append(child)
        self._start(child)

    def when_closed(self, connection: socket.socket, act: Callable[[], None]) -> None:
        """Call `act` once the other end of a connection, which sends nothing, is closed."""

        def hear() -> None:
            if _says_something(connection):
                return
            self._selector.unregister(connection)
            if not self._stopping:
                with self._interruptible():  # it may take minutes
                    act()

        self._selector.register(connection, selectors.EVENT_READ, hear)

    def run_to_end(self, child: Child) -> int:
        """Start a child that is meant to end, and wait for it. Returns its exit code."""
        self._children.append(child)
        self._start(child)
        code: int | None = None
        while code is None:
            with self._uninterrupted():
                self._listen(TURN_SECONDS)
                code = child.ended()
        with self._uninterrupted():
            self._hear_out(child)
            self._children.remove(child)
        return code

    def run_until_ready(self, *, seconds: float) -> None:
        """Look after the children until each is ready.

        Raises:
            StartupError: one keeps ending, or it takes too long.
        """
        deadline = time.monotonic() + seconds
        while waiting := self._not_ready():
            self._turn(TURN_SECONDS)
            names = ", ".join(child.name for child in waiting)
            if any(child.failures >= EARLY_FAILURES for child in waiting):
                message = f"These do not start, and say why above: {names}."
                raise StartupError(message)
            if time.monotonic() > deadline:
                message = f"Not ready within {seconds:.0f} seconds: {names}."
                raise StartupError(message)

    def run_forever(self) -> None:
        """Look after the children until asked to stop (StopAsked)."""
        while True:
            self._turn(1.0 if self._not_ready() else QUIET_SECONDS)

    def _not_ready(self) -> list[Child]:
        for child in self._children:
            child.ready = child.running and (child.ready or child.is_ready())
        return [child for child in self._children if not child.ready]

    def _turn(self, seconds: float) -> None:
        due = [child.restart_at for child in self._children if child.restart_at is not None]
        if due:
            seconds = min(seconds, max(min(due) - time.monotonic(), 0.0))
        with self._uninterrupted():
            self._listen(seconds)
            for child in self._children:
                code = child.ended()
                if code is not None:
                    self._after_crash(child, code)
                if child.restart_at is not None and time.monotonic() >= child.restart_at and not self._is_stop_asked:
                    self._start(child)

    def _start(self, child: Child) -> None:
        with self._uninterrupted():
            child.start(self._forget)
            self._selector.register(child.pipe, selectors.EVENT_READ, child)
            self._remember(self._children)

    def _after_crash(self, child: Child, code: int) -> None:
        self._hear_out(child)
        pause = child.plan_restart()
        how = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
        when = f" in {pause:.1f} s" if pause else ""
        self._terminal.line("kasuwa", f"{child.name} {how}; starting it again{when}")

    def _listen(self, seconds: float) -> None:
        """Wait for words or signals, and print the words."""
        for key, _ in self._selector.select(seconds):
            if isinstance(key.data, Child):
                self._print(key.data)
            else:
                key.data()

    def _hear_signal(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._wake.recv(4096)

    def _print(self, child: Child) -> bool:
        """Print a child's output; return whether there was any."""
        lines, more = child.read()
        for line in lines:
            self._terminal.line(child.name, line)
        if not more:
            self._selector.unregister(child.pipe)
            child.close_pipe()
        return bool(lines)

    def _hear_out(self, child: Child) -> None:
        """Print the last words of a child that has ended."""
        while child.pipe != -1 and self._print(child):
            pass
        if child.pipe != -1:
            self._selector.unregister(child.pipe)
            child.close_pipe()

    def _close(self) -> None:
        self._selector.close()
        self._wake.close()
        self._wake_writer.close()

    def _forget(self) -> None:
        """In a fresh child: close what is the supervisor's own."""
        self._close()
        for child in self._children:
            if child.pipe != -1:
                os.close(child.pipe)
        self._forget_ours()

    @contextlib.contextmanager
    def _uninterrupted(self) -> Iterator[None]:
        """Hold back a stop until the block has ended."""
        before, self._is_interruptible = self._is_interruptible, False
        try:
            yield
        finally:
            self._is_interruptible = before
        if before and self._is_stop_asked:
            raise StopAsked

    @contextlib.contextmanager
    def _interruptible(self) -> Iterator[None]:
        """Let a stop break into a part of an uninterrupted block."""
        before, self._is_interruptible = self._is_interruptible, True
        try:
            if self._is_stop_asked:
                raise StopAsked
            yield
        finally:
            self._is_interruptible = before

    def _stop_asked(self, number: int, frame: FrameType | None) -> None:
        if not self._is_stop_asked:
            self._is_stop_asked = True
            if self._is_interruptible:
                raise StopAsked
            return
        for child in self._children:  # asked again: every timeout is over
            if child.running:
                processes.signal_group(child.pid, signal.SIGKILL)

    def _stop_children(self) -> None:
        for step, timeout in enumerate(STOP_TIMEOUTS_SECONDS):
            for child in self._children:
                if child.running and step < len(child.end_signals):
                    child.send(child.end_signals[step])
            deadline = time.monotonic() + timeout
            while self._somebody_runs() and time.monotonic() < deadline:
                self._listen(TURN_SECONDS)
        for child in self._children:
            self._hear_out(child)
        self._remember([])

    def _somebody_runs(self) -> bool:
        for child in self._children:
            child.ended()
        return any(child.running for child in self._children)


def _says_something(connection: socket.socket) -> bool:
    try:
        return bool(connection.recv(4096, socket.MSG_DONTWAIT))
    except BlockingIOError:
        return True
    except OSError:
        return False
