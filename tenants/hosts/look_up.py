"""Look-up of the shop of a host, for every request."""

from typing import Any

from django.db.models import Exists, F, OuterRef

from tenants.errors import ShopGoneError, ShopOutdatedError, ShopUnavailableError
from tenants.models import Domain, Shop, ShopStatus
from tenants.schemas.graph import needed_migrations
from tenants.schemas.state import AppliedMigrations
from tenants.shops import host_cache
from tenants.shops.addresses import slug_of_host

COLUMNS = tuple(field.attname for field in Shop._meta.concrete_fields)  # noqa: SLF001 - documented
SHAPE = frozenset([*COLUMNS, "applied"])


def get_shop_by_host(host: str) -> Shop | None:
    """Return the shop that a host (lower case, no port) leads to, or None; no statement when remembered.

    Raises:
        ShopGoneError: the shop was deleted. It is looked for again on every request.
        ShopUnavailableError: the shop's schema is not there. It is looked for again on every request.
        ShopOutdatedError: the schema is behind what the code needs; it is looked at again once it is migrated.
    """
    values = host_cache.remembered(host)
    if values is None or _is_behind(values):  # another process may have migrated it a moment ago
        values, version = host_cache.shared(host)
        if values is None or values.keys() != SHAPE:  # other columns: written by another release
            values = _look_up(host)
            if values is None:
                return None
            host_cache.remember(host, values, version=version)
    if _is_behind(values):
        raise ShopOutdatedError
    shop: Shop = Shop.from_db("default", COLUMNS, [values[name] for name in COLUMNS])
    return shop


def _look_up(host: str) -> dict[str, Any] | None:
    slug = slug_of_host(host)
    leads_here = Exists(Domain.objects.filter(tenant_id=OuterRef("pk"), domain=host))
    wanted = Shop.objects.filter(slug=slug) if slug else Shop.objects.filter(leads_here)
    found = wanted.annotate(applied=AppliedMigrations(F("schema_name"))).values(*COLUMNS, "applied")
    values: dict[str, Any] | None = found.first()
    if values is None:
        return None
    if values["status"] == ShopStatus.DELETED:
        raise ShopGoneError
    if values["applied"] is None:
        raise ShopUnavailableError
    return values


def _is_behind(values: dict[str, Any]) -> bool:
    """Return whether the shop's schema lacks what this process's code needs; one that is ahead serves."""
    return not needed_migrations().issubset(values["applied"])
