"""State of shops' schemas, compared with the code."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, TextField
from django_tenants.utils import get_public_schema_name, schema_context

from kit.db.sql import fetch_all
from kit.db.statements import load_statement
from tenants.models import Shop
from tenants.schemas.graph import needed_migrations
from tenants.schemas.migration_state import needed_digest

# The state query holds two locks for each schema while it runs; a stock server has room for 6,400.
SHOPS_PER_QUERY = 2_500
MARKS = load_statement(__package__, "shop_marks")


class AppliedMigrations(Func):
    """The migrations recorded in a schema, as `app.name`; NULL where there is no such schema."""

    function = "public.tenants_applied_migrations"
    output_field = ArrayField(TextField())


@dataclass(frozen=True, slots=True)
class ShopState:
    """One shop's schema against the code.

    Args:
        is_marked: its mark tells that it is up to date, and it was not read.
    """

    shop_id: int
    slug: str
    schema_name: str
    born_from: str
    is_missing: bool
    pending: tuple[str, ...]
    failed_attempts: int
    is_marked: bool = False

    @property
    def is_outdated(self) -> bool:
        """Return whether the schema is there, and behind what the code needs."""
        return bool(self.pending) and not self.is_missing


@dataclass(frozen=True, slots=True)
class ShopsState:
    """All shops that have a schema, in the order of their making; those that are deleted have none."""

    shops: tuple[ShopState, ...]

    @property
    def total(self) -> int:
        """Return the number of shops."""
        return len(self.shops)

    @property
    def outdated(self) -> tuple[str, ...]:
        """Return the schemas that are behind the code."""
        return tuple(shop.schema_name for shop in self.shops if shop.is_outdated)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the schemas that are not there."""
        return tuple(shop.schema_name for shop in self.shops if shop.is_missing)


def shops_state(*, looked_up: bool = False) -> ShopsState:
    """Compare all shops' schemas with the code: by one statement, and one more for every 2,500 without a mark.

    Args:
        looked_up: whether to read all schemas, also those whose mark tells that they are up to date.
    """
    mark = needed_digest()
    with schema_context(get_public_schema_name()):
        rows = fetch_all(MARKS)
        is_marked = {row[0]: row[5] is not None and row[4] == f"{mark}:{row[5]}" for row in rows}
        unsure = [row[0] for row in rows if looked_up or not is_marked[row[0]]]
        applied = _applied_in(unsure)
    return ShopsState(tuple(_state(row, applied.get(row[0]), is_unsure=row[0] in applied) for row in rows))


def _applied_in(shop_ids: Sequence[int]) -> dict[int, list[str] | None]:
    found: dict[int, list[str] | None] = {}
    for start in range(0, len(shop_ids), SHOPS_PER_QUERY):
        some = Shop.objects.filter(pk__in=shop_ids[start : start + SHOPS_PER_QUERY]).order_by("pk")
        found.update(some.annotate(applied=AppliedMigrations(F("schema_name"))).values_list("pk", "applied"))
    return found


def _state(row: tuple[Any, ...], applied: list[str] | None, *, is_unsure: bool) -> ShopState:
    shop_id, slug, schema_name, born_from, _, _, attempts = row
    return ShopState(
        shop_id=shop_id,
        slug=slug,
        schema_name=schema_name,
        born_from=born_from,
        is_missing=is_unsure and applied is None,
        pending=tuple(sorted(needed_migrations().difference(applied or ()))) if is_unsure else (),
        failed_attempts=attempts or 0,
        is_marked=not is_unsure,
    )
