"""The data directory: where everything that outlives a process is kept."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime import sandbox
from runtime.errors import StartupError

PROJECT_ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT_NAME = "KASUWA_DATA_DIR"
PASSABLE = 0o710  # the mode of a directory that root makes
# Of the service daemon, in `services.json` and on its socket, where processes of earlier releases read it.
DAEMON_PID = "keeper_pid"
FOLDERS = ("beat", "logs", "mail", "media", "private", "redis")


@dataclass(frozen=True, slots=True)
class DataDir:
    """Names of everything inside one data directory."""

    path: Path

    @classmethod
    def resolve(cls, given: str | None = None) -> DataDir:
        """Return the directory asked for on the command line, else by the environment, else `.data`."""
        chosen = given or os.environ.get(ENVIRONMENT_NAME) or str(PROJECT_ROOT / ".data")
        return cls(Path(os.path.abspath(os.path.expanduser(chosen))))  # noqa: PTH100, PTH111

    @property
    def services_lock(self) -> Path:
        return self.path / "services.lock"

    @property
    def services_state(self) -> Path:
        return self.path / "services.json"

    @property
    def services_log(self) -> Path:
        return self.path / "logs" / "services.log"

    @property
    def postgres_log(self) -> Path:
        return self.path / "logs" / "postgres.log"

    @property
    def redis_log(self) -> Path:
        return self.path / "logs" / "redis.log"

    @property
    def postgres_location(self) -> Path:
        """Names the cluster's home when it had to be put outside the data directory."""
        return self.path / "postgres.location"

    @property
    def redis_home(self) -> Path:
        return self.path / "redis"

    @property
    def up_lock(self) -> Path:
        return self.path / "up.lock"

    @property
    def up_state(self) -> Path:
        return self.path / "up.json"

    @property
    def secrets_file(self) -> Path:
        return self.path / "secrets.json"

    @property
    def beat_schedule(self) -> Path:
        return self.path / "beat" / "schedule"

    def create(self) -> None:
        """Make the directory, private to its owner.

        Root's lets one group pass (0710), that of the user whom PostgreSQL runs as (`postgres_home.settle`). What is
        made in it is its owner's alone, so that the group reads nothing.

        Raises:
            StartupError: it cannot be made or written.
        """
        mode = PASSABLE if os.geteuid() == 0 else 0o700
        try:
            if not self.path.exists():
                self.path.mkdir(parents=True)
                self.path.chmod(mode)
            for folder in FOLDERS:
                (self.path / folder).mkdir(mode=0o700, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.path) as probe:
                probe.write(b"writable")
        except OSError as problem:
            message = (
                f"Cannot keep data in {self.path} ({problem.strerror}). "
                f"Set {ENVIRONMENT_NAME} (or --data-dir) to a directory that you can write, "
                "or set DATABASE_URL and REDIS_URL to servers of your own."
            )
            raise StartupError(message) from problem


class Lock:
    """An exclusive lock on a file; the kernel releases it when its process ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Take the lock if it is free; never waits."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        except OSError as problem:
            os.close(descriptor)
            message = (
                f"The file system of {self._path} does not offer file locks ({problem.strerror}). "
                f"Set {ENVIRONMENT_NAME} to a directory on a local disk."
            )
            raise StartupError(message) from problem
        self._descriptor = descriptor
        return True

    def is_taken(self) -> bool:
        """Return whether a process has the lock at this moment."""
        if not self._path.exists():
            return False
        is_free = self.take()
        self.release()
        return not is_free

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def write_private(path: Path, content: dict[str, Any]) -> None:
    """Write JSON that only its owner may read, whole or not at all."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    with contextlib.suppress(FileNotFoundError):
        temporary.unlink()
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object; a missing or half-written file counts as empty."""
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def local_secrets(data_dir: DataDir) -> dict[str, str]:
    """Secrets of this installation, made once and kept readable by their owner alone."""
    found = read_json(data_dir.secrets_file)
    wanted: dict[str, Callable[[], str]] = {
        "SECRET_KEY": lambda: secrets.token_urlsafe(50),
        sandbox.SECRET: sandbox.new_secret,
    }
    missing = {name: make() for name, make in wanted.items() if name not in found}
    if missing:
        found |= missing
        write_private(data_dir.secrets_file, found)
    return {name: str(found[name]) for name in wanted}
