"""Where shops' schemas stand against the code."""

from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, TextField
from django_tenants.utils import get_public_schema_name, schema_context

from tenants.models import Shop, ShopStatus
from tenants.schema.graph import needed_migrations

# The state query holds two locks for each schema while it runs; a stock server has room for 6,400.
SHOPS_PER_QUERY = 2_500


class AppliedMigrations(Func):
    """The migrations recorded in a schema, as `app.name`; NULL where there is no such schema."""

    function = "public.tenants_applied_migrations"
    output_field = ArrayField(TextField())


@dataclass(frozen=True, slots=True)
class ShopState:
    """One shop's schema against the code."""

    shop_id: int
    slug: str
    schema_name: str
    born_from: str
    is_missing: bool
    pending: tuple[str, ...]
    failed_attempts: int

    @property
    def is_lagging(self) -> bool:
        """Whether the schema is there, and behind what the code needs."""
        return bool(self.pending) and not self.is_missing


@dataclass(frozen=True, slots=True)
class ShopsState:
    """All shops that have a schema, in the order of their making; those that are deleted have none."""

    shops: tuple[ShopState, ...]

    @property
    def total(self) -> int:
        """How many shops there are."""
        return len(self.shops)

    @property
    def lagging(self) -> tuple[str, ...]:
        """The schemas that are behind the code."""
        return tuple(shop.schema_name for shop in self.shops if shop.is_lagging)

    @property
    def missing(self) -> tuple[str, ...]:
        """The schemas that are not there."""
        return tuple(shop.schema_name for shop in self.shops if shop.is_missing)


def shops_state() -> ShopsState:
    """Compare all shops' schemas with the code, by one statement for every 2,500 of them."""
    found: list[ShopState] = []
    with schema_context(get_public_schema_name()):
        while True:
            chunk = _states_after(found[-1].shop_id if found else 0)
            found += chunk
            if len(chunk) < SHOPS_PER_QUERY:
                return ShopsState(tuple(found))


def _states_after(shop_id: int) -> list[ShopState]:
    needed = needed_migrations()
    rows = (
        Shop.objects.filter(pk__gt=shop_id)
        .exclude(status=ShopStatus.DELETED)
        .order_by("pk")
        .annotate(applied=AppliedMigrations(F("schema_name")))
        .values_list("pk", "slug", "schema_name", "schema_version", "applied", "migration_failure__attempts")
    )
    return [
        ShopState(
            shop_id=pk,
            slug=slug,
            schema_name=schema_name,
            born_from=version,
            is_missing=applied is None,
            pending=tuple(sorted(needed.difference(applied or ()))),
            failed_attempts=attempts or 0,
        )
        for pk, slug, schema_name, version, applied, attempts in rows[:SHOPS_PER_QUERY]
    ]
