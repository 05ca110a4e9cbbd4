"""A data directory whose market is up to date: made once a run, then copied; a first start takes ten seconds of work.

`python -m tests.world.migrated_market DIRECTORY` makes one, in a process of its own as `manage.py up` does.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kit.garbage import collect_garbage_rarely
from runtime import embedded
from runtime.datadir import ENVIRONMENT_NAME, PROJECT_ROOT, DataDir
from runtime.entry import services
from runtime.environment import LOCAL_SETTINGS, SETTINGS
from tests.world.market_process import environment, fresh_data_dir


@contextmanager
def migrated_data_dir() -> Iterator[DataDir]:
    """Yield a data directory in which a market without demo data has been started before; removed afterwards."""
    with fresh_data_dir() as data_dir:
        original = _original()
        if not original.postgres_location.exists():  # else its database is somewhere else, and the market makes its own
            subprocess.run(["cp", "-a", f"{original.path}", f"{data_dir.path}"], check=True)
        yield data_dir


def _original() -> DataDir:
    """Return the data directory that is copied; whoever is first makes it, and the others wait."""
    folder = Path(os.environ[ENVIRONMENT_NAME]).parent  # of the test run
    original = DataDir(folder / "migrated")
    with (folder / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not original.path.exists():
            draft = DataDir(folder / "migrating")
            words = [sys.executable, "-W", "ignore", "-m", __name__, str(draft.path)]
            subprocess.run(words, env=environment(draft), cwd=PROJECT_ROOT, check=True)
            draft.path.rename(original.path)
    return original


def main(data_dir: DataDir) -> None:
    """Start the services of a data directory and bring their database up to date."""
    os.environ[SETTINGS] = LOCAL_SETTINGS
    with services(data_dir):
        import django

        django.setup()
        from runtime.up.prepare import prepare
        from runtime.up.record import Record

        with embedded.hold(data_dir) as held:
            prepare(demo=False, embedded=True, record=Record.of_cluster(held.cluster))


if __name__ == "__main__":
    collect_garbage_rarely()
    main(DataDir(Path(sys.argv[1])))
