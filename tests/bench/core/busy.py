"""Share of the machine that other programs used during a measurement."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
ROOT_NAME = "KASUWA_BENCH_ROOT"  # the first process of a run: everything below it is ours
# Above this share of all cores somebody else was at work, and a figure says as much about them as about us.
TOLERATED_SHARE = 0.05
BLUR_SECONDS = 0.03  # the kernel counts in hundredths of a second, each process by itself
BUSY_FIELDS = (0, 1, 2, 5, 6, 7)  # proc(5) /proc/stat: user, nice, system, irq, softirq, steal


@dataclass(frozen=True, slots=True)
class Reading:
    """Seconds of processor time used so far, by all and by us, and when they were read."""

    at: float
    everybody: float
    ours: float

    def others_share_since(self, start: Reading) -> float:
        """The share of the machine that others have had since an earlier reading, from 0 to 1."""
        elapsed = (self.at - start.at) * (os.cpu_count() or 1)
        others = (self.everybody - start.everybody) - (self.ours - start.ours)
        return max(0.0, (others - BLUR_SECONDS) / elapsed) if elapsed > 0 else 0.0


def read() -> Reading:
    """Read both counters."""
    root = int(os.environ.get(ROOT_NAME) or os.getpid())
    ours = sum(process.used for process in _family(root)) / TICKS
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    everybody = sum(int(fields[index]) for index in BUSY_FIELDS) / TICKS
    return Reading(time.monotonic(), everybody, ours)


@dataclass(frozen=True, slots=True)
class Process:
    """A process, and the ticks that it and its children that have ended have used."""

    pid: int
    parent: int
    name: str
    used: int


def _family(root: int) -> list[Process]:
    known = {process.pid: process for process in everyone()}
    children: dict[int, list[int]] = {}
    for process in known.values():
        children.setdefault(process.parent, []).append(process.pid)
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        if pid in known:
            found.append(known[pid])
            waiting += children.get(pid, [])
    return found


def family(root: int) -> list[Process]:
    """A process and everybody below it."""
    return _family(root)


def everyone() -> list[Process]:
    """All processes of the machine that are there to be read."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            text = (entry / "stat").read_text()
        except OSError:
            continue  # it has just ended
        name = text[text.index("(") + 1 : text.rindex(")")]
        fields = text[text.rindex(")") + 2 :].split()
        # proc(5): ppid is field 4, utime stime cutime cstime are 14 to 17; these begin at field 3.
        found.append(Process(int(entry.name), int(fields[1]), name, sum(int(value) for value in fields[11:15])))
    return found


def memory_kib(pid: int) -> int:
    """A process's proportional set size: what it alone uses, and its part of what it shares."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0
