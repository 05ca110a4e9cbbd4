"""Starting, recognising and ending processes; standard library only."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1  # linux/prctl.h
POLL_SECONDS = 0.02
STARTING_SECONDS = 1.0

ON_LINUX = platform.system() == "Linux"

_libc = ctypes.CDLL(None, use_errno=True) if ON_LINUX else None


def die_with_parent(sig: signal.Signals, *, parent: int | None = None) -> Callable[[], None]:
    """Make a function for a fresh child that has the kernel send it `sig` when the parent is gone.

    Linux only; elsewhere it does nothing, and orphans are found at the next start.
    """
    parent = parent or os.getpid()

    def arrange() -> None:
        if _libc is None:
            return
        _libc.prctl(PR_SET_PDEATHSIG, int(sig), 0, 0, 0)
        if os.getppid() != parent:  # the parent died before the kernel was asked
            os.kill(os.getpid(), signal.SIGKILL)

    return arrange


def exists(pid: int) -> bool:
    """Return whether a process has this id and is not a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[:1] == ["Z"]


def command_line(pid: int) -> str:
    """Return the command line of a process, words separated by spaces; empty when unknown."""
    if ON_LINUX:
        return _command_line_on_linux(pid)
    answer = subprocess.run(  # noqa: S603 - fixed command
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.strip()


def _command_line_on_linux(pid: int) -> str:
    """Read the command line, again for a moment where it is empty: it is so while the process starts another program.

    For good it is empty only for a thread of the kernel.
    """
    deadline = time.monotonic() + STARTING_SECONDS
    while True:
        try:
            raw = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return ""
        if raw or _is_zombie(pid) or time.monotonic() > deadline:
            return raw.replace(b"\0", b" ").decode(errors="replace").strip()
        time.sleep(POLL_SECONDS)


def is_ours(pid: int, *, marks: Sequence[str]) -> bool:
    """Return whether `pid` is alive and its command line carries all the `marks`.

    Process ids are reused, so one read from a file proves nothing by itself.
    """
    if not exists(pid):
        return False
    words = command_line(pid)
    return all(mark in words for mark in marks)


def working_in(folder: Path, *, name: str) -> list[int]:
    """Return the processes of this name whose working directory is `folder`; Linux only, elsewhere none."""
    if not ON_LINUX:
        return []
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        with contextlib.suppress(OSError):
            if (entry / "comm").read_text().strip() == name and (entry / "cwd").readlink() == folder:
                found.append(int(entry.name))
    return [pid for pid in found if exists(pid)]


def wait_until_gone(pid: int, *, seconds: float) -> bool:
    """Wait for a process that need not be a child of ours to end."""
    deadline = time.monotonic() + seconds
    while exists(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def end(pid: int, *, signals: Sequence[signal.Signals], seconds: float) -> None:
    """Send each signal in turn, waiting `seconds` after each, until the process is gone."""
    for sig in signals:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sig)
        if wait_until_gone(pid, seconds=seconds):
            return


def end_child(child: subprocess.Popen[bytes], *, signals: Sequence[signal.Signals], seconds: float) -> int | None:
    """Like `end`, for a child of ours, which must also be reaped. Returns its exit code."""
    for sig in signals:
        if child.poll() is None:
            child.send_signal(sig)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return child.wait(timeout=seconds)
    return child.poll()


def start_time(pid: int) -> str:
    """Return a process's start time in the system's own form; with its id it identifies the process for good."""
    if ON_LINUX:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            return ""
        return stat.rpartition(")")[2].split()[19]  # proc(5): starttime, field 22
    answer = subprocess.run(  # noqa: S603 - fixed command
        ["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip()


def signal_group(group: int, sig: signal.Signals) -> bool:
    """Send a signal to every process of a group; return whether there was any."""
    try:
        os.killpg(group, sig)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def end_group(group: int, *, signals: Sequence[signal.Signals], seconds: float) -> None:
    """Send each signal in turn to a group that is not ours to reap, until it is empty."""
    for sig in signals:
        deadline = time.monotonic() + seconds
        alive = signal_group(group, sig)
        while alive and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
            alive = _has_members(group)
        if not alive:
            return


def _has_members(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return not _is_zombie(group)
