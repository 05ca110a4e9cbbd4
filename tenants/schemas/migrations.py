"""Migrate `public`, and of the shops' schemas only those that lag behind."""

from collections.abc import Callable

from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext, gettext_noop
from django_tenants.utils import get_public_schema_name, schema_context
from psycopg import sql

from kit.db.sql import fetch_all
from tenants.database.roles import sync_shop_roles
from tenants.errors import ShopMigrationError
from tenants.schemas.graph import Key
from tenants.schemas.migration_failures import forget_recovered, record_failure
from tenants.schemas.migration_state import mark_migrated
from tenants.schemas.migration_workers import migrate_in_turn, migrate_side_by_side
from tenants.schemas.quick_states import quick_migrations
from tenants.schemas.state import ShopsState, ShopState, shops_state

__all__ = ["migrate_outdated_shops", "migrate_public", "pending_public", "shops_state"]

# A shop may fail for reasons of its own. When so many in a row do, it is the migration.
CANARIES = 3
MISSING = gettext_noop("The schema is missing.")
Advance = Callable[[], None]


def pending_public() -> list[Key]:
    """Return the migrations that `public` still needs; two statements."""
    wanted = set(MigrationLoader(None).graph.nodes)
    with schema_context(get_public_schema_name()):
        if fetch_all(sql.SQL("SELECT to_regclass('public.django_migrations')")) == [(None,)]:
            return sorted(wanted)
        applied = fetch_all(sql.SQL("SELECT app, name FROM public.django_migrations"))
    return sorted(wanted - set(applied))


def migrate_public(*, verbosity: int = 0) -> int:
    """Migrate `public` and return the number of migrations that ran."""
    pending = pending_public()
    if pending:
        with quick_migrations():
            call_command("migrate_schemas", shared=True, interactive=False, verbosity=verbosity)
        sync_shop_roles()
    return len(pending)


def migrate_outdated_shops(
    *, state: ShopsState | None = None, jobs: int = 1, canary: str = "", advance: Advance = lambda: None
) -> int:
    """Migrate the shops whose schemas are outdated; return the number that were migrated.

    One shop is migrated first: the others follow when it has succeeded, and `jobs` processes share them. A shop that
    fails does not stop the others; its failure is recorded until it succeeds. After the process was killed, the next
    call continues.

    Args:
        state: the result of `shops_state`, where the caller has it already.
        canary: the slug of the first shop; when it fails, no other is migrated.
        advance: called after each shop.

    Raises:
        ShopMigrationError: some failed, or their schemas are missing; `details` has the reasons, by schema.
    """
    state = state or shops_state()
    forget_recovered(state)
    mark_migrated(shop_ids=[shop.shop_id for shop in state.shops if not (shop.is_marked or shop.pending)])
    failures = {}
    for shop in state.shops:
        if shop.is_missing:
            record_failure(shop, MISSING)
            failures[shop.schema_name] = MISSING
    queue = _in_order([shop for shop in state.shops if shop.is_outdated], canary)
    first, others = _canaries(queue, attempts=1 if canary else CANARIES, failures=failures, advance=advance)
    side_by_side = jobs > 1 and len(others) > 1
    for shop, reason in migrate_side_by_side(others, jobs=jobs) if side_by_side else migrate_in_turn(others):
        if reason:
            failures[shop.schema_name] = reason
        advance()
    if failures:
        message = gettext("Shops that could not be migrated: %(failures)s of %(total)s: %(names)s.") % {
            "failures": len(failures),
            "total": state.total,
            "names": ", ".join(sorted(failures)[:10]),
        }
        raise ShopMigrationError(message, details=failures)
    return first + len(others)


def _in_order(outdated: list[ShopState], canary: str) -> list[ShopState]:
    """Put the canary first, else shops that have not failed before."""
    if canary and outdated and canary not in {shop.slug for shop in outdated}:
        raise ShopMigrationError(
            gettext("%(canary)s is not among the shops that lag behind, so it cannot go first.") % {"canary": canary}
        )
    return sorted(outdated, key=lambda shop: (shop.slug != canary, shop.failed_attempts, shop.shop_id))


def _canaries(
    queue: list[ShopState], *, attempts: int, failures: dict[str, str], advance: Advance
) -> tuple[int, list[ShopState]]:
    """Migrate shops one by one until one succeeds; return the number migrated, and the remaining shops."""
    for count, (shop, reason) in enumerate(migrate_in_turn(queue[:attempts]), start=1):
        advance()
        if not reason:
            return count, queue[count:]
        failures[shop.schema_name] = reason
    left = queue[attempts:]
    if left:
        message = gettext(
            "The first %(attempts)s failed, so the others were not touched. Outdated shops left: %(left)s."
        ) % {
            "attempts": attempts,
            "left": len(left),
        }
        raise ShopMigrationError(message, details=failures)
    return len(queue), []
