"""Put a shop back from its archive, or set it up in another installation."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django_tenants.utils import get_public_schema_name, schema_context
from psycopg import sql

from kit.db.sql import execute, fetch_all
from tenants.errors import RestoreBlockedError
from tenants.hosts import shop_host
from tenants.models import Domain, Role, Shop, ShopEventKind, ShopStatus
from tenants.schema.artefact import load_artefact
from tenants.selectors import lock_shop
from tenants.services.archives.alone import alone_with
from tenants.services.archives.media import SHOP_COLUMNS, copied_name, folder_of, rename_in_rows, store_file, workspace
from tenants.services.archives.parts import (
    Progress,
    RestoredSchema,
    check_restorable,
    follow_restored,
    in_silence,
    public_parts,
)
from tenants.services.archives.people import restore_owners
from tenants.services.archives.reading import Archive, opened
from tenants.services.archives.staging import (
    check_migrations,
    drop_schema,
    lay_out,
    staging_name,
    translate_references,
)
from tenants.services.archives.tables import shapes_of
from tenants.services.deletion import mark_restored
from tenants.services.events import record_event
from tenants.services.provisioning import provision_shop
from tenants.services.shop_roles import grant_shop_role
from tenants.services.shops import PROFILE, forget_hosts
from tenants.slugs import check_slug, schema_name_of

REPLACEABLE = frozenset({ShopStatus.DRAFT, ShopStatus.SUSPENDED, ShopStatus.CLOSED, ShopStatus.DELETED})
# Whoever works in the shop at this moment is waited for, but not for long: everybody else waits behind us.
LOCK_TIMEOUT = "SET LOCAL lock_timeout = '10s'"
NEXT_ID = sql.SQL("SELECT nextval(pg_get_serial_sequence('public.tenants_shop', 'id'))")


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and what of the market is no longer as it was in the archive."""

    shop: Shop
    is_new: bool
    rows: int
    pictures: int
    report: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Target:
    """Where an archive goes: to the shop that it was taken of, or to one that is still to be made."""

    shop: Shop | None
    shop_id: int
    slug: str
    schema_name: str


def restore_archive(
    *,
    path: Path,
    now: datetime,
    actor_id: int | None = None,
    may_replace: bool = False,
    progress: Progress = in_silence,
) -> Restored:
    """Lay an archive out beside the shop, compare it, and put it in the shop's place in one transaction.

    Where the shop is not known here, it is made, as a draft. What the market keeps about the shop, above all
    sales and ledger, is compared and never changed. Killed at any moment, it is simply run again.

    Args:
        may_replace: whether a shop that is there may lose what it holds now.

    Raises:
        ArchiveError: the archive is damaged, or this release can't read it.
        ArchiveRunningError: the shop is being restored already.
        RestoreBlockedError: the shop sells at the moment, or something else stands in the way; it says what.
    """
    with opened(path, progress=progress) as archive, schema_context(get_public_schema_name()):
        check_migrations(archive)
        slug = str(archive.shop["slug"])
        check_slug(slug)
        with alone_with(slug):
            target = _find_target(archive, slug)
            if target.shop is not None:
                _check_replaceable(target.shop, may_replace=may_replace)
                check_restorable(target.shop)
            return _restore(archive, target, actor_id=actor_id, now=now, progress=progress)


def _restore(archive: Archive, target: _Target, *, actor_id: int | None, now: datetime, progress: Progress) -> Restored:
    staging = staging_name(target.schema_name)
    with progress("Tables", total=len(archive.tables)) as advance:
        lay_out(archive, staging, advance)
    report = translate_references(archive, staging)
    renamed: Callable[[str], str] = str
    if target.shop is None:
        renamed = copied_name(source_id=int(archive.shop["id"]), target_id=target.shop_id)
    rename_in_rows(staging, renamed)
    report += _store_pictures(archive, target, renamed, progress)
    profile = {name: archive.shop[name] for name in sorted(PROFILE & archive.shop.keys())}
    profile |= {name: renamed(str(archive.shop.get(name, ""))) for name in SHOP_COLUMNS}
    if target.shop is None:
        shop, said = _make(archive, target, staging, profile, actor_id=actor_id, now=now)
    else:
        shop, said = _swap(archive, target.shop, staging, profile, actor_id=actor_id, now=now)
        if target.shop.status == ShopStatus.DELETED:  # whoever sweeps deleted shops' files may have met ours
            _store_pictures(archive, target, renamed, progress)
        said += _divergences(archive, shop)
    rows = sum(archive.files[f"shop/{table}.csv"]["rows"] for table in archive.tables)
    return Restored(shop, target.shop is None, rows, len(archive.pictures), report + said)


def _find_target(archive: Archive, slug: str) -> _Target:
    """Return the shop that the archive was taken of, if it is one of ours."""
    row = archive.shop
    mine = Shop.objects.filter(pk=row["id"], schema_name=row["schema_name"], created_at=row["created_at"]).first()
    if mine is not None:
        return _Target(mine, mine.pk, mine.slug, mine.schema_name)
    if Shop.objects.filter(slug=slug).exists():
        raise RestoreBlockedError(f"Another shop has the address {slug} here, so this one can't be set up.")
    schema_name = schema_name_of(slug)
    if shapes_of(schema_name):
        raise RestoreBlockedError(f"The database holds a schema {schema_name} without a shop. Remove it first.")
    return _Target(None, int(fetch_all(NEXT_ID)[0][0]), slug, schema_name)


