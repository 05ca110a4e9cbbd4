"""`manage.py` as a person runs it: in a process of its own, on a data directory of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runtime.datadir import PROJECT_ROOT, DataDir, read_json
from tests.runtime_plugin import folder_in_memory
from tests.world.live_site import free_port

ADDRESSES = (
    "DATABASE_URL",
    "REDIS_URL",
    "PAYSTACK_BASE_URL",
    "PAYSTACK_SECRET_KEY",
    "SECRET_KEY",
    "KASUWA_PORT",
    "SHOP_ROLES_GROUP",
)

LAST_WORDS = 8000


def command(*words: str, project: Path = PROJECT_ROOT) -> list[str]:
    """The words that run a management command."""
    return [sys.executable, str(project / "manage.py"), *words]


def environment(data_dir: DataDir, *, project: Path = PROJECT_ROOT) -> dict[str, str]:
    """Ours, without what the test run itself has set; modules are those of `project`."""
    left_out = (*ADDRESSES, "DJANGO_SETTINGS_MODULE", "NO_COLOR")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    modules = {} if project == PROJECT_ROOT else {"PYTHONPATH": f"{project}{os.pathsep}{project / 'platform'}"}
    given = {"KASUWA_DATA_DIR": str(data_dir.path), "DJANGO_SETTINGS_MODULE": "config.settings.local"}
    return kept | given | modules


def run(data_dir: DataDir, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and return what it said."""
    return subprocess.run(command(*words), env=environment(data_dir), capture_output=True, text=True, check=False)


@contextmanager
def fresh_data_dir(prefix: str = "kasuwa up ") -> Iterator[DataDir]:
    """A data directory that an embedded database of another user can reach; removed afterwards."""
    path = Path(tempfile.mkdtemp(prefix=prefix, dir=folder_in_memory()))
    path.chmod(0o755)
    try:
        yield DataDir(path / "data")
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def running_market(data_dir: DataDir, *, has_demo: bool = False, timeout: float = 300.0) -> Iterator[MarketProcess]:
    """An open market for as long as the block lasts."""
    options = () if has_demo else ("--no-demo",)
    market = MarketProcess(data_dir, free_port(), free_port(), *options, timeout=timeout)
    try:
        market.wait_for_banner()
        yield market
        is_well = market.process.poll() is None and "starting it again" not in market.output
        assert is_well, f"Something of the market has ended by itself:\n{market.output[-LAST_WORDS:]}"
    finally:
        market.end()


class MarketProcess:
    """A running `manage.py up` and what it has printed."""

    def __init__(
        self,
        data_dir: DataDir,
        port: int,
        sandbox_port: int,
        *options: str,
        timeout: float = 300.0,
        project: Path = PROJECT_ROOT,
    ) -> None:
        self.data_dir = data_dir
        self.port = port
        self.sandbox_port = sandbox_port
        self.lines: list[str] = []
        self._timeout = timeout
        words = ("up", "--port", str(port), "--sandbox-port", str(sandbox_port), *options)
        self.process = subprocess.Popen(
            command(*words, project=project),
            cwd=project,  # Celery puts it first among the places of modules
            env=environment(data_dir, project=project),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    @property
    def output(self) -> str:
        """Return the output so far."""
        return "\n".join(self.lines)

    def wait_for(self, words: str) -> None:
        """Wait until some words have been printed."""
        deadline = time.monotonic() + self._timeout
        while words not in self.output:
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.05)

    def wait_for_banner(self) -> None:
        """Wait until the market is open."""
        self.wait_for("Kasuwa is open")

    def children(self) -> dict[str, int]:
        """The process ids of web server, worker and so on."""
        running = read_json(self.data_dir.up_state)["children"]
        return {name: child["pid"] for name, child in running.items()}

    def everyone(self) -> list[int]:
        """The process ids of all children and of the embedded services."""
        state = read_json(self.data_dir.services_state)
        return [*self.children().values(), state["postgres_pid"], state["redis_pid"]]

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End it, and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(timeout=300)
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code
