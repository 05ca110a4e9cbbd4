"""Everything that a benchmark runs on: services, processes and loads of its own, all ended with it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from runtime import embedded, environment, processes, sandbox
from runtime.datadir import DataDir
from runtime.up import probes
from runtime.up.roles import Role
from tests.bench.core.results import Figure

SETTINGS = "config.settings.local"  # what `manage.py up` runs with
READY_SECONDS = 60.0
GONE_SECONDS = 20.0
LAST_WORDS = 3000
NOT_OURS = ("DATABASE_URL", "REDIS_URL", "PAYSTACK_BASE_URL", "PAYSTACK_SECRET_KEY", "SECRET_KEY", "KASUWA_PORT")
FLOOR_TABLES = """
CREATE TABLE floor_product (id bigserial PRIMARY KEY, name varchar(100) NOT NULL, description text NOT NULL,
    price_minor bigint NOT NULL, stock int NOT NULL CHECK (stock >= 0), created_at timestamptz NOT NULL);
CREATE TABLE floor_order (id bigserial PRIMARY KEY, total_minor bigint NOT NULL, created_at timestamptz NOT NULL);
CREATE TABLE floor_orderline (id bigserial PRIMARY KEY, order_id bigint NOT NULL REFERENCES floor_order,
    product_id bigint NOT NULL REFERENCES floor_product, quantity int NOT NULL, price_minor bigint NOT NULL);
CREATE INDEX ON floor_orderline (order_id);
CREATE INDEX ON floor_orderline (product_id);
INSERT INTO floor_product (name, description, price_minor, stock, created_at)
SELECT 'Product ' || n, repeat('Woven on narrow looms. ', 4), 1000 + n, 1000000000, now()
  FROM generate_series(1, {products}) n;
