"""The service daemon: a small process that owns a data directory's PostgreSQL and Redis.

A process that needs them connects to the daemon's socket and stays connected. The kernel closes that connection when
the process ends, in any way, so the daemon knows its clients; after the last one it shuts both servers down and exits.
One daemon per data directory is ensured by a file lock. Standard library only: it is small and up in a moment.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import selectors
import shutil
import signal
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runtime import postgres_home
from runtime.datadir import DAEMON_PID, DataDir, Lock, local_secrets, read_json, write_private
from runtime.errors import StartupError
from runtime.postgres import Postgres
from runtime.redis_server import Redis
from runtime.server_watch import ServerWatch, wait_until_up
from runtime.socket_dir import socket_dir

if TYPE_CHECKING:
    from types import FrameType

FIRST_CLIENT_SECONDS = 15.0
REFRESH_SECONDS = 3600.0  # keeps cleaners of temporary directories away from the sockets


class ServiceDaemon:
    """Both servers of one data directory and the connections of their clients."""

    def __init__(self, data_dir: DataDir, *, fast: bool) -> None:
        self._data_dir = data_dir
        earlier = read_json(data_dir.services_state)
        home = postgres_home.settle(data_dir, say=lambda note: report(note=note))
        self._sockets = socket_dir(earlier=earlier.get("sockets"), account=home.account)
        self.postgres = Postgres(data_dir, home, socket_dir=self._sockets / "pg", fast=fast)
        self.redis = Redis(data_dir, socket_path=self._sockets / "redis.sock", fast=fast)
        if "redis_pid" in earlier:
            self.redis.end_leftover(pid=earlier["redis_pid"], socket_path=f"{earlier['sockets']}/redis.sock")
        self._selector = selectors.DefaultSelector()
        self._clients: set[socket.socket] = set()
        self._last: socket.socket | None = None
        self._watches = [ServerWatch(server, say=log, changed=self._remember) for server in (self.redis, self.postgres)]
        self._ending = False

    def start(self) -> None:
        """Start both servers side by side, then accept clients."""
        for watch in self._watches:
            watch.start()
        wait_until_up(self._watches, tell=lambda note: report(note=note))
        self._listen()

    def serve(self) -> None:
        """Serve until the last client has disconnected, or until a signal."""
        deadline: float | None = time.monotonic() + FIRST_CLIENT_SECONDS
        while not self._ending:
            wait = self._watch_servers()
            if deadline is not None:
                wait = min(wait, max(deadline - time.monotonic(), 0))
            events = self._selector.select(wait)
            for key, _ in events:
                key.data(key.fileobj)
            if self._clients:
                deadline = None
            elif deadline is None or time.monotonic() >= deadline:
                self._ending = not self._accept_waiting()
            os.utime(self._sockets)

    def stop(self) -> None:
        """Stop accepting clients, stop both servers, and only then disconnect the clients.

        Where clients are connected, the next daemon will be asked to serve them at the same addresses.
        """
        with contextlib.suppress(FileNotFoundError):
            self._listener_path.unlink()
        self.postgres.stop()
        self.redis.stop()
        if self._clients:
            return
        shutil.rmtree(self._sockets, ignore_errors=True)
        with contextlib.suppress(FileNotFoundError):
            self._data_dir.services_state.unlink()

    def throw_away(self) -> None:
        """Delete all data, also what had to be put outside the data directory."""
        if self._data_dir.postgres_location.exists():
            shutil.rmtree(self.postgres.cluster.parent, ignore_errors=True)
        shutil.rmtree(self._data_dir.path, ignore_errors=True)
        shutil.rmtree(self._sockets, ignore_errors=True)

    def end_soon(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Leave the loop at its next iteration (a signal handler)."""
        self._ending = True

    @property
    def _listener_path(self) -> Path:
        return self._sockets / "keeper.sock"

    def _listen(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            self._listener_path.unlink()
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        before = os.umask(0o177)
        self._listener.bind(str(self._listener_path))
        os.umask(before)
        self._listener.listen(64)
        self._listener.setblocking(False)
        self._selector.register(self._listener, selectors.EVENT_READ, lambda _: self._accept_waiting())
        self._wake, wake = socket.socketpair()
        for end in (self._wake, wake):
            end.setblocking(False)
        self._wake_writer = wake
        signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
        self._selector.register(self._wake, selectors.EVENT_READ, lambda end: end.recv(4096))

    def _accept_waiting(self) -> bool:
        """Accept the waiting clients; return whether there were any."""
        has_accepted = False
        while True:
            try:
                client, _ = self._listener.accept()
            except BlockingIOError:
                return has_accepted
            has_accepted = True
            client.setblocking(False)
            self._clients.add(client)
            self._selector.register(client, selectors.EVENT_READ, self._hear)
            with contextlib.suppress(OSError):
                client.sendall(json.dumps(self._facts()).encode() + b"\n")

    def _hear(self, client: Any) -> None:
        """Remove a client that has disconnected; clients send no data."""
        with contextlib.suppress(OSError):
            if client.recv(64):
                return
        self._selector.unregister(client)
        self._clients.discard(client)
        if self._clients:
            client.close()
        else:
            self._last = client  # stays open, so that the last one can wait for the servers' end

    def _facts(self) -> dict[str, Any]:
        return {
            "database_url": self.postgres.url,
            "redis_url": self.redis.url,
            "cluster": str(self.postgres.cluster),
            DAEMON_PID: os.getpid(),
        }

    def _remember(self) -> None:
        state = self._facts() | {"sockets": str(self._sockets), "door": str(self._listener_path)}
        for name, server in (("redis_pid", self.redis), ("postgres_pid", self.postgres)):
            if server.process is not None:
                state[name] = server.process.pid
        write_private(self._data_dir.services_state, state)

    def _watch_servers(self) -> float:
        """Restart servers that ended by themselves; return the seconds until the next check."""
        waits = [watch.turn() for watch in self._watches]
        return min((wait for wait in waits if wait is not None), default=REFRESH_SECONDS)


def log(message: str) -> None:
    """Write to services.log, which standard error is connected to."""
    with contextlib.suppress(OSError):  # a full disk must not end the servers
        sys.stderr.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {message}\n")
        sys.stderr.flush()


def report(**fact: str) -> None:
    """Report progress to the process that started us, which reads until we are ready."""
    with contextlib.suppress(OSError):
        sys.stdout.write(json.dumps(fact) + "\n")
        sys.stdout.flush()


def run(data_dir: DataDir, *, fast: bool, throwaway: bool = False) -> int:
    """Run the services of `data_dir` until their last client disconnects. Returns an exit code."""
    lock = Lock(data_dir.services_lock)
    daemon: ServiceDaemon | None = None
    try:
        if not lock.take():
            report(state="busy")
            return 0
        local_secrets(data_dir)
        daemon = ServiceDaemon(data_dir, fast=fast)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, daemon.end_soon)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        daemon.start()
        report(state="ready")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        daemon.serve()
    except StartupError as problem:
        log(str(problem))
        report(state="failed", message=str(problem))
        return 1
    finally:
        if daemon is not None:
            daemon.stop()
            if throwaway:
                daemon.throw_away()
        lock.release()
    return 0


def main() -> int:
    """Run as `python -m runtime.service_daemon --data-dir DIR [--fast] [--throwaway]`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", required=True)
    parser.add_argument("--fast", action="store_true", help="give up durability for speed (tests)")
    parser.add_argument("--throwaway", action="store_true", help="delete the data at the end (tests)")
    options = parser.parse_args()
    return run(DataDir.resolve(options.data_dir), fast=options.fast, throwaway=options.throwaway)


if __name__ == "__main__":
    raise SystemExit(main())
