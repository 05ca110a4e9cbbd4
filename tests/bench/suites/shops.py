"""Opening and migrating many shops, beside stock django-tenants on the same models."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from catalogue import migrations as real
from kit.db.sql import execute, fetch_all
from tenants.database.recycling import return_connection
from tenants.life.provisioning import provision_shop
from tenants.life.trial_shops import provision_trial_shops, trial_slugs
from tenants.models import Shop, ShopStatus
from tenants.schemas.build import describe_shop, differences
from tenants.schemas.graph import needed_migrations, shop_labels
from tenants.schemas.migration_state import forget_marks
from tenants.schemas.migrations import migrate_outdated_shops, shops_state
from tests.bench.core.measure import compare
from tests.bench.core.options import Options
from tests.bench.core.results import Figure, Result, Run, Target
from tests.bench.core.stand import Stand, load, rate
from tests.bench.many.measuring import Growth
from tests.bench.many.trade import open_trade
from tests.world.clock import NOW

JOBS = 2
PREFIX = "town"
BATCH = 90
TARGETS = {
    "provision": Target("ratio", at_most=1 / 15),
    "no-op": Target("value", at_most=1.0),
    "migrate": Target("ratio", at_most=1 / 10),
    "linear": Target("ratio", at_most=1.15),  # per shop, against a tenth as many
    "page": Target("ratio", at_most=1.15),
}
MIGRATION = """
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "{parent}")]
    operations = [migrations.AddField("product", "note_{number}", models.CharField(max_length=20, db_default=""))]
"""
# Stock expects the shared apps' migrations recorded in every shop: else it would run them all, to no effect.
RECORD = sql.SQL(
    "INSERT INTO {0} (app, name, applied) SELECT app, name, applied FROM public.django_migrations p"
    " WHERE NOT EXISTS (SELECT FROM {0} o WHERE (o.app, o.name) = (p.app, p.name)) ORDER BY id"
)
# What stock was given is taken back: a schema records the migrations of its own apps alone.
FORGET = sql.SQL("DELETE FROM {0} WHERE NOT app = ANY({1})")
WITHDRAW = (
    sql.SQL("ALTER TABLE {schema}.catalogue_product DROP COLUMN {column}"),
    sql.SQL("DELETE FROM {schema}.django_migrations WHERE app = 'catalogue' AND name = {name}"),
)


def run(stand: Stand, options: Options) -> Iterator[Result]:
    """Measure one shop's birth; then 10, 100 and 1,000 shops, and as many as are asked for."""
    stand.migrate()
    yield _births(options)
    Shop.objects.filter(slug__startswith="stock-").delete()
    web = stand.web()
    town = _Town(stand.folder, web, stand.host)
    sizes = options.pick((10, 100, 1_000), (3, 6))
    if options.shops > sizes[-1] and not options.quick:
        sizes = (*sizes, options.shops)
    for size in sizes:
        yield from town.grow(size, options, growth=size in sizes[-2:])
    yield town.compare_sizes("opened", sizes, target=TARGETS["linear"], unit="s a shop")
    yield town.compare_sizes("no-op", sizes, target=TARGETS["linear"], unit="s a shop", per_shop=True)
    yield town.compare_sizes("page", (sizes[0], sizes[-1]), target=TARGETS["page"], unit="ms")


def _births(options: Options) -> Result:
    """One shop: all of it by us, only its row and schema by stock's `create_schema`, which runs the migrations."""
    numbers = iter(range(1_000))

    def ours() -> Figure:
        number = next(numbers)
        return _timed(
            lambda: provision_shop(slug=f"ours-{number}", name="Ours", owner_id=None, now=NOW, currency="NGN")
        )

    def stock() -> Figure:
        number = next(numbers)
        shop = Shop(
            slug=f"stock-{number}",
            name="Stock",
            schema_name=f"shop_stock_{number}",
            currency="NGN",
            created_at=NOW,
            status_at=NOW,
        )

        def create() -> None:
            shop.save()
            shop.create_schema(check_if_exists=True, verbosity=0)

        return _timed(create)

    result = compare(
        "shops/provision",
        ours,
        stock,
        unit="s",
        rounds=options.pick(7, 1),
        yardstick_name="stock django-tenants: create_schema",
        target=TARGETS["provision"],
        note="row, schema, record of migrations, ledger accounts; stock makes the row and the schema alone",
    )
    if not options.quick:
        _require_the_same_schema()
    return result


