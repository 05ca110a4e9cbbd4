"""A market of processes: web server and worker as `up` starts them, a Redis and a sandbox, on a database of the tests.

The test reads and prepares rows through its own connection; what is tested is done by the processes.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
from celery import Celery
from django.conf import settings
from django.test import override_settings
from django.utils.module_loading import import_string

from config.settings.parts.published import TEST_PAYSTACK_KEY, TEST_SECRET_KEY
from kit.work import jobs
from paystack_sandbox.testing import SandboxProcess
from runtime import processes
from runtime.datadir import DataDir
from runtime.redis_server import Redis
from runtime.up import probes
from runtime.up.roles import Role
from tests.runtime_plugin import database_url, folder_in_memory
from tests.world.databases import throwaway_database
from tests.world.live_site import LiveSite, free_port

T = TypeVar("T")
SECONDS = 90.0  # only ends a test that would wait for ever
LOOK_SECONDS, ASK_SECONDS = 0.03, 1.0
HOOKS = "/webhooks/paystack/"


@dataclass
class ServedMarket:
    """The processes, and ways to reach them."""

    site: LiveSite
    paystack: SandboxProcess
    redis: Redis
    environment: dict[str, str]
    log: Path
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    beat: Celery = field(init=False)

    def __post_init__(self) -> None:
        url = self.redis.url.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
        self.beat = Celery("beat of the tests", broker=url, set_as_current=False)

    def start(self, role: Role) -> None:
        """Start a process of the market."""
        with self.log.open("ab") as log:
            self.children[role.name] = subprocess.Popen(
                role.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
                start_new_session=True,
                preexec_fn=processes.die_with_parent(signal.SIGTERM),  # noqa: PLW1509
            )

    def start_redis(self) -> None:
        """Start the broker, and wait for it."""
        self.redis.start()
        self.until(self.redis.is_ready)

    def kill(self, name: str) -> None:
        """End a process and its children as a crash would."""
        child = self.children.pop(name)
        processes.signal_group(child.pid, signal.SIGKILL)
        child.wait()

    def end(self) -> None:
        """End all processes."""
        self.beat.close()
        for child in self.children.values():
            processes.end_child(child, signals=[signal.SIGTERM, signal.SIGKILL], seconds=10)
            processes.signal_group(child.pid, signal.SIGKILL)

    def ask_for(self, *tasks: str, **named: Any) -> None:
        """Ask a worker for rounds, as beat does."""
        for task in tasks:
            self.beat.send_task(task, kwargs=named, queue="money")

    def until(self, check: Callable[[], T], *, asking: tuple[str, ...] = (), before: Callable[[], object] = bool) -> T:
        """Wait until a check holds; return what it said.

        Args:
            asking: rounds that are asked for meanwhile, again and again.
            before: what is done before each time.
        """
        deadline, ask_at = time.monotonic() + SECONDS, 0.0
        while not (answer := check()):
            now = time.monotonic()
            if now > deadline:
                pytest.fail(f"It did not come; last answer: {answer!r}\n{self.log.read_text(errors='replace')[-4000:]}")
            if asking and now >= ask_at:
                before()
                self.ask_for(*asking)
                ask_at = now + ASK_SECONDS
            time.sleep(LOOK_SECONDS)
        return answer

    def hand_over(self, task: Any, named: dict[str, Any] | None = None) -> None:
        """Queue a task that a service of the test's own process has asked for."""
        self.ask_for((import_string(task) if isinstance(task, str) else task).name, **named or {})


@contextmanager
def serve_market(**environment: str) -> Iterator[ServedMarket]:
    """Run a market on a database of its own, at which Django is pointed meanwhile."""
    folder = Path(tempfile.mkdtemp(prefix="kasuwa-served-", dir=folder_in_memory()))
    sockets = Path(tempfile.mkdtemp(prefix="kasuwa-", dir="/tmp"))
    with ExitStack() as stack:
        for made in (folder, sockets):
            stack.callback(shutil.rmtree, made, ignore_errors=True)
        name = stack.enter_context(throwaway_database())
        market = stack.enter_context(_processes(folder, sockets, database_url(name), environment))
        own = {"PORT": market.site.port, "PAYSTACK_BASE_URL": market.paystack.url}
        stack.enter_context(override_settings(**own))
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(jobs, "_wake", market.hand_over)
        patch.setattr(jobs, "_send", market.hand_over)
        yield market


@contextmanager
def _processes(folder: Path, sockets: Path, database: str, environment: dict[str, str]) -> Iterator[ServedMarket]:
    data_dir, port = DataDir(folder / "data"), free_port()
    data_dir.create()
    redis = Redis(data_dir, socket_path=sockets / "redis.sock", fast=True)
    sandbox = SandboxProcess(
        *("--finish-after", "never"),
        store=folder / "sandbox.sqlite3",
        webhook_url=f"http://127.0.0.1:{port}{HOOKS}",
        secret_key=TEST_PAYSTACK_KEY,
    )
    with sandbox:
        given = {
            "DJANGO_SETTINGS_MODULE": "config.settings.local",
            "DATABASE_URL": database,
            "REDIS_URL": redis.url,
            "KASUWA_DATA_DIR": str(data_dir.path),
            "KASUWA_PORT": str(port),
            "PAYSTACK_BASE_URL": sandbox.url,
            "PAYSTACK_SECRET_KEY": TEST_PAYSTACK_KEY,
            "SECRET_KEY": TEST_SECRET_KEY,
            "SHOP_ROLES": settings.SHOP_ROLES,
            "TRUSTED_PROXY_COUNT": "1",  # each buyer has an address of their own
        }
        market = ServedMarket(
            LiveSite(port), sandbox, redis, {**os.environ, **given, **environment}, folder / "market.log"
        )
        try:
            market.start_redis()
            market.start(Role("web", {"host": "127.0.0.1", "port": port}))
            market.start(Role("worker", {}))
            market.until(lambda: probes.web_lives("127.0.0.1", port))
            yield market
        finally:
            market.end()
            redis.stop()
