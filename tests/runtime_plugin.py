"""A PostgreSQL and a Redis for the whole test run, started before Django reads its settings.

The controller (the one process, or xdist's first) starts them in a directory that is thrown away;
workers get their addresses from the environment and each a database and a Redis number of its own.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from kit.garbage import collect_garbage_rarely, exit_without_collection
from runtime import embedded
from runtime.datadir import DataDir

SERVER_URL = "KASUWA_TEST_SERVER_URL"
REDIS_BASE_URL = "KASUWA_TEST_REDIS_URL"
RUN_ID = "KASUWA_TEST_RUN"
RUN_FOLDER = "KASUWA_TEST_FOLDER"
SHARED_MEMORY = "/dev/shm"
SPACE_BYTES = 4 << 30


@dataclass(slots=True)
class Session:
    """Resources that the controller releases at the end."""

    services: embedded.EmbeddedServices | None = None
    folder: Path | None = None


_session = Session()


def keep_bytecode() -> None:
    """Let this process and its children store compiled modules, also where the environment forbids it.

    Tests start hundreds of processes, and without stored bytecode each compiles again all that it imports.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


keep_bytecode()
collect_garbage_rarely()  # garbage, while thousands of tests are loaded and collected


def take_interrupts() -> None:
    """Let the processes that tests start be ended by Ctrl-C, also where a shell runs the tests in the background.

    It has them ignore the signal, and all that they start would inherit that.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


take_interrupts()


def folder_in_memory() -> str | None:
    """Return a folder that lies in memory, where the system has one with space enough; else the usual one serves.

    Making and undoing shops, tests create and delete files by the hundred thousand, which on ext4 takes longer than
    all that PostgreSQL itself does.
    """
    has_space = os.path.ismount(SHARED_MEMORY) and shutil.disk_usage(SHARED_MEMORY).free > SPACE_BYTES
    return SHARED_MEMORY if has_space and os.access(SHARED_MEMORY, os.W_OK) else None


def worker_number() -> int:
    """0 without xdist, else 1 and up."""
    name = os.environ.get("PYTEST_XDIST_WORKER", "")
    return int(name.removeprefix("gw")) + 1 if name else 0


def database_url(name: str) -> str:
    """The address of another database on the same server."""
    parts = urlsplit(os.environ[SERVER_URL])
    return urlunsplit((parts.scheme, parts.netloc, f"/{name}", parts.query, parts.fragment))


def template_name() -> str:
    return f"kasuwa_test_{os.environ[RUN_ID]}"


def worker_template_name() -> str:
    return f"{template_name()}_t{worker_number()}"


def worker_database_name() -> str:
    return f"{template_name()}_w{worker_number()}"


def worker_data_dir() -> str:
    """Each worker's files are its own: shops of one name, which several workers make, work in one folder."""
    return str(Path(os.environ[RUN_FOLDER]) / f"worker-{worker_number()}")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    options = early_config.known_args_namespace
    idle = options.help or options.version or options.collectonly
    if SERVER_URL not in os.environ and not idle:
        _start()
    if SERVER_URL in os.environ:
        os.environ["DATABASE_URL"] = database_url(worker_database_name())
        os.environ["REDIS_URL"] = _worker_redis_url()
        os.environ["SHOP_ROLES_GROUP"] = f"kasuwa_test_shop_{worker_number()}"
        os.environ["KASUWA_DATA_DIR"] = worker_data_dir()
    yield


def _start() -> None:
    folder = Path(tempfile.mkdtemp(prefix="kasuwa-test-", dir=folder_in_memory()))
    folder.chmod(0o711)
    _session.folder = folder
    data_dir = DataDir(folder / "data")
    wanted = [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]
    if wanted:
        _session.services = embedded.hold(data_dir, fast=True, throwaway=True)
    services = _session.services
    os.environ[SERVER_URL] = os.environ.get("DATABASE_URL") or (services.database_url if services else "")
    os.environ[REDIS_BASE_URL] = os.environ.get("REDIS_URL") or (services.redis_url if services else "")
    os.environ[RUN_ID] = folder.name.removeprefix("kasuwa-test-")
    os.environ[RUN_FOLDER] = str(folder)


def _worker_redis_url() -> str:
    """Each worker has a Redis database of its own, so that flushing it disturbs nobody."""
    base = os.environ[REDIS_BASE_URL]
    if base.startswith("unix://"):
        return base.replace("?db=0", f"?db={worker_number()}")
    parts = urlsplit(base)
    first = int(parts.path.strip("/") or 0)
    return urlunsplit((parts.scheme, parts.netloc, f"/{first + worker_number()}", parts.query, ""))


def pytest_unconfigure() -> None:
    exit_without_collection()
    if _session.services is not None:
        _session.services.release()
        _session.services = None
    if _session.folder is not None:
        shutil.rmtree(_session.folder, ignore_errors=True)
        _session.folder = None
