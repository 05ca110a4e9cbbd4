"""The embedded PostgreSQL: making, starting and stopping its cluster; standard library only."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from runtime import processes
from runtime.datadir import DataDir
from runtime.errors import StartupError
from runtime.postgres_home import Home

ROLE = DATABASE = "kasuwa"
MAJOR = "18"
STATUS_LINE = 7  # of postmaster.pid, counted from 0 (src/include/utils/pidfile.h)
ORPHANS_SECONDS = 1.0
STOP_SECONDS = 10.0
CHECKPOINT_SECONDS = 900.0
SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "max_locks_per_transaction": "256",  # a dump or a drop visits every table of every schema
    "max_parallel_workers_per_gather": "0",
    "max_worker_processes": "2",
    "io_method": "sync",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "512MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    # After a crash it would open and sync every file, one by one: over a minute for 10,000 shops' 600,000 files.
    **({"recovery_init_sync_method": "syncfs"} if sys.platform == "linux" else {}),
}
FAST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "250",
    "shared_buffers": "128MB",
    "wal_init_zero": "off",
    "autovacuum": "off",  # of tables whose rows are rolled back it learns that they are empty, and plans go wrong
}


class Postgres:
    """One cluster and its server process."""

    def __init__(self, data_dir: DataDir, home: Home, *, socket_dir: Path, fast: bool) -> None:
        self._data_dir = data_dir
        self._home = home
        self._socket_dir = socket_dir
        self._fast = fast
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def cluster(self) -> Path:
        return self._home.cluster

    @property
    def url(self) -> str:
        return f"postgresql://{ROLE}@/{DATABASE}?host={self._socket_dir}"

    def start(self) -> None:
        """Make the cluster if there is none and start the server, without waiting for it.

        Raises:
            StartupError: the cluster cannot be made, or belongs to another version.
        """
        self._end_leftovers()
        if not (self.cluster / "PG_VERSION").exists():
            self._create()
        version = (self.cluster / "PG_VERSION").read_text().strip()
        if version != MAJOR:
            message = (
                f"The database in {self.cluster} was made by PostgreSQL {version}, this one is {MAJOR}. "
                "Restore a dump into a new data directory, or set DATABASE_URL."
            )
            raise StartupError(message)
        self._write_access_rules(self.cluster)
        settings = SETTINGS | (FAST_SETTINGS if self._fast else {})
        arguments = [self._home.program("postgres"), "-D", str(self.cluster), "-k", str(self._socket_dir)]
        for name, value in settings.items():
            arguments += ["-c", f"{name}={value}"]
        with self._data_dir.postgres_log.open("ab") as log:
            self.process = self._popen(arguments, output=log.fileno())

    def stop(self) -> None:
        """Stop the server: disconnect everybody, write a checkpoint, end.

        A checkpoint that is being written is waited for. Thousands of shops' files take it minutes, and a server that
        is ended before would have as much to write when it is started again, besides reading its log.
        """
        if self.process is None:
            return
        first = signal.SIGQUIT if self._fast else signal.SIGINT
        self.process.send_signal(first)
        deadline = time.monotonic() + CHECKPOINT_SECONDS
        while not self._ends_within(STOP_SECONDS) and self._only_writes() and time.monotonic() < deadline:
            pass
        if not self._children():  # the last of them has just ended, and the server with it
            self._ends_within(STOP_SECONDS)
        processes.end_child(self.process, signals=[signal.SIGQUIT, signal.SIGKILL], seconds=STOP_SECONDS)
        self.process = None

    def _ends_within(self, seconds: float) -> bool:
        assert self.process is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=seconds)
        return self.process.returncode is not None

    def _only_writes(self) -> bool:
        """Return whether all that is left of a server that stops is what writes its checkpoint; off Linux, no."""
        titles = [processes.command_line(pid) for pid in self._children()]
        return bool(titles) and all("checkpointer" in title for title in titles)

    def _children(self) -> list[int]:
        assert self.process is not None
        pids = processes.working_in(self.cluster.resolve(), name="postgres")
        return [pid for pid in pids if pid != self.process.pid]

    def is_ready(self) -> bool:
        """Read the status that the postmaster keeps in its pid file, as pg_ctl does."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        started = self.process is not None and lines[:1] == [str(self.process.pid)]
        return started and "".join(lines[STATUS_LINE : STATUS_LINE + 1]).strip() == "ready"

    def failure(self, what: str = "did not start") -> str:
        """Return the error text of a failed command, with the last lines of the server's log."""
        log = self._data_dir.postgres_log
        lines = log.read_text(errors="replace").splitlines()[-5:] if log.exists() else []
        return "\n".join(
            [
                f"The embedded PostgreSQL {what}. The end of {log}:",
                *(f"    {line}" for line in lines),
                "Set KASUWA_DATA_DIR to another directory, or DATABASE_URL to a server of your own.",
            ]
        )

    def _end_leftovers(self) -> None:
        """End the remaining processes of an earlier server, which use the shared memory that the next one needs.

        A daemon that was killed leaves a whole server, which its data directory names. A server that was killed leaves
        its children; they notice, but one that is stopped or busy does so late. What they hold is lost with the shared
        memory in any case, and recovered from the log.
        """
        try:
            pid = int((self.cluster / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            pid = 0
        if pid and processes.is_ours(pid, marks=["postgres", str(self.cluster)]):
            processes.end(pid, signals=[signal.SIGINT, signal.SIGQUIT, signal.SIGKILL], seconds=2)
        orphans = processes.working_in(self.cluster.resolve(), name="postgres")
        for orphan in orphans:
            with contextlib.suppress(ProcessLookupError):
                os.kill(orphan, signal.SIGKILL)
        for orphan in orphans:
            processes.wait_until_gone(orphan, seconds=ORPHANS_SECONDS)

    def _create(self) -> None:
        """Make the cluster with its database under another name, then move it into place."""
        draft = self.cluster.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        with contextlib.suppress(FileNotFoundError):
            self.cluster.rmdir()
        draft.mkdir(mode=0o700)
        account = self._home.account
        if account is not None:
            os.chown(draft, account.uid, account.gid)
        self._run(
            [
                *(self._home.program("initdb"), "-D", str(draft), "-U", ROLE, "--encoding=UTF8"),
                *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                *("--auth=reject", "--no-instructions", *(["--no-sync"] if self._fast else [])),
            ]
        )
        self._run(
            [self._home.program("postgres"), "--single", "-D", str(draft), "postgres"],
            stdin=f"CREATE DATABASE {DATABASE};\n".encode(),
        )
        draft.rename(self.cluster)

    def _write_access_rules(self, cluster: Path) -> None:
        """Allow only our user and root to connect, by the kernel's peer credentials."""
        names = {pwd.getpwuid(os.geteuid()).pw_name, "root"}
        mapping = "".join(f'{ROLE} "{name}" {ROLE}\n' for name in sorted(names))
        rules = {"pg_ident.conf": mapping, "pg_hba.conf": f"local all {ROLE} peer map={ROLE}\n"}
        for name, text in rules.items():
            if (cluster / name).read_text() != text:  # a full disk would leave them empty
                (cluster / name).write_text(text)

    def _popen(self, arguments: list[str], *, output: int) -> subprocess.Popen[bytes]:
        account = self._home.account
        return subprocess.Popen(  # noqa: S603 - our own binary
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C"},
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=processes.die_with_parent(signal.SIGINT),  # noqa: PLW1509 - the daemon has one thread
        )

    def _run(self, arguments: list[str], *, stdin: bytes = b"") -> None:
        account = self._home.account
        answer = subprocess.run(  # noqa: S603 - our own binary
            arguments,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C"},
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
        with self._data_dir.postgres_log.open("ab") as log:
            log.write(answer.stdout)
        if answer.returncode != 0:
            raise StartupError(self.failure("could not make its database"))
