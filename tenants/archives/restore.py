"""Restore a shop from its archive, or set it up in another installation."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import ProgrammingError
from django.utils.translation import gettext
from django_tenants.utils import get_public_schema_name, schema_context

from tenants.archives.exclusive import exclusive_lock
from tenants.archives.judging import check_rows, check_values, foreign_names
from tenants.archives.media import (
    SHOP_COLUMNS,
    copied_name,
    is_stored,
    rename_in_rows,
    store_file,
    workspace,
)
from tenants.archives.parts import (
    Progress,
    check_restorable,
    in_silence,
    pictures,
    public_parts,
    uploads,
)
from tenants.archives.people import people_of
from tenants.archives.placing import Target, check_replaceable, find_target, make_shop_of, swap_schema
from tenants.archives.profile import profile_of
from tenants.archives.reading import Archive, opened
from tenants.archives.signing import Signature
from tenants.archives.staging import (
    check_migrations,
    drop_schema,
    leftovers,
    load_staging,
    refusals,
    staging_name,
    translate_references,
)
from tenants.errors import ArchiveError, RestoreBlockedError
from tenants.models import Shop, ShopStatus
from tenants.schemas.stored_forms import form_restored
from tenants.shops.files import readable_media, shop_media, shop_uploads
from tenants.shops.slugs import check_slug


@dataclass(frozen=True, slots=True)
class Restored:
    """Result of a restore: the shop, and the differences between the market and the archive."""

    shop: Shop
    is_new: bool
    rows: int
    pictures: int
    report: list[str] = field(default_factory=list)


def restore_archive(
    *,
    path: Path,
    now: datetime,
    actor_id: int | None = None,
    may_replace: bool = False,
    may_be_unsigned: bool = False,
    progress: Progress = in_silence,
) -> Restored:
    """Load an archive into a schema beside the shop, compare it, and put it in the shop's place in one transaction.

    Where the shop is not known here, it is made, as a draft. What the market keeps about the shop, above all sales and
    ledger, is compared and never changed. Killed at any moment, it is simply run again.

    Args:
        may_replace: whether a shop that is there may lose what it holds now.
        may_be_unsigned: whether it may be one that this market did not write, or that was changed since; each of
            its rows is judged then.

    Raises:
        ArchiveError: the archive is damaged or forged, or this release can't read it.
        ArchiveRunningError: the shop is being restored already.
        RestoreBlockedError: the shop sells at the moment, or has another obstacle; the message names it.
    """
    with opened(path, progress=progress) as archive, schema_context(get_public_schema_name()):
        slug = archive.manifest.identity.slug
        check_slug(slug)
        _check_signature(archive, may_be_unsigned=may_be_unsigned)
        check_migrations(archive)
        with exclusive_lock(slug):
            target = find_target(archive, slug)
            if target.shop is not None:
                check_replaceable(target.shop, may_replace=may_replace)
                check_restorable(target.shop)
            return _restore(archive, target, actor_id=actor_id, now=now, progress=progress)


def _check_signature(archive: Archive, *, may_be_unsigned: bool) -> None:
    if archive.manifest.signature is Signature.OURS or may_be_unsigned:
        return
    raise ArchiveError(
        gettext(
            "This market has not signed this archive of %(slug)s, or it was changed since. If "
            "you know who wrote it, say --unsigned: its content is judged as a stranger's then."
        )
        % {"slug": archive.manifest.identity.slug}
    )


def _restore(archive: Archive, target: Target, *, actor_id: int | None, now: datetime, progress: Progress) -> Restored:
    staging = staging_name(target.schema_name)
    with _dropped_when_refused(staging):
        with progress("Tables", total=len(archive.manifest.tables)) as advance:
            load_staging(archive, staging, advance)
        report = _judge(archive, staging)
        report += translate_references(archive, staging)
        profile, faults = profile_of(archive)
        report += faults
        renamed = _renaming(archive, target)
        rename_in_rows(staging, pictures(), renamed)
        rename_in_rows(staging, uploads(), _kept_uploads(target))
        profile |= {name: renamed(str(profile.get(name, ""))) for name in SHOP_COLUMNS}
        said = _left_to_do(archive) if target.shop is None else _divergences(archive, target.shop)
        _store_pictures(archive, target, renamed, progress)
        if target.shop is None:
            shop, followed = make_shop_of(archive, target, staging, profile, actor_id=actor_id, now=now)
        else:
            shop, followed = swap_schema(archive, target.shop, staging, profile, actor_id=actor_id, now=now)
    if target.shop is not None and target.shop.status == ShopStatus.DELETED:
        _store_pictures(archive, target, renamed, progress)  # the sweep of deleted shops' files may have met ours
    rows = sum(archive.manifest.files[f"shop/{table}.csv"].rows or 0 for table in archive.manifest.tables)
    return Restored(shop, target.shop is None, rows, len(archive.pictures), report + followed + said)


@contextmanager
def _dropped_when_refused(staging: str) -> Iterator[None]:
    """Name the rows that the database refuses, and remove the staging schema of a refused archive.

    Raises:
        ArchiveError: the database refuses a row.
        RestoreBlockedError: the schema was removed, for instance by hand.
    """
    try:
        with refusals():
            yield
    except (ArchiveError, RestoreBlockedError):
        drop_schema(staging)
        raise
    except ProgrammingError as error:
        if staging in leftovers():
            raise
        raise RestoreBlockedError(
            gettext("The schema %(staging)s was removed while the archive was loaded. Restore it again.")
            % {"staging": staging}
        ) from error


def _judge(archive: Archive, staging: str) -> list[str]:
    """Refuse values that pages can't read; of an archive that is not this market's own, all that is not a shop's.

    In between, texts and options are brought into today's form, so that an older archive's are judged as today's.
    """
    check_values(staging)
    formed = form_restored(staging)
    foreign = foreign_names(archive, staging)
    if archive.manifest.signature is not Signature.OURS:
        if foreign:
            raise ArchiveError(
                gettext("The archive's rows name files that are not in it or not the shop's: %(names)s.")
                % {"names": repr(foreign[0][:200])}
            )
        check_rows(staging)
    if not foreign:
        return formed
    return [
        *formed,
        gettext("Names of files that were not the shop's, left empty: %(foreign)s.") % {"foreign": len(foreign)},
    ]


def _renaming(archive: Archive, target: Target) -> Callable[[str], str]:
    """Return a function that gives the archive's files their names here: in the shop's folder, or shared ones."""
    source = archive.manifest.identity.shop_id
    shared = [name for name in archive.pictures if not shop_media(source).holds(name)]
    are_here = target.shop is not None and all(
        (folder := readable_media(source, name)) is not None
        and is_stored(folder, name, sha256=archive.manifest.files[f"media/{name}"].sha256)
        for name in shared
    )
    return copied_name(source_id=source, target_id=target.shop_id, keeps_shared=are_here)


def _kept_uploads(target: Target) -> Callable[[str], str]:
    """Return a function that keeps the names of a shop's uploads in the shop itself, and drops them in another."""
    own = shop_uploads(target.shop_id)
    return lambda name: name if target.shop is not None and own.holds(name) else ""


