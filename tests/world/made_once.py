"""Files that one worker makes for all workers of a test run."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

from runtime.datadir import ENVIRONMENT_NAME


def made_once(name: str, make: Callable[[], str]) -> str:
    """Return the text of a file of the test run; the first worker that asks makes it, and the others wait."""
    folder = Path(os.environ[ENVIRONMENT_NAME]).parent  # of the test run
    made = folder / name
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            draft = folder / f"{name}.draft"
            draft.write_text(make(), encoding="utf-8")
            draft.rename(made)
    return made.read_text(encoding="utf-8")
