"""Export a shop: one file with its tables, its pictures and the market's records about it."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.db import OperationalError, ProgrammingError, connection, transaction
from django.db.models import F
from django_tenants.utils import get_public_schema_name, schema_context
from psycopg import errors, sql

from kit.db.sql import UNREADABLE, fetch_all
from tenants.archives.media import missing_files, named_files, stored_blocks
from tenants.archives.package import FORMAT, KIND, README, README_TEXT, ArchiveWriter
from tenants.archives.parts import Progress, in_silence, public_parts, references
from tenants.archives.signing import signed
from tenants.archives.tables import SAY_IT_THE_SAME, TableShape, copy_out, rows_of, shapes_of
from tenants.errors import ShopNotFoundError, ShopUnavailableError
from tenants.models import Shop, ShopEventKind
from tenants.schemas.look_up import lock_tables
from tenants.schemas.state import AppliedMigrations
from tenants.shops.addresses import shop_host
from tenants.shops.audit_trail import record_event

ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
NOT_PROFILE = frozenset({"schema_version"})


@dataclass(frozen=True, slots=True)
class Exported:
    """Counts of the rows and files in an archive."""

    path: Path
    tables: int
    rows: int
    pictures: int
    missing: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class _Moment:
    """Rows of a shop, read in one transaction."""

    shop: Shop
    migrations: list[str]
    shapes: list[TableShape]
    files: list[str]


def export_shop(
    *, shop_id: int, to: Path, now: datetime, actor_id: int | None = None, progress: Progress = in_silence
) -> Exported:
    """Write a shop's archive; buyers and staff notice nothing.

    All tables are read as they were at one moment. The file takes its name only once it is whole.

    Raises:
        ShopNotFoundError: there is no such shop.
        ShopUnavailableError: its schema is not there.
    """
    part = to.with_name(f"{to.name}.part")
    with ArchiveWriter(part) as archive:
        moment = _write_rows(archive, shop_id, progress)
        missing = missing_files(shop_id, moment.files)
        stored = [name for name in moment.files if name not in set(missing)]
        with progress("Pictures", total=len(stored)) as advance:
            for name in stored:
                archive.add_blocks(f"media/{name}", stored_blocks(shop_id, name))
                advance()
        archive.finish(_manifest(moment, missing, now), signed)
    part.replace(to)
    counts = Counter(name.partition("/")[0] for name in archive.files)
    rows = sum(facts["rows"] for name, facts in archive.files.items() if name.startswith("shop/"))
    exported = Exported(to, counts["shop"], rows, counts["media"], tuple(missing), to.stat().st_size)
    _record(moment.shop, exported, actor_id=actor_id, now=now)
    return exported


def _write_rows(archive: ArchiveWriter, shop_id: int, progress: Progress) -> _Moment:
    with transaction.atomic(durable=True), schema_context(get_public_schema_name()):
        with connection.cursor() as cursor:
            cursor.execute(ONE_MOMENT)
            cursor.execute(SAY_IT_THE_SAME)
        shop = Shop.objects.filter(pk=shop_id).annotate(applied=AppliedMigrations(F("schema_name"))).first()
        if shop is None:
            raise ShopNotFoundError
        if shop.applied is None:
            raise ShopUnavailableError
        with _unavailable_when_gone():
            lock_tables(shop.schema_name, "ACCESS SHARE")
        shapes = shapes_of(shop.schema_name)
        archive.add_text(README, README_TEXT.format(name=shop.name))
        archive.add_json("public/profile.json", _profile(shop))
        archive.add_json("public/references.json", _keys(shop.schema_name))
        with progress("Tables", total=len(shapes) + len(public_parts())) as advance:
            for part in public_parts():
                query = sql.SQL(part.query).format(shop_id=sql.Literal(shop.pk))
                archive.add_rows(f"public/{part.name}.csv", _copying(query))
                advance()
            for table in shapes:
                archive.add_rows(f"shop/{table.name}.csv", _copying(rows_of(shop.schema_name, table)))
                advance()
        return _Moment(shop, sorted(shop.applied), shapes, named_files(shop, shop.schema_name))


@contextmanager
def _unavailable_when_gone() -> Iterator[None]:
    """Raise an error where a shop is deleted or replaced while it is read."""
    try:
        yield
    except (ProgrammingError, OperationalError) as error:
        if isinstance(error.__cause__, (*UNREADABLE, errors.LockNotAvailable, errors.DeadlockDetected)):
            raise ShopUnavailableError from error
        raise


def _copying(query: sql.Composable) -> Callable[[Callable[[bytes], object]], Any]:
    return partial(copy_out, query)


def _keys(schema_name: str) -> dict[str, dict[str, str]]:
    """Return the names of the public rows whose ids the shop's tables hold."""
    found = {}
    for reference in references():
        statement = sql.SQL("SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL").format(
            column=sql.Identifier(reference.column), table=sql.Identifier(schema_name, reference.table)
        )
        keys = reference.keys([row[0] for row in fetch_all(statement)])
        found[reference.name] = {str(row_id): key for row_id, key in keys.items()}
    return found


def _profile(shop: Shop) -> dict[str, Any]:
    fields = [field.attname for field in Shop._meta.concrete_fields]  # noqa: SLF001 - documented
    values = {name: getattr(shop, name) for name in fields if name not in NOT_PROFILE}
    said: dict[str, Any] = json.loads(json.dumps(values, default=_said))
    return said


def _said(value: date) -> str:
    """Return a time to the microsecond, by which the shop is recognised."""
    return value.isoformat()


def _manifest(moment: _Moment, missing: list[str], now: datetime) -> dict[str, Any]:
    return {
        "kind": KIND,
        "format": FORMAT,
        "app_version": version("kasuwa"),
        "created_at": now.isoformat(),
        "shop": _profile(moment.shop),
        "host": shop_host(moment.shop.slug),
        "migrations": moment.migrations,
        "tables": {table.name: list(table.columns) for table in moment.shapes},
        "missing_media": missing,
    }


def _record(shop: Shop, exported: Exported, *, actor_id: int | None, now: datetime) -> None:
    details = {"rows": exported.rows, "pictures": exported.pictures, "bytes": exported.size}
    with transaction.atomic(), schema_context(get_public_schema_name()):
        record_event(shop_id=shop.pk, actor_id=actor_id, kind=ShopEventKind.EXPORTED, now=now, details=details)