def _require_the_same_schema() -> None:
    stock = describe_shop("shop_stock_1")
    own = tuple(key for key in stock.migrations if key[0] in shop_labels())
    different = differences(describe_shop("shop_ours_0"), replace(stock, migrations=own), names=("ours", "stock"))
    if different:
        raise RuntimeError(f"The two schemas are not the same: {different}")


@dataclass(slots=True)
class _Town:
    """A growing number of shops."""

    folder: Path
    web: int
    host: str
    seen: dict[tuple[str, int], Result] = field(default_factory=dict)
    _growth: Growth = field(default_factory=lambda: Growth(PREFIX))
    _packages: int = 0
    _notes: int = 0

    def grow(self, size: int, options: Options, *, growth: bool) -> Iterator[Result]:
        """Open shops up to a size and let them trade; then measure finding nothing to do, a page, and a migration.

        Args:
            growth: whether every command, round and page is measured, too.
        """
        slugs = trial_slugs(count=size, prefix=PREFIX)
        empty = _database_bytes()

        batches = [slugs[first : first + BATCH] for first in range(0, len(slugs), BATCH)]
        waiting = iter(batches)

        def open_some() -> Figure:
            some = next(waiting)
            return Figure(_timed(lambda: provision_trial_shops(slugs=some, currency="NGN", now=NOW)).value / len(some))

        opened = compare(
            f"shops/{size}/opened",
            open_some,
            unit="s a shop",
            rounds=len(batches),
            throw_first=False,
            repeats=False,
            note=f"shops are opened {BATCH} at a time; the runs are those batches, to the last",
        )
        yield self._keep("opened", size, opened)
        disk = (_database_bytes() - empty) / len(slugs) / 1024
        yield Result(
            name=f"shops/{size}/disk",
            unit="KiB a shop",
            runs=(Run(Figure(disk), None, 0.0),),
            is_valid=True,  # who else is at work does not change it
            note="an empty shop's tables and indexes",
        )
        opened_shops = list(Shop.objects.filter(slug__in=slugs).order_by("pk"))
        open_trade(opened_shops, first=size - len(opened_shops))
        yield self._keep("no-op", size, self._noop(size, options))
        yield self._page(size, options)
        yield from self._migrate(size, options)
        if growth:
            yield from self._growth.measure(size, options)

    def compare_sizes(
        self, kind: str, sizes: tuple[int, ...], *, target: Target, unit: str, per_shop: bool = False
    ) -> Result:
        """Report the largest size over the one before it."""
        smaller, larger = sizes[-2], sizes[-1]
        ours, theirs = self.seen[kind, larger], self.seen[kind, smaller]
        divisors = (larger, smaller) if per_shop else (1, 1)
        share = max(run.others_share for run in (*ours.runs, *theirs.runs))
        run = Run(Figure(ours.value / divisors[0]), Figure(theirs.value / divisors[1]), share)
        return Result(
            name=f"shops/{kind}/{larger}-over-{smaller}",
            unit=unit,
            runs=(run,),
            is_valid=ours.is_valid and theirs.is_valid,
            yardstick_name=f"the same with {smaller} shops",
            target=target,
        )

    def _keep(self, kind: str, size: int, result: Result) -> Result:
        self.seen[kind, size] = result
        return result

    def _noop(self, size: int, options: Options) -> Result:
        return compare(
            f"shops/{size}/no-op-migrate",
            lambda: _timed(migrate_outdated_shops),
            unit="s",
            rounds=options.rounds,
            target=TARGETS["no-op"],
        )

    def _page(self, size: int, options: Options) -> Result:
        """A shop's page, the shops taken in turn, by one visitor."""
        paths = [f"/shops/town-{number:05d}/" for number in range(1, size + 1)]
        arguments = {"host": self.host, "paths": paths}

        def visit() -> Figure:
            seen = load(port=self.web, scenario="read", arguments=arguments, clients=1, seconds=options.seconds)
            figure = rate(seen)
            return Figure(seen["latency_ms"]["read"]["p50"], figure.latency_ms, figure.facts, figure.problems)

        return self._keep("page", size, compare(f"shops/{size}/page", visit, unit="ms", rounds=options.rounds))

    def _migrate(self, size: int, options: Options) -> Iterator[Result]:
        """Add a column to every shop, then another one by stock."""
        self._release()

        def ours() -> Figure:
            return _timed(lambda: migrate_outdated_shops(jobs=JOBS))

        def stock() -> Figure:
            for shop in shops_state().shops:
                with connection.cursor() as cursor:
                    cursor.execute(RECORD.format(sql.Identifier(shop.schema_name, "django_migrations")))
            self._release()
            return _timed(lambda: call_command("migrate_schemas", tenant=True, interactive=False, verbosity=0))

        # Stock stops at a schema that is gone.
        has_stock = size <= options.stock_shops and not Shop.objects.filter(status=ShopStatus.DELETED).exists()
        yield compare(
            f"shops/{size}/migrate",
            ours,
            stock if has_stock else None,
            unit="s",
            rounds=1,
            throw_first=False,
            repeats=False,
            yardstick_name="stock django-tenants: migrate_schemas" if has_stock else "",
            target=TARGETS["migrate"] if has_stock and not options.quick else None,
            note="one column more in every shop, two jobs; stock is left out where it takes long (--stock-shops)",
        )
        self._require_columns()
        self._withdraw()

    def _release(self) -> None:
        """Let the code need one column more than before."""
        self._packages += 1
        self._notes += 1
        package = self.folder / f"release_{self._packages}"
        package.mkdir()
        for path in Path(real.__path__[0]).glob("*.py"):
            (package / path.name).write_text(path.read_text())
        parent = max(path.stem for path in package.glob("[0-9]*.py"))
        for number in range(1, self._notes + 1):
            (package / f"90{number:02d}_note.py").write_text(MIGRATION.format(parent=parent, number=number))
            parent = f"90{number:02d}_note"
        if str(self.folder) not in sys.path:
            sys.path.insert(0, str(self.folder))
        settings.MIGRATION_MODULES = {"catalogue": package.name}
        needed_migrations.cache_clear()

    def _require_columns(self) -> None:
        shops = len(shops_state().shops)
        statement = "SELECT count(*) FROM information_schema.columns WHERE column_name = 'note_%d'"
        for number in range(1, self._notes + 1):
            if _value(statement % number) != shops:
                raise RuntimeError(f"Not every shop has the column note_{number}.")

    def _withdraw(self) -> None:
        """Take the releases back, so that schemas are again what the artefact builds."""
        for position, shop in enumerate(shops_state().shops):
            if position % BATCH == 0:
                return_connection()
            recorded = sql.Identifier(shop.schema_name, "django_migrations")
            execute(FORGET.format(recorded, sql.Literal(list(shop_labels()))))
            for number in range(1, self._notes + 1):
                for statement in WITHDRAW:
                    schema, column = sql.Identifier(shop.schema_name), sql.Identifier(f"note_{number}")
                    execute(statement.format(schema=schema, column=column, name=sql.Literal(f"90{number:02d}_note")))
        self._notes = 0
        settings.MIGRATION_MODULES = {}
        needed_migrations.cache_clear()
        forget_marks()
        migrate_outdated_shops()  # which marks them


def _timed(work: Callable[[], object]) -> Figure:
    began = time.perf_counter()
    work()
    return Figure(time.perf_counter() - began)


def _database_bytes() -> int:
    return _value("SELECT pg_database_size(current_database())")


def _value(statement: str) -> int:
    return int(fetch_all(sql.SQL(statement))[0][0])
