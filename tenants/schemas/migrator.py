"""Run the shop apps' migrations in one schema after another, working out only once what that takes."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from kit.db.sql import fetch_all
from tenants.database.connections import only_schema
from tenants.schemas.graph import Key, shop_labels, shop_leaves
from tenants.schemas.quick_states import QuickExecutor, quick

# A schema that is busy is left for the next run: a waiter for a lock makes all others wait behind it.
LOCK = "SET LOCAL lock_timeout = '10s'; LOCK TABLE django_migrations IN SHARE UPDATE EXCLUSIVE MODE"


class ShopRecorder(MigrationRecorder):
    """A recorder that asks for its table by name; Django lists all tables that the catalogues of all shops hold."""

    def has_table(self) -> bool:
        """Return whether the schema in sight records migrations."""
        return fetch_all("SELECT to_regclass('django_migrations') IS NOT NULL") == [(True,)]


@dataclass(frozen=True, slots=True)
class Plan:
    """Migrations to run in schemas that have the same ones applied."""

    executor: MigrationExecutor
    migrations: tuple[Migration, ...]
    before: ProjectState


class SchemaMigrator:
    """Brings schemas to the newest migrations; reading the code and building models is shared among them."""

    def __init__(self) -> None:
        self._plans: dict[tuple[frozenset[Key], frozenset[str] | None], Plan] = {}

    def migrate(self, schema_name: str, *, only: frozenset[str] | None = None) -> int:
        """Migrate a schema with `public` off its search path; return the number of migrations that ran.

        An atomic migration and its record are committed together, so that a killed process can always be resumed. Two
        processes that migrate one schema wait for each other.

        Args:
            only: the migrations that an earlier release had, as `app.name`, where the schema is to match it.
        """
        with only_schema(schema_name):
            plan = self._plan(only)
            state = plan.before.clone()
            if plan.migrations:
                plan.executor.recorder.ensure_schema()
            for migration in plan.migrations:
                state = _apply(plan.executor, state, migration)
            if plan.executor.loader.replacements:
                plan.executor.check_replacements()
        return len(plan.migrations)

    def _plan(self, only: frozenset[str] | None) -> Plan:
        """Return the plan of the schema that is in sight."""
        applied = frozenset(ShopRecorder(connection).applied_migrations())
        if (applied, only) not in self._plans:
            executor = QuickExecutor(connection)
            executor.recorder = ShopRecorder(connection)
            migrations = executor.migration_plan(_targets(executor.loader, only))
            labels = shop_labels()
            done = [key for key in executor.loader.graph.nodes if key in applied and key[0] in labels]
            before = quick(executor.loader.project_state(done))
            if migrations:
                _ = before.apps  # models are built here, once, and copied for each schema
            self._plans[applied, only] = Plan(executor, tuple(migration for migration, _ in migrations), before)
        return self._plans[applied, only]


def _targets(loader: MigrationLoader, only: frozenset[str] | None) -> list[Key]:
    if only is None:
        return shop_leaves(loader)
    wanted = {key for key in loader.graph.nodes if f"{key[0]}.{key[1]}" in only}
    # The newest alone: to an executor, an older target means to go back to it.
    return sorted(key for key in wanted if not _children(loader, key) & wanted)


def _children(loader: MigrationLoader, key: Key) -> set[Key]:
    return {(node.key[0], node.key[1]) for node in loader.graph.node_map[key].children}


def _apply(executor: MigrationExecutor, state: ProjectState, migration: Migration) -> ProjectState:
    if not migration.atomic:
        return executor.apply_migration(state, migration)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(LOCK)
        if (migration.app_label, migration.name) in executor.recorder.applied_migrations():
            return migration.mutate_state(state, preserve=False)
        return executor.apply_migration(state, migration)