"""
FLOOR_PRODUCTS = 2000


@dataclass(slots=True)
class Stand:
    """One benchmark's machine."""

    folder: Path
    stack: contextlib.ExitStack
    services: embedded.EmbeddedServices | None = None
    base_domain: str = "kasuwa.localhost"
    log: Path = field(init=False)
    web_pid: int = 0  # of the web server, once it runs

    def __post_init__(self) -> None:
        self.log = self.folder / "bench.log"

    @property
    def data_dir(self) -> DataDir:
        """Return the data directory of this benchmark."""
        return DataDir(self.folder / "data")

    @property
    def host(self) -> str:
        """The market's host, as a header."""
        return self.base_domain

    def start_services(self) -> None:
        """Start PostgreSQL and Redis as the product has them, durable, and load Django on them."""
        self.services = self.stack.enter_context(embedded.hold(self.data_dir))
        for name in NOT_OURS:
            os.environ.pop(name, None)
        os.environ[environment.SETTINGS] = SETTINGS
        os.environ["KASUWA_DATA_DIR"] = str(self.data_dir.path)
        os.environ["TRUSTED_PROXY_COUNT"] = "1"  # each buyer of a load has an address of their own
        os.environ["KASUWA_PORT"] = str(free_port())
        os.environ["PAYSTACK_BASE_URL"] = f"http://127.0.0.1:{free_port()}"
        environment.export(self.data_dir, self.services)
        import django

        django.setup()
        self.stack.callback(_close_connections)

    def migrate(self) -> None:
        """Make the platform's tables."""
        from tenants.schemas.migrations import migrate_public

        migrate_public()

    def new_database(self, name: str) -> str:
        """Make an empty database on the same server; returns its address."""
        import psycopg

        parts = urlsplit(os.environ["DATABASE_URL"])
        with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as server:
            server.execute(f'CREATE DATABASE "{name}"'.encode())
        return urlunsplit(parts._replace(path=f"/{name}"))

    def web(self) -> int:
        """Start the market's web server as `manage.py up` does; returns its port."""
        port = int(os.environ["KASUWA_PORT"])
        role = Role("web", {"host": "127.0.0.1", "port": port})
        self.web_pid = self._role(role, lambda: probes.web_lives("127.0.0.1", port)).pid
        return port

    def worker(self) -> None:
        """Start the Celery worker."""
        probes.forget_old_heartbeat()
        self._role(Role("worker", {}), probes.worker_lives)

    def sandbox(self) -> str:
        """Start the Paystack sandbox; returns its address."""
        address = os.environ["PAYSTACK_BASE_URL"]
        port = urlsplit(address).port or 0
        arguments = sandbox.arguments(port=port, data_dir=self.data_dir.path, web_port=int(os.environ["KASUWA_PORT"]))
        self._role(Role("paystack", {"arguments": arguments}), lambda: probes.is_answering(port))
        return address

    def provider(self, *, milliseconds: float = 0) -> None:
        """Start a provider that opens payment pages and does nothing else."""
        port = urlsplit(os.environ["PAYSTACK_BASE_URL"]).port or 0
        words = [sys.executable, "-m", "tests.bench.provider", str(port), str(milliseconds)]
        self.process("provider", words, lambda: probes.is_answering(port))

    def floor(self) -> int:
        """Start the yardstick's web server with a database of its own; returns its port."""
        import psycopg

        address = self.new_database("floor")
        with psycopg.connect(address) as connection:
            connection.execute(FLOOR_TABLES.format(products=FLOOR_PRODUCTS).encode())
        port = free_port()
        words = [sys.executable, "-m", "tests.bench.floor.serve", str(port)]
        self.process("floor", words, lambda: _answers_hello(port), extra={"FLOOR_DATABASE_URL": address})
        return port

    def process(
        self, name: str, words: list[str], is_ready: Callable[[], bool], *, extra: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a process for as long as the stand stands.

        Raises:
            RuntimeError: it does not get ready.
        """
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **(extra or {})},
                start_new_session=True,
                preexec_fn=processes.die_with_parent(signal.SIGTERM),  # noqa: PLW1509
            )
        self.stack.callback(_end, child)
        deadline = time.monotonic() + READY_SECONDS
        while not is_ready():
            if child.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{name} did not start:\n{self.log.read_text(errors='replace')[-LAST_WORDS:]}")
            time.sleep(0.05)
        return child

    def _role(self, role: Role, is_ready: Callable[[], bool]) -> subprocess.Popen[bytes]:
        return self.process(role.name, role.command(), is_ready)


def load(
    *,
    port: int,
    scenario: str,
    arguments: Mapping[str, Any],
    clients: int,
    seconds: float | None = None,
    operations: int | None = None,
    reuse: bool = True,
) -> dict[str, Any]:
    """Run a load in a process of its own and return what it saw."""
    asked = {
        "port": port,
        "scenario": f"tests.bench.scenarios:{scenario}",
        "arguments": dict(arguments),
        "clients": clients,
        "seconds": seconds,
        "operations": operations,
        "reuse": reuse,
        "seed": os.urandom(4).hex(),
    }
    words = [sys.executable, "-m", "tests.bench.core.load"]
    answer = subprocess.run(words, input=json.dumps(asked), capture_output=True, text=True, check=False)
    if answer.returncode != 0 or not answer.stdout:
        raise RuntimeError(f"The load failed:\n{answer.stderr[-LAST_WORDS:]}")
    seen: dict[str, Any] = json.loads(answer.stdout)
    return seen


def rate(seen: dict[str, Any], *, accepts: tuple[str, ...] = ()) -> Figure:
    """Read a load's result as operations done per second; whatever else came of one is a problem."""
    done = seen["operations"].get("done", 0)
    bad = {name: count for name, count in seen["operations"].items() if name not in {"done", *accepts}}
    problems = (f"{bad}: {'; '.join(seen['samples'])}",) if bad else ()
    facts = {name: seen[name] for name in ("operations", "requests", "statuses", "cpu_us_per_request")}
    return Figure(done / seen["seconds"], seen["latency_ms"], facts, problems)


@contextlib.contextmanager
def standing() -> Iterator[Stand]:
    """A stand in a directory of its own, taken down afterwards, also on Ctrl-C."""
    folder = Path(tempfile.mkdtemp(prefix="kasuwa-bench-"))
    try:
        folder.chmod(0o711)  # PostgreSQL may run as another user
        with contextlib.ExitStack() as stack:
            yield Stand(folder, stack)
    finally:
        _remove(folder)


def _remove(folder: Path) -> None:
    """Delete a folder, again if a service that was stopped while it started still writes to it."""
    deadline = time.monotonic() + GONE_SECONDS
    while folder.exists() and time.monotonic() < deadline:
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.05)


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers_hello(port: int) -> bool:
    return probes._ask("127.0.0.1", port, "/hello/")[0] == 200


def _end(child: subprocess.Popen[bytes]) -> None:
    processes.end_child(child, signals=[signal.SIGTERM, signal.SIGKILL], seconds=10)
    processes.signal_group(child.pid, signal.SIGKILL)  # whom it left behind


def _close_connections() -> None:
    from django.db import connections
    from django.db.backends.postgresql.base import DatabaseWrapper

    for connection in connections.all(initialized_only=True):
        connection.close()
        if isinstance(connection, DatabaseWrapper):
            connection.close_pool()