def _store_pictures(archive: Archive, target: _Target, renamed: Callable[[str], str], progress: Progress) -> list[str]:
    """Write the pictures that are not there; no row names them yet, so nobody sees half of them."""
    own, said = folder_of(target.shop_id), []
    with progress("Pictures", total=len(archive.pictures)) as advance, workspace(target.schema_name) as folder:
        for name in archive.pictures:
            file, inside = renamed(name), f"media/{name}"
            is_ours = file.startswith(own)
            sha256 = archive.files[inside]["sha256"]
            if not store_file(file, archive.blocks(inside), sha256=sha256, folder=folder, may_overwrite=is_ours):
                said.append(f"The picture {file} is another one now, and was left as it is.")
            advance()
    return said


def _check_replaceable(shop: Shop, *, may_replace: bool) -> None:
    if not shapes_of(shop.schema_name):
        return
    if shop.status not in REPLACEABLE:
        raise RestoreBlockedError(
            f"{shop.name} is {shop.get_status_display().lower()}: orders that come in meanwhile would be lost. "
            "Suspend or close it first."
        )
    if not may_replace:
        raise RestoreBlockedError(
            f"{shop.name} is there, and would lose what it holds now. Export it first, then say --replace."
        )


def _swap(
    archive: Archive, shop: Shop, staging: str, profile: dict[str, Any], *, actor_id: int | None, now: datetime
) -> tuple[Shop, list[str]]:
    """Put the schema in the shop's place; nobody ever sees both or neither."""
    with transaction.atomic():
        execute(sql.SQL(LOCK_TIMEOUT))
        locked = lock_shop(shop_id=shop.pk)
        _check_replaceable(locked, may_replace=True)
        _lock_tables(shop.schema_name)
        check_restorable(locked)
        drop_schema(shop.schema_name)
        _put_in_place(staging, shop.schema_name)
        Shop.objects.filter(pk=shop.pk).update(**profile, schema_version=load_artefact().version)
        said = _bring_back(archive, locked, actor_id=actor_id, now=now) if locked.status == ShopStatus.DELETED else []
        said += _follow(archive, Shop.objects.get(pk=shop.pk), is_from_elsewhere=False, actor_id=actor_id, now=now)
    return Shop.objects.get(pk=shop.pk), said


def _make(
    archive: Archive, target: _Target, staging: str, profile: dict[str, Any], *, actor_id: int | None, now: datetime
) -> tuple[Shop, list[str]]:
    """Make the shop around the schema that has been laid out."""
    name, currency = profile.pop("name"), archive.shop["currency"]
    with transaction.atomic():
        shop = provision_shop(
            slug=target.slug,
            name=name,
            owner_id=None,
            now=now,
            make_schema=lambda made, _: _put_in_place(staging, made.schema_name),
            id=target.shop_id,
            currency=currency,
            **profile,
        )
        said = _follow(archive, shop, is_from_elsewhere=True, actor_id=actor_id, now=now)
    return shop, said + _left_to_do(archive)


def _bring_back(archive: Archive, shop: Shop, *, actor_id: int | None, now: datetime) -> list[str]:
    """Make a deleted shop a closed one, which its owners may enter; they ask in the others."""
    mark_restored(
        shop_id=shop.pk,
        actor_id=actor_id,
        reason="Restored from its archive.",
        delete_after=now + timedelta(days=settings.SHOP_RETENTION_DAYS),
        now=now,
    )
    Domain.objects.get_or_create(domain=shop_host(shop.slug), defaults={"tenant": shop, "is_primary": True})
    people = list(archive.rows("public/memberships.csv"))
    wanted = [row["email"] for row in people if row["role"] == Role.OWNER]
    owners = restore_owners(shop_id=shop.pk, emails=wanted, now=now)
    others = [f"{row['email']} ({row['role']})" for row in people if row["email"] not in owners]
    return [f"Worked there, to be invited again: {', '.join(others)}."] if others else []


def _follow(archive: Archive, shop: Shop, *, is_from_elsewhere: bool, actor_id: int | None, now: datetime) -> list[str]:
    said = follow_restored(RestoredSchema(shop, is_from_elsewhere, now))
    record_event(
        shop_id=shop.pk,
        actor_id=actor_id,
        kind=ShopEventKind.RESTORED,
        details={"archived_at": archive.manifest["created_at"], "from_elsewhere": is_from_elsewhere},
        now=now,
    )
    forget_hosts(shop_id=shop.pk, slug=shop.slug)
    return said


def _put_in_place(staging: str, schema_name: str) -> None:
    """Give a prepared schema a shop's name, and the shop's role what is in it."""
    execute(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(sql.Identifier(staging), sql.Identifier(schema_name)))
    grant_shop_role(schema_name=schema_name)


def _lock_tables(schema_name: str) -> None:
    """Wait for whoever is at the shop's tables, and keep everybody out until the end."""
    tables = [sql.Identifier(schema_name, table.name) for table in shapes_of(schema_name)]
    if tables:
        execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.SQL(", ").join(tables)))


def _divergences(archive: Archive, shop: Shop) -> list[str]:
    return [
        line
        for part in public_parts()
        if part.compare is not None
        for line in part.compare(shop.pk, archive.rows(f"public/{part.name}.csv"))
    ]


def _left_to_do(archive: Archive) -> list[str]:
    people = [f"{row['email']} ({row['role']})" for row in archive.rows("public/memberships.csv")]
    hosts = [row["domain"] for row in archive.rows("public/domains.csv")]
    hosts = [host for host in hosts if host != archive.manifest.get("host")]
    said = ["The shop is a draft without people: look it over, then invite its owner."]
    said += [f"Worked there: {', '.join(people)}."] if people else []
    return said + ([f"Had these addresses, to be proved anew: {', '.join(hosts)}."] if hosts else [])
