"""A kind of bulk job whose rows can be counted, and a worker for it that can be killed."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from runtime.datadir import PROJECT_ROOT
from tests.runtime_plugin import database_url
from tests.world.clock import NOW

if TYPE_CHECKING:
    from kit.work.bulk import BulkKind

KIND = "tests.count"
ROWS_A_SLICE = 500
GATE = 5_121_077

INSERT = """
    INSERT INTO kit_idempotencykey (scope, key, request_hash, result, created_at)
    SELECT %s, n, '', '', %s FROM generate_series(%s, %s) n
"""


def counting(served: list[int | None] | None = None, *, name: str = KIND) -> BulkKind:
    """Return a kind: each row becomes a key, and none can be there twice."""
    from django.db import connection

    from kit.work import bulk

    def count(step: bulk.Slice, now: datetime) -> bulk.Progress:
        total = int(step.payload["rows"])
        last = min(step.cursor + ROWS_A_SLICE, total)
        with connection.cursor() as cursor:
            cursor.execute(INSERT, [str(step.job_id), now, step.cursor + 1, last])
            if step.cursor == int(os.environ.get("WAITS_AT", "-1")):
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [GATE])
        if served is not None:
            served.append(step.shop_id)
        return bulk.Progress(cursor=last, done=last - step.cursor, is_finished=last == total)

    return bulk.BulkKind(name, count)


def start_worker(database: str, *, waits_at: int) -> subprocess.Popen[str]:
    """Start a worker in a process of its own; in the slice that begins at a row it waits for the gate."""
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.world.bulk_jobs"],
        cwd=PROJECT_ROOT,
        env={**os.environ, "DATABASE_URL": database_url(database), "WAITS_AT": str(waits_at)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def main() -> None:
    """Do slices until there are none."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    import django

    django.setup()
    from kit.work import bulk
    from tests.world.wiring import wired

    with wired(contributes=[counting()]):
        while bulk.run_next(now=NOW):
            pass


if __name__ == "__main__":
    main()