def _store_pictures(archive: Archive, target: Target, renamed: Callable[[str], str], progress: Progress) -> None:
    """Write the missing pictures; no row names them yet, so that incomplete ones are not shown."""
    media = shop_media(target.shop_id)
    with progress("Pictures", total=len(archive.pictures)) as advance, workspace(target.schema_name) as folder:
        for name in archive.pictures:
            file, inside = renamed(name), f"media/{name}"
            if media.holds(file):
                sha256 = archive.manifest.files[inside].sha256
                store_file(media, file, archive.blocks(inside), sha256=sha256, workplace=folder)
            advance()


def _divergences(archive: Archive, shop: Shop) -> list[str]:
    said = []
    for part in public_parts():
        if part.compare is not None:
            name = f"public/{part.name}.csv"
            try:
                said += part.compare(shop.pk, archive.rows(name, *part.compares))
            except ValueError as error:
                raise ArchiveError(
                    gettext("%(name)s has a value that no shop's export writes.") % {"name": name}
                ) from error
    return said


def _left_to_do(archive: Archive) -> list[str]:
    people = [f"{email} ({role})" for email, role in people_of(archive).items()]
    hosts = [row["domain"] for row in archive.rows("public/domains.csv", "domain")]
    hosts = [host for host in hosts if host != archive.manifest.host]
    said = [gettext("The shop is a draft without people: look it over, then invite its owner.")]
    said += [(gettext("Worked there: %(people)s.") % {"people": ", ".join(people)})] if people else []
    return said + (
        [(gettext("Had these addresses, which must be verified again: %(hosts)s.") % {"hosts": ", ".join(hosts)})]
        if hosts
        else []
    )
