"""`manage.py runserver`: Django's development server, beside a market that `manage.py up` runs, or without one."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence

from runtime.datadir import DataDir, Lock

PORT = "KASUWA_PORT"
DEFAULT_PORT = "8000"
RELOADED = "RUN_MAIN"  # set by Django in the process that it starts anew after each change
ADDRESS = re.compile(r"(?:.*:)?(\d+)")
NO_MARKET = (
    "No market runs on the data in {path}. Pages are served, but no worker sends letters or does other jobs, and no "
    "payment sandbox is started. To have these, run `manage.py up --port 8100` in another terminal, then this again."
)


def prepare(words: Sequence[str], data_dir: DataDir) -> None:
    """Have pages lead to the server's own port, and tell what is missing where no market runs.

    Args:
        words: the command's own, after its name.
    """
    if os.environ.get(RELOADED):
        return
    ports = [found[1] for word in words if (found := ADDRESS.fullmatch(word))]
    os.environ.setdefault(PORT, ports[0] if ports else DEFAULT_PORT)
    if not Lock(data_dir.up_lock).is_taken():
        sys.stderr.write(f"{NO_MARKET.format(path=data_dir.path)}\n")
