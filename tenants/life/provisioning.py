"""Make a shop: its row, schema, host, owner and the rows of other apps, all or nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, ProgrammingError, transaction
from django_tenants.utils import get_public_schema_name, schema_context
from psycopg import errors

from kit.wiring import Moment, tell
from tenants.database.roles import privileges_of_new_shop
from tenants.errors import SchemaLeftoverError, SlugTakenError
from tenants.models import Domain, Membership, Role, Shop, ShopStatus
from tenants.schemas.artefact import Artefact, load_artefact, replay
from tenants.schemas.migration_state import mark_of_new_shop
from tenants.shops import host_cache
from tenants.shops.addresses import shop_host
from tenants.shops.slugs import check_slug, schema_name_of

MakeSchema = Callable[[Shop, Artefact], None]


@dataclass(frozen=True, slots=True)
class ShopProvisioned(Moment):
    """A shop has come into being, in the transaction that makes it."""

    shop: Shop


def provision_shop(
    *,
    slug: str,
    name: str,
    owner_id: int | None,
    now: datetime,
    currency: str,
    status: str = ShopStatus.DRAFT,
    make_schema: MakeSchema | None = None,
    **profile: Any,
) -> Shop:
    """Make a shop in one transaction, its schema by replaying the DDL artefact.

    `profile` sets other columns of the shop, such as `city` or `shipping_minor`.

    Args:
        currency: that all its prices are in, for life.
        make_schema: puts a schema in place that has been prepared, instead of an empty one.

    Raises:
        InvalidSlugError, ReservedSlugError: no shop may have this address.
        SlugTakenError: another shop has it; also when two ask for it at the same moment.
        SchemaLeftoverError: a schema of that name exists without a shop.
    """
    check_slug(slug)
    artefact = load_artefact()
    shop = Shop(
        slug=slug,
        name=name,
        status=status,
        currency=currency,
        schema_name=schema_name_of(slug),
        schema_version=artefact.version,
        created_at=now,
        status_at=now,
        **profile,
    )
    with transaction.atomic(), schema_context(get_public_schema_name()):
        _insert(shop)
        (make_schema or _make_schema)(shop, artefact)
        Domain.objects.bulk_create([Domain(tenant=shop, domain=shop_host(slug), is_primary=True)])
        if owner_id is not None:
            owner = Membership(shop=shop, user_id=owner_id, role=Role.OWNER, created_at=now)
            Membership.objects.bulk_create([owner])
        tell(ShopProvisioned(shop))
    host_cache.forget(shop_host(slug))
    return shop


def _insert(shop: Shop) -> None:
    """Insert the row; a concurrent request for the same slug waits here for the outcome."""
    try:
        with transaction.atomic():
            Shop.objects.bulk_create([shop])
    except IntegrityError as error:
        if isinstance(error.__cause__, errors.UniqueViolation):
            raise SlugTakenError(details={"slug": [SlugTakenError.default_message]}) from error
        raise


def _make_schema(shop: Shop, artefact: Artefact) -> None:
    try:
        with transaction.atomic():
            before, after = privileges_of_new_shop(shop_id=shop.pk, schema_name=shop.schema_name)
            mark = mark_of_new_shop(shop_id=shop.pk)
            replay(shop.schema_name, artefact, before=before, after=[*after, mark])
    except ProgrammingError as error:
        if isinstance(error.__cause__, errors.DuplicateSchema):
            raise SchemaLeftoverError from error
        raise
