"""The child processes of `manage.py up`, each from its start to its end."""

from __future__ import annotations

import importlib
import json
import multiprocessing
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from kit.garbage import collect_garbage_rarely, exit_without_collection
from runtime import processes, sandbox
from runtime.datadir import DataDir

WEB_WORKERS = 2
WEB_CONNECTIONS = 2048  # of each worker, most of them waiting for their client
HEADER_MILLISECONDS = 10_000  # until a request's head is there; also how long an idle connection is kept
JOB_PROCESSES = 2
LAST_REQUESTS_SECONDS = 1


@dataclass(frozen=True, slots=True)
class Role:
    """One thing to run, with arguments that survive JSON."""

    name: str
    arguments: dict[str, Any]

    def run(self) -> int:
        """Run a role; returns an exit code."""
        return ROLES[self.name](**self.arguments)

    def command(self) -> list[str]:
        """Return the same in a fresh interpreter, where processes are not forked."""
        return [sys.executable, "-P", "-m", "runtime.up.roles", self.name, json.dumps(self.arguments)]


def setup(*, demo: bool, embedded: bool, record: str) -> int:
    """Bring the database up to date; fill it on the first start."""
    from kit.db.timeouts import Process, limit_statements
    from runtime.up import prepare
    from runtime.up.record import Record

    limit_statements(Process.MIGRATION)
    prepare.prepare(demo=demo, embedded=embedded, record=Record(Path(record)))
    return 0


def web(*, host: str, port: int) -> int:
    """Serve the market over HTTP."""
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.server import Server

    if processes.ON_LINUX:  # Python 3.14 has another default, with which each worker would load Django for itself
        multiprocessing.set_start_method("fork", force=True)
    Server(
        "config.rsgi:application",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        workers=WEB_WORKERS,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS),
        websockets=False,
        backlog=WEB_CONNECTIONS,
        backpressure=WEB_CONNECTIONS,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=LAST_REQUESTS_SECONDS,
    ).serve()
    return 0


def worker() -> int:
    """Run the jobs that people wait for: payments, mail and the steps after an order."""
    queues = ",".join(settings.WORKER_QUEUES)
    return _worker(
        "--queues", queues, "--hostname", "kasuwa@%h", "--pool", "prefork", "--concurrency", str(JOB_PROCESSES)
    )


def bulk() -> int:
    """Do bulk jobs, apart from all others: however many wait, they take no process from those that send mail.

    One thread in one process: a slice is mostly PostgreSQL's work, and a pool's second process would double what the
    role costs while it has nothing to do.
    """
    queue = settings.BULK_QUEUE
    return _worker("--queues", queue, "--hostname", f"{queue}@%h", "--pool", "threads", "--concurrency", "1")


def _worker(*arguments: str) -> int:
    from celery.platforms import SecurityWarning

    # Root in a container is fine: what a worker is sent is JSON, never code.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    return _celery("worker", "--loglevel", "WARNING", *arguments, "--without-gossip", "--without-mingle")


def beat(*, data_dir: str) -> int:
    """Ask for the periodic jobs when they are due."""
    schedule = str(DataDir.resolve(data_dir).beat_schedule)
    return _celery("beat", "--loglevel", "WARNING", "--schedule", schedule, "--pidfile", "")


def _celery(*arguments: str) -> int:
    # Checks are for `manage.py check`; they would cost a second at every start.
    importlib.import_module(settings.JOBS_APPLICATION).app.start(argv=["--quiet", "--skip-checks", *arguments])
    return 0


ROLES: dict[str, Callable[..., int]] = {
    "setup": setup,
    "web": web,
    "worker": worker,
    "bulk": bulk,
    "beat": beat,
    sandbox.PROVIDER: sandbox.run,
}

if __name__ == "__main__":
    collect_garbage_rarely()
    try:
        raise SystemExit(Role(sys.argv[1], json.loads(sys.argv[2])).run())
    finally:
        exit_without_collection()
