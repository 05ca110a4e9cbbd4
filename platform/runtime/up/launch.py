"""From `manage.py up` to the ready banner, and back to an empty process list."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from runtime import embedded, processes, sandbox
from runtime.datadir import DataDir, Lock, local_secrets, read_json, write_private
from runtime.environment import ADDRESSES, PRODUCTION_SETTINGS, SETTINGS, export
from runtime.errors import AlreadyRunningError, StartupError
from runtime.unusable import require_answers
from runtime.up import banner, probes, reload, shared
from runtime.up.child import Child
from runtime.up.options import Options, add_arguments, read
from runtime.up.output import Terminal
from runtime.up.probes import require_free
from runtime.up.roles import Role
from runtime.up.supervisor import StopAsked, Supervisor

if TYPE_CHECKING:
    from runtime.up.record import Record

READY_SECONDS = 90.0


def main(words: Sequence[str]) -> int:
    """Run as `manage.py up ...`. Returns an exit code."""
    parser = argparse.ArgumentParser(prog="manage.py up", description="Run the whole market on this machine.")
    add_arguments(parser)
    options = read(vars(parser.parse_args(words)))
    return reload.run(options) if options.reload else run(options)


def run(options: Options) -> int:
    """Run the market until asked to stop.

    Raises:
        StartupError: it cannot start; the message tells the reason and the remedy.
    """
    if os.environ.get(SETTINGS) == PRODUCTION_SETTINGS:
        message = "`up` is for one machine. In production start each process by itself; see docs/operations.md."
        raise StartupError(message)
    started = time.monotonic()
    data_dir = DataDir.resolve()
    data_dir.create()
    with _market_lock(data_dir) as lock:
        _end_leftovers(data_dir)
        require_free(host=options.host, port=options.port, option="--port")
        if sandbox.is_wanted():
            if options.sandbox_port == options.port:
                message = f"The market and the sandbox cannot both have port {options.port}. Change --sandbox-port."
                raise StartupError(message)
            require_free(host="127.0.0.1", port=options.sandbox_port, option="--sandbox-port")
        _Market(options, data_dir, lock, started).run()
    return 0


class _Market:
    """One run."""

    def __init__(self, options: Options, data_dir: DataDir, lock: Lock, started: float) -> None:
        self._options = options
        self._data_dir = data_dir
        self._lock = lock
        self._started = started
        self._terminal = Terminal()
        self._with_sandbox = sandbox.is_wanted()
        self._held: embedded.EmbeddedServices | None = None

    def run(self) -> None:
        supervisor = Supervisor(self._terminal, forget=self._forget, remember=self._remember)
        try:
            with supervisor:
                self._start(supervisor)
                supervisor.run_forever()
        except StopAsked:
            if not self._options.reload:
                self._terminal.say("Kasuwa is closed.")
        finally:
            if self._held is not None:
                self._held.release()

    def _start(self, supervisor: Supervisor) -> None:
        self._set_environment()
        self._watch_daemon(supervisor)
        if self._with_sandbox:
            supervisor.add(self._sandbox())
        shared.load()
        self._require_given_servers()
        self._set_up(supervisor)
        probes.forget_old_heartbeat()
        host, port = self._options.host, self._options.port
        supervisor.add(Child(Role("web", {"host": host, "port": port}), is_ready=lambda: probes.web_lives(host, port)))
        worker_signals = (signal.SIGTERM, signal.SIGQUIT, signal.SIGKILL)
        supervisor.add(Child(Role("worker", {}), is_ready=probes.worker_lives, end_signals=worker_signals))
        supervisor.add(Child(Role("bulk", {}), is_ready=probes.bulk_worker_lives, end_signals=worker_signals))
        supervisor.add(Child(Role("beat", {"data_dir": str(self._data_dir.path)}), is_ready=lambda: True))
        supervisor.run_until_ready(seconds=READY_SECONDS)
        probes.require_ready(host, port)
        self._show_banner()

    def _set_environment(self) -> None:
        """Start the services and export what settings and children read."""
        if not all(os.environ.get(name) for name in ADDRESSES):
            self._held = embedded.hold(self._data_dir, say=self._terminal.say)
            export(self._data_dir, self._held)
        for name, value in local_secrets(self._data_dir).items():
            os.environ.setdefault(name, value)
        os.environ["PYTHONUNBUFFERED"] = "1"
        os.environ.update(_environment(self._options))

    def _require_given_servers(self) -> None:
        """Refuse to start on a database or Redis that was given and does not answer."""
        held = self._held
        database_url, redis_url = (os.environ[name] for name in ADDRESSES)
        require_answers(
            database_url=None if held and database_url == held.database_url else database_url,
            redis_url=None if held and redis_url == held.redis_url else redis_url,
        )

    def _watch_daemon(self, supervisor: Supervisor) -> None:
        """Restart the service daemon of PostgreSQL and Redis whenever it ends."""
        held = self._held
        if held is None:
            return

        def start_again() -> None:
            self._terminal.line("kasuwa", "the service daemon of PostgreSQL and Redis has ended; starting it again")
            held.connection.close()
            held.reap()
            self._held = None
            self._held = embedded.hold(self._data_dir, say=self._terminal.say)
            if (self._held.database_url, self._held.redis_url) != (held.database_url, held.redis_url):
                message = "PostgreSQL and Redis run again, but at other addresses. Start Kasuwa again."
                raise StartupError(message)
            self._watch_daemon(supervisor)

        supervisor.when_closed(held.connection, start_again)

    def _set_up(self, supervisor: Supervisor) -> None:
        """Migrate and fill the database in a process of its own, unless there is nothing to do."""
        record = self._record()
        if self._owns_database() and record.is_current:
            return
        arguments = {"demo": self._options.demo, "embedded": self._owns_database(), "record": str(record.path)}
        code = supervisor.run_to_end(Child(Role("setup", arguments), is_ready=lambda: True))
        if code != 0:
            message = f"The database could not be brought up to date (exit code {code}); see above."
            raise StartupError(message)

    def _owns_database(self) -> bool:
        return self._held is not None and os.environ["DATABASE_URL"] == self._held.database_url

    def _sandbox(self) -> Child:
        from django.conf import settings

        port, web_port = self._options.sandbox_port, self._options.port
        pictures = urljoin(f"http://{settings.BASE_DOMAIN}:{web_port}/", settings.MEDIA_URL)
        arguments = sandbox.arguments(port=port, data_dir=self._data_dir.path, web_port=web_port, pictures=pictures)
        arguments += ["--public-url", f"http://localhost:{port}"]
        return Child(Role(sandbox.PROVIDER, {"arguments": arguments}), is_ready=lambda: probes.is_answering(port))

    def _show_banner(self) -> None:
        from django.conf import settings

        seconds = time.monotonic() - self._started
        if self._options.is_again:
            self._terminal.line("kasuwa", f"open again after {seconds:.1f} s")
            return
        domain: str = settings.BASE_DOMAIN
        with_demo = self._record().has_demo
        banner.show(
            self._terminal,
            self._options,
            base_domain=domain,
            with_demo=with_demo,
            with_sandbox=self._with_sandbox,
            seconds=seconds,
        )

    def _record(self) -> Record:
        from runtime.up.record import Record

        if self._held is not None and self._owns_database():
            return Record.of_cluster(self._held.cluster)
        return Record.of_address(self._data_dir, os.environ["DATABASE_URL"])

    def _forget(self) -> None:
        """In a fresh child: the lock and the services are held by us alone."""
        self._lock.release()
        if self._held is not None:
            self._held.connection.close()

    def _remember(self, children: list[Child]) -> None:
        running = {child.name: {"pid": child.pid, "born": child.born} for child in children if child.running}
        _write_state(self._data_dir, self._options, running)


def _write_state(data_dir: DataDir, options: Options, running: Mapping[str, object]) -> None:
    state = {
        "pid": os.getpid(),
        "address": f"http://localhost:{options.port}",
        "environment": _environment(options),
        "children": running,
    }
    write_private(data_dir.up_state, state)


def _environment(options: Options) -> dict[str, str]:
    """Return the environment with the addresses of the market and its sandbox."""
    address = os.environ.get(sandbox.ADDRESS) or f"http://127.0.0.1:{options.sandbox_port}"
    return {"KASUWA_PORT": str(options.port), sandbox.ADDRESS: address}


@contextlib.contextmanager
def _market_lock(data_dir: DataDir) -> Iterator[Lock]:
    lock = Lock(data_dir.up_lock)
    if not lock.take():
        other = read_json(data_dir.up_state)
        message = (
            f"Kasuwa already runs on the data in {data_dir.path}: process {other.get('pid', 'unknown')}, "
            f"{other.get('address', 'address unknown')}. Stop it first, or choose another --data-dir (and --port)."
        )
        raise AlreadyRunningError(message)
    try:
        yield lock
    finally:
        lock.release()


def _end_leftovers(data_dir: DataDir) -> None:
    """End the children of an `up` that was killed and could not do it itself."""
    for name, child in read_json(data_dir.up_state).get("children", {}).items():
        pid, born = child["pid"], child["born"]
        if processes.exists(pid) and processes.start_time(pid) != born:
            continue  # the id belongs to another process by now
        if processes.signal_group(pid, signal.SIGTERM):
            sys.stderr.write(f"Ending {name} (process {pid}), left over from a run that was killed.\n")
            processes.end_group(pid, signals=[signal.SIGTERM, signal.SIGKILL], seconds=3)
