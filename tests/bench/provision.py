"""How long a shop takes to be born, against stock django-tenants, on the same models in the same run.

`python -m tests.bench.provision [--rounds N]`, in a database of its own on the server that is configured,
else on an embedded one. Rounds alternate, so that neither side has the quieter machine; a first pair is
thrown away. Prints one JSON line; exits with 1 when the ratio is above the target.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.bench.database import bench_database

TARGET = 1 / 10
DATABASE = "kasuwa_bench_provision"
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def main() -> int:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=7)
    rounds: int = parser.parse_args().rounds
    with bench_database(DATABASE):
        import django

        django.setup()
        report = _measure(rounds)
    sys.stdout.write(json.dumps(report) + "\n")
    return 0 if report["ratio"] <= TARGET else 1


def _measure(rounds: int) -> dict[str, Any]:
    from django.db import connection

    from tenants.schema.build import describe_shop, differences
    from tenants.services.migrations import migrate_public

    migrate_public()
    ours, stock = [], []
    for number in range(rounds + 1):
        stock.append(_seconds(_stock, number))
        ours.append(_seconds(_ours, number))
    different = differences(describe_shop("shop_ours_0"), _described_stock(), names=("ours", "stock"))
    connection.close()
    provision_seconds, stock_seconds = statistics.median(ours[1:]), statistics.median(stock[1:])
    return {
        "provision_shop_seconds": round(provision_seconds, 4),
        "stock_create_schema_seconds": round(stock_seconds, 4),
        "ratio": round(provision_seconds / stock_seconds, 4),
        "times_faster": round(stock_seconds / provision_seconds, 1),
        "target_ratio": TARGET,
        "rounds": rounds,
        "schema_differences": len(different),
    }


def _seconds(work: Callable[[int], None], number: int) -> float:
    start = time.perf_counter()
    work(number)
    return time.perf_counter() - start


def _ours(number: int) -> None:
    """Row, schema, host, hooks: all of it."""
    from tenants.services.provisioning import provision_shop

    provision_shop(slug=f"ours-{number}", name="Ours", owner_id=None, now=NOW)


def _stock(number: int) -> None:
    """Only the row, and the schema by django-tenants' own `create_schema`, which runs the migrations."""
    from tenants.models import Shop

    shop = Shop(
        slug=f"stock-{number}",
        name="Stock",
        schema_name=f"shop_stock_{number}",
        created_at=NOW,
        status_at=NOW,
    )
    shop.save()
    shop.create_schema(check_if_exists=True, verbosity=0)


def _described_stock() -> Any:
    """Describe a stock schema without the records of migrations that belong to public and ran as no-ops."""
    from dataclasses import replace

    from tenants.schema.build import describe_shop
    from tenants.schema.graph import shop_labels

    described = describe_shop("shop_stock_0")
    own = tuple(key for key in described.migrations if key[0] in shop_labels())
    return replace(described, migrations=own)


if __name__ == "__main__":
    sys.exit(main())
