"""Use of the embedded services: start them if they do not run, and keep them while this process runs."""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from runtime import processes
from runtime.datadir import DAEMON_PID, DataDir, read_json
from runtime.errors import StartupError

SILENCE_TIMEOUT_SECONDS = 90.0
RETRY_SECONDS = 0.05


@dataclass(slots=True)
class EmbeddedServices:
    """Addresses of the services, which run at least until `release`."""

    database_url: str
    redis_url: str
    cluster: str
    daemon_pid: int
    connection: socket.socket

    def release(self) -> None:
        """Release the services; returns after they have stopped if no other process uses them."""
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(30)
            while self.connection.recv(4096):
                pass
        self.connection.close()
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.daemon_pid, os.WNOHANG)

    def reap(self) -> None:
        """Wait for the end of the service daemon; reap it where it is our child."""
        processes.wait_until_gone(self.daemon_pid, seconds=1)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.daemon_pid, os.WNOHANG)

    def __enter__(self) -> EmbeddedServices:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def to_terminal(message: str) -> None:
    """Print a line on standard error; the default of `say`."""
    sys.stderr.write(f"{message}\n")


def hold(
    data_dir: DataDir, *, fast: bool = False, throwaway: bool = False, say: Callable[[str], None] = to_terminal
) -> EmbeddedServices:
    """Use the running services of a data directory, or start them.

    Args:
        fast: if they are started now, give up durability for speed.
        throwaway: if they are started now, delete the data directory after their last use.
        say: shows a line to the person, such as the place of the data.

    Raises:
        StartupError: they cannot be started; the message names the setting to change.
    """
    data_dir.create()
    flags = [*(["--fast"] if fast else []), *(["--throwaway"] if throwaway else [])]
    deadline = time.monotonic() + SILENCE_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        services = join(data_dir)
        if services is not None:
            return services
        if not _start_daemon(data_dir, flags, say=say):
            time.sleep(RETRY_SECONDS)  # another one is starting or stopping
    message = (
        f"The embedded services of {data_dir.path} neither start nor stop; see {data_dir.services_log}. "
        "End the processes that use that directory, or set KASUWA_DATA_DIR to another one."
    )
    raise StartupError(message)


def join(data_dir: DataDir) -> EmbeddedServices | None:
    """Use the running services of a data directory, if there are any."""
    door = read_json(data_dir.services_state).get("door")
    if not isinstance(door, str):
        return None
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(10)
        connection.connect(door)
        facts = _read_line(connection)
    except OSError:
        facts = {}
    if not facts:
        connection.close()
        return None
    connection.settimeout(None)
    return EmbeddedServices(connection=connection, daemon_pid=facts.pop(DAEMON_PID), **facts)


def _read_line(connection: socket.socket) -> dict[str, Any]:
    received = b""
    while not received.endswith(b"\n"):
        part = connection.recv(4096)
        if not part:
            return {}
        received += part
    facts: dict[str, Any] = json.loads(received)
    return facts


def _start_daemon(data_dir: DataDir, flags: Sequence[str], *, say: Callable[[str], None]) -> bool:
    """Start a service daemon in the background; return False where one runs already."""
    command = [sys.executable, "-P", "-m", "runtime.service_daemon", "--data-dir", str(data_dir.path)]
    with data_dir.services_log.open("ab") as log:
        reports, theirs = os.pipe()
        # A plain process rather than a Popen: it may outlive us, and then no parent waits for it.
        pid = os.posix_spawn(
            command[0],
            [*command, *flags],
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_DUP2, theirs, 1),
                (os.POSIX_SPAWN_DUP2, log.fileno(), 2),
            ],
            setsid=True,
        )
        os.close(theirs)
    try:
        return _read_reports(reports, say=say)
    except (EOFError, StartupError) as problem:
        os.waitpid(pid, 0)
        message = str(problem) or f"The embedded services could not be started; see {data_dir.services_log}."
        raise StartupError(message) from problem
    finally:
        os.close(reports)


def _read_reports(reports: int, *, say: Callable[[str], None]) -> bool:
    """Read the reports of a starting daemon; return whether it is ready, or False where another one runs."""
    for line in _lines(reports):
        fact = json.loads(line)
        if "note" in fact:
            say(fact["note"])
        elif fact["state"] == "failed":
            raise StartupError(fact["message"])
        else:
            return bool(fact["state"] == "ready")
    raise EOFError


def _lines(descriptor: int) -> Iterator[bytes]:
    """Yield lines as they come; give up after a long time without one."""
    pending = b""
    while select.select([descriptor], [], [], SILENCE_TIMEOUT_SECONDS)[0]:
        part = os.read(descriptor, 4096)
        if not part:
            return
        *lines, pending = (pending + part).split(b"\n")
        yield from lines
