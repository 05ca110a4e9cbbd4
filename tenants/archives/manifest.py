"""An archive's manifest: what the archive holds, each value of the type and size that a shop's export writes."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.utils.translation import gettext

from kit.files import LONGEST_NAME, is_plain_name
from tenants.archives.package import FORMAT, KIND, PLAIN_CELLS
from tenants.archives.signing import Signature, check_signature
from tenants.errors import ArchiveError

SHA256 = re.compile(r"[0-9a-f]{64}")
TABLE = re.compile(r"[a-z][a-z0-9_]{0,62}")
SCHEMA = re.compile(r"shop_[a-z0-9_]{1,58}")
MIGRATION = re.compile(r"[a-z][a-z0-9_]{0,62}\.[0-9a-z_]{1,120}")
MOST_ROWS = 2**40
MOST_BYTES = 2**40
MOST_COLUMNS = 200
YEARS = range(1970, 9999)
LONGEST_TEXT = 200_000
BIGGEST_ID = 2**53  # exact in any program's JSON
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Facts about a file in the manifest.

    Args:
        rows: number of rows of a table; None for other files.
    """

    size: int
    sha256: str
    rows: int | None


@dataclass(frozen=True, slots=True)
class Identity:
    """Identity of the archived shop at the time of the archive."""

    shop_id: int
    slug: str
    schema_name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Manifest:
    """Checked manifest of an archive."""

    created_at: datetime
    has_plain_cells: bool
    identity: Identity
    shop: Mapping[str, Any]
    host: str
    migrations: frozenset[str]
    tables: Mapping[str, list[str]]
    files: Mapping[str, FileFacts]
    missing_media: frozenset[str]
    signature: Signature


def parse_manifest(data: bytes) -> Manifest:
    """Read a manifest.

    Raises:
        ArchiveError: it is no manifest of ours; the message names the first value that is wrong.
    """
    try:
        said = json.loads(data, parse_constant=_no_number)
        return _parsed(said)
    except (ValueError, RecursionError) as error:
        raise ArchiveError(gettext("The archive's manifest cannot be read.")) from error


def _parsed(said: Any) -> Manifest:
    if not isinstance(said, dict) or said.get("kind") != KIND:
        raise ArchiveError(gettext("This is not an archive of a shop."))
    if type(said.get("format")) is not int or said["format"] not in {PLAIN_CELLS, FORMAT}:
        raise ArchiveError(
            gettext("The archive is of another format; this release reads formats %(plain_cells)s to %(format)s.")
            % {"plain_cells": PLAIN_CELLS, "format": FORMAT}
        )
    shop = _mapping(said, "shop")
    tables = {
        _named(TABLE, name, "tables"): _columns(name, columns) for name, columns in _mapping(said, "tables").items()
    }
    files = {str(name): _facts(name, facts) for name, facts in _mapping(said, "files").items()}
    if {f"shop/{table}.csv" for table in tables} != {name for name in files if name.startswith("shop/")}:
        raise ArchiveError(gettext("The archive's tables are not those that its manifest names."))
    return Manifest(
        created_at=_moment(said, "created_at"),
        has_plain_cells=said["format"] == PLAIN_CELLS,
        identity=Identity(
            shop_id=number_of(shop, "id", least=1, most=BIGGEST_ID),
            slug=text_of(shop, "slug"),
            schema_name=_named(SCHEMA, shop.get("schema_name"), "schema_name"),
            created_at=_moment(shop, "created_at"),
        ),
        shop=shop,
        host=text_of(said, "host", default=""),
        migrations=frozenset(_list(said, "migrations", lambda name: _named(MIGRATION, name, "migrations"))),
        tables=tables,
        files=files,
        missing_media=frozenset(_list(said, "missing_media", _missing, default=[])),
        signature=check_signature(said),
    )


def text_of(values: Mapping[str, Any], name: str, *, default: str | None = None) -> str:
    """Return a text that PostgreSQL and a page can take.

    Raises:
        ArchiveError: it is something else.
    """
    found = values.get(name, default)
    if not isinstance(found, str) or not is_storable(found):
        raise _wrong(name)
    return found


def number_of(values: Mapping[str, Any], name: str, *, least: int, most: int) -> int:
    """Return a whole number within bounds.

    Raises:
        ArchiveError: it is something else.
    """
    found = values.get(name)
    if type(found) is not int or not least <= found <= most:  # True is an int to isinstance
        raise _wrong(name)
    return found


def is_storable(text: str) -> bool:
    """Return whether a text is one that the database can hold."""
    return "\x00" not in text and len(text) <= LONGEST_TEXT and not any("\ud800" <= mark <= "\udfff" for mark in text)


def _mapping(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = values.get(name)
    if not isinstance(found, dict):
        raise _wrong(name)
    return found


def _list(
    values: Mapping[str, Any], name: str, parse: Callable[[Any], T], *, default: list[Any] | None = None
) -> list[T]:
    found = values.get(name, default)
    if not isinstance(found, list):
        raise _wrong(name)
    return [parse(one) for one in found]


def _moment(values: Mapping[str, Any], name: str) -> datetime:
    try:
        found = datetime.fromisoformat(text_of(values, name))
    except ValueError:
        raise _wrong(name) from None
    if found.tzinfo is None or found.year not in YEARS:
        raise _wrong(name)
    return found


def _named(pattern: re.Pattern[str], found: Any, name: str) -> str:
    if not isinstance(found, str) or not pattern.fullmatch(found):
        raise _wrong(name)
    return found


def _columns(table: str, columns: Any) -> list[str]:
    if not isinstance(columns, list) or not 0 < len(columns) <= MOST_COLUMNS:
        raise _wrong(f"tables.{table}")
    named = [_named(TABLE, column, f"tables.{table}") for column in columns]
    if len(set(named)) < len(named):
        raise _wrong(f"tables.{table}")
    return named


def _facts(name: str, facts: Any) -> FileFacts:
    if not isinstance(facts, dict):
        raise _wrong(f"files.{name}")
    return FileFacts(
        size=number_of(facts, "bytes", least=0, most=MOST_BYTES),
        sha256=_named(SHA256, facts.get("sha256"), f"files.{name}"),
        rows=number_of(facts, "rows", least=0, most=MOST_ROWS) if name.endswith(".csv") else None,
    )


def _missing(name: Any) -> str:
    """Accept any text: a missing name may have been anything. Only plain names are looked up later."""
    if not isinstance(name, str):
        raise _wrong("missing_media")
    return name if len(name) <= LONGEST_NAME and is_plain_name(name) else ""


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is not a number.")


def _wrong(name: str) -> ArchiveError:
    return ArchiveError(
        gettext("The archive's manifest does not say %(name)s as a shop's export does.") % {"name": repr(name[:80])}
    )
