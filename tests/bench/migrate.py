"""How long many shops take to be migrated, against stock `migrate_schemas`, on the same shops in the same run.

`python -m tests.bench.migrate [--shops N] [--jobs N]`, in a database of its own. Each side adds a column of its
own to every shop's products, then finds nothing to do. Stock runs as it comes, and with its own executor of
several processes (two, by its default). Prints one JSON line; exits with 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.database import bench_database

DATABASE = "kasuwa_bench_migrate"
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TARGET_RATIO = 1 / 10
TARGET_NOOP_SECONDS = 1.0
NOOP_ROUNDS = 5
MIGRATION = """
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "{parent}")]
    operations = [migrations.AddField("product", "note_{number}", models.CharField(max_length=20, db_default=""))]
"""


def main() -> int:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--shops", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    with bench_database(DATABASE) as folder:
        import django

        django.setup()
        sys.path.insert(0, str(folder))
        report = _measure(folder, shops=options.shops, jobs=options.jobs)
    sys.stdout.write(json.dumps(report) + "\n")
    return 0 if report["ratio"] <= TARGET_RATIO and report["noop_seconds"] <= TARGET_NOOP_SECONDS else 1


def _measure(folder: Path, *, shops: int, jobs: int) -> dict[str, Any]:
    from django.core.management import call_command
    from django.db import connection

    from tenants.services.migrations import migrate_lagging_shops, migrate_public

    migrate_public()
    empty = _database_bytes()
    provisioning = _seconds(lambda: _make_shops(shops))
    each = (_database_bytes() - empty) / shops
    _record_what_stock_records()

    def stock(**more: Any) -> None:
        call_command("migrate_schemas", tenant=True, interactive=False, verbosity=0, **more)

    _release(folder, 1)
    ours = _seconds(lambda: migrate_lagging_shops(jobs=jobs))
    noop = statistics.median(_seconds(migrate_lagging_shops) for _ in range(NOOP_ROUNDS))
    _release(folder, 2)
    plain = _seconds(stock)
    plain_noop = _seconds(stock)
    _release(folder, 3)
    spread = _seconds(lambda: stock(executor="multiprocessing"))
    added = [_shops_with(f"note_{number}") for number in (1, 2, 3)]
    connection.close()
    if added != [shops] * 3:
        sys.exit(f"Not every shop has the columns: {added}")
    return {
        "shops": shops,
        "jobs": jobs,
        "provision_seconds_each": round(provisioning / shops, 4),
        "disk_kib_each": round(each / 1024),
        "noop_seconds": round(noop, 4),
        "stock_noop_seconds": round(plain_noop, 2),
        "add_column_seconds": round(ours, 2),
        "add_column_shops_per_second": round(shops / ours, 1),
        "stock_add_column_seconds": round(plain, 2),
        "stock_multiprocessing_add_column_seconds": round(spread, 2),
        "ratio": round(ours / plain, 4),
        "ratio_to_multiprocessing": round(ours / spread, 4),
        "noop_ratio": round(noop / plain_noop, 5),
        "targets": {"ratio": TARGET_RATIO, "noop_seconds": TARGET_NOOP_SECONDS},
    }


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _make_shops(count: int) -> None:
    from tenants.services.trial_shops import provision_trial_shops, trial_slugs

    provision_trial_shops(slugs=trial_slugs(count=count, prefix="bench"), now=NOW)


def _record_what_stock_records() -> None:
    """Record the shared apps' migrations in every shop, as stock does: else it would run them all, to no effect."""
    from django.db import connection
    from psycopg import sql

    from tenants.services.migrations import shops_state

    statement = sql.SQL(
        "INSERT INTO {0} (app, name, applied) SELECT app, name, applied FROM public.django_migrations p"
        " WHERE NOT EXISTS (SELECT FROM {0} o WHERE (o.app, o.name) = (p.app, p.name)) ORDER BY id"
    )
    with connection.cursor() as cursor:
        for shop in shops_state().shops:
            cursor.execute(statement.format(sql.Identifier(shop.schema_name, "django_migrations")))


def _release(folder: Path, number: int) -> None:
    """Let the code need one column more than before."""
    from django.conf import settings

    from catalogue import migrations as real
    from tenants.schema.graph import needed_migrations

    package = folder / f"release_{number}"
    package.mkdir()
    for path in Path(real.__path__[0]).glob("*.py"):
        (package / path.name).write_text(path.read_text())
    parent = max(path.stem for path in package.glob("[0-9]*.py"))
    for extra in range(1, number + 1):
        (package / f"90{extra:02d}_note.py").write_text(MIGRATION.format(parent=parent, number=extra))
        parent = f"90{extra:02d}_note"
    settings.MIGRATION_MODULES = {"catalogue": package.name}
    needed_migrations.cache_clear()


def _database_bytes() -> int:
    return int(_value("SELECT pg_database_size(current_database())"))


def _shops_with(column: str) -> int:
    return int(_value(f"SELECT count(*) FROM information_schema.columns WHERE column_name = '{column}'"))


def _value(statement: str) -> Any:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


if __name__ == "__main__":
    sys.exit(main())
