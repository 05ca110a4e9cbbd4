"""A short private directory for sockets.

A Unix socket's path may have about a hundred characters (sockaddr_un), which a deeply nested data directory exceeds.
"""

from __future__ import annotations

import os
import re
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from runtime.errors import StartupError
from runtime.postgres_home import Account

PREFIX = "kasuwa-"
LONGEST_PATH = 103  # macOS; Linux allows 107
LONGEST_NAME = "/kasuwa-xxxxxxxx/pg/.s.PGSQL.5432"
PLAIN = re.compile(r"[A-Za-z0-9_./-]+")  # PostgreSQL reads the setting as a list


def socket_dir(*, earlier: str | None, account: Account | None) -> Path:
    """Reuse the directory of an earlier run if it can be trusted, else make one.

    Raises:
        StartupError: no temporary directory is short, writable and passable for PostgreSQL.
    """
    if earlier is not None and _is_trusted(Path(earlier)):
        return Path(earlier)
    for base in _bases():
        try:
            made = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
        except OSError:
            continue
        if account is None:
            (made / "pg").mkdir(mode=0o700)
            return made
        made.chmod(0o711)
        (made / "pg").mkdir(mode=0o700)
        os.chown(made / "pg", account.uid, account.gid)
        return made
    message = (
        "Found no temporary directory for sockets that is writable and short enough. "
        "Set TMPDIR to one, or DATABASE_URL and REDIS_URL to servers of your own."
    )
    raise StartupError(message)


def _bases() -> Iterator[Path]:
    """Candidates in order of preference; root's must be passable for PostgreSQL's user."""
    as_root = os.geteuid() == 0
    named = [] if as_root else [os.environ.get("XDG_RUNTIME_DIR", "")]
    for name in (*named, tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108 - mkdtemp makes it private
        short = len(name) + len(LONGEST_NAME) <= LONGEST_PATH
        if name and short and PLAIN.fullmatch(name) and (not as_root or _is_passable(Path(name))):
            yield Path(name)


def _is_passable(path: Path) -> bool:
    """Return whether everybody may pass through a directory and all above it."""
    try:
        return all(step.stat().st_mode & stat.S_IXOTH for step in (path, *path.parents))
    except OSError:
        return False


def _is_trusted(path: Path) -> bool:
    """Return whether a directory is a real one, owned by us, and writable only by us."""
    try:
        status = path.lstat()
        complete = (path / "pg").is_dir()
    except OSError:
        return False
    return complete and stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o022
