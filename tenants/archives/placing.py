"""Target of a restore: the shop of the archive, or a shop that is made for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import OperationalError, transaction
from django.utils.translation import gettext, gettext_noop
from psycopg import errors, sql

from kit.db.sql import execute, fetch_all
from tenants.archives.parts import (
    RestoredSchema,
    check_restorable,
    follow_restored,
)
from tenants.archives.people import invite_former_owners
from tenants.archives.reading import Archive
from tenants.archives.staging import (
    drop_schema,
)
from tenants.archives.tables import shapes_of
from tenants.database.roles import grant_shop_role
from tenants.errors import RestoreBlockedError
from tenants.life.deletion import mark_restored
from tenants.life.provisioning import provision_shop
from tenants.models import Domain, Shop, ShopEventKind, ShopStatus
from tenants.schemas.artefact import load_artefact
from tenants.schemas.look_up import lock_tables
from tenants.shops.addresses import shop_host
from tenants.shops.audit_trail import record_event
from tenants.shops.profile import forget_hosts
from tenants.shops.selectors import lock_shop
from tenants.shops.slugs import schema_name_of

REPLACEABLE = frozenset({ShopStatus.DRAFT, ShopStatus.SUSPENDED, ShopStatus.CLOSED, ShopStatus.DELETED})
# Wait for transactions in the shop, but not for long: all others wait behind this lock.
LOCK_TIMEOUT = "SET LOCAL lock_timeout = '10s'"
NEXT_ID = sql.SQL("SELECT nextval(pg_get_serial_sequence('public.tenants_shop', 'id'))")


@dataclass(frozen=True, slots=True)
class Target:
    """Target of a restore: the shop of the archive, or one that is still to be made."""

    shop: Shop | None
    shop_id: int
    slug: str
    schema_name: str


def find_target(archive: Archive, slug: str) -> Target:
    """Return the shop that the archive was taken of, if it is one of ours."""
    said = archive.manifest.identity
    mine = Shop.objects.filter(pk=said.shop_id, schema_name=said.schema_name, created_at=said.created_at).first()
    if mine is not None:
        return Target(mine, mine.pk, mine.slug, mine.schema_name)
    if Shop.objects.filter(slug=slug).exists():
        raise RestoreBlockedError(
            gettext("Another shop has the address %(slug)s here, so this one can't be set up.") % {"slug": slug}
        )
    schema_name = schema_name_of(slug)
    if shapes_of(schema_name):
        raise RestoreBlockedError(
            gettext("The database holds a schema %(schema_name)s without a shop. Remove it first.")
            % {"schema_name": schema_name}
        )
    return Target(None, int(fetch_all(NEXT_ID)[0][0]), slug, schema_name)


def check_replaceable(shop: Shop, *, may_replace: bool) -> None:
    """Refuse to replace a shop's data without permission.

    Raises:
        RestoreBlockedError: the shop sells, or the caller did not allow its replacement.
    """
    if not shapes_of(shop.schema_name):
        return
    if shop.status not in REPLACEABLE:
        raise RestoreBlockedError(
            gettext("%(shop)s is %(lower)s: new orders would be lost. Suspend or close it first.")
            % {"shop": shop.name, "lower": shop.get_status_display().lower()}
        )
    if not may_replace:
        raise RestoreBlockedError(
            gettext("%(shop)s is there, and would lose what it holds now. Export it first, then say --replace.")
            % {"shop": shop.name}
        )


def swap_schema(
    archive: Archive, shop: Shop, staging: str, profile: dict[str, Any], *, actor_id: int | None, now: datetime
) -> tuple[Shop, list[str]]:
    """Replace a shop's schema by the staging schema, in one step for all readers."""
    with _not_in_use(shop), transaction.atomic():
        execute(sql.SQL(LOCK_TIMEOUT))
        locked = lock_shop(shop_id=shop.pk)
        check_replaceable(locked, may_replace=True)
        lock_tables(shop.schema_name, "ACCESS EXCLUSIVE")
        check_restorable(locked)
        drop_schema(shop.schema_name)
        _put_in_place(staging, shop.schema_name)
        Shop.objects.filter(pk=shop.pk).update(**profile, schema_version=load_artefact().version)
        said = _bring_back(archive, locked, actor_id=actor_id, now=now) if locked.status == ShopStatus.DELETED else []
        said += _follow(archive, Shop.objects.get(pk=shop.pk), is_from_elsewhere=False, actor_id=actor_id, now=now)
    return Shop.objects.get(pk=shop.pk), said


def make_shop_of(
    archive: Archive, target: Target, staging: str, profile: dict[str, Any], *, actor_id: int | None, now: datetime
) -> tuple[Shop, list[str]]:
    """Make a shop of the archive, with the staging schema as its own."""
    name = profile.pop("name")
    with transaction.atomic():
        shop = provision_shop(
            slug=target.slug,
            name=name,
            owner_id=None,
            now=now,
            make_schema=lambda made, _: _put_in_place(staging, made.schema_name),
            id=target.shop_id,
            currency=archive.manifest.shop["currency"],
            **profile,
        )
        said = _follow(archive, shop, is_from_elsewhere=True, actor_id=actor_id, now=now)
    return shop, said


def _bring_back(archive: Archive, shop: Shop, *, actor_id: int | None, now: datetime) -> list[str]:
    """Make a deleted shop a closed one, and invite its former owners."""
    mark_restored(
        shop_id=shop.pk,
        actor_id=actor_id,
        reason=gettext_noop("Restored from its archive."),
        delete_after=now + timedelta(days=settings.SHOP_RETENTION_DAYS),
        now=now,
    )
    Domain.objects.get_or_create(domain=shop_host(shop.slug), defaults={"tenant": shop, "is_primary": True})
    return invite_former_owners(archive, shop_id=shop.pk, now=now)


def _follow(archive: Archive, shop: Shop, *, is_from_elsewhere: bool, actor_id: int | None, now: datetime) -> list[str]:
    said = follow_restored(RestoredSchema(shop, is_from_elsewhere, now))
    record_event(
        shop_id=shop.pk,
        actor_id=actor_id,
        kind=ShopEventKind.RESTORED,
        details={"archived_at": archive.manifest.created_at.isoformat(), "from_elsewhere": is_from_elsewhere},
        now=now,
    )
    forget_hosts(shop_id=shop.pk, slug=shop.slug)
    return said


def _put_in_place(staging: str, schema_name: str) -> None:
    """Give a prepared schema a shop's name, and the shop's role what is in it."""
    execute(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(sql.Identifier(staging), sql.Identifier(schema_name)))
    grant_shop_role(schema_name=schema_name)


@contextmanager
def _not_in_use(shop: Shop) -> Iterator[None]:
    """Raise a clear error where another connection holds a shop's tables."""
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, (errors.LockNotAvailable, errors.DeadlockDetected)):
            raise RestoreBlockedError(
                gettext("%(shop)s is in use at the moment. Try again in a minute.") % {"shop": shop.name}
            ) from error
        raise
