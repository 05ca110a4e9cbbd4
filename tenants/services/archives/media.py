"""The pictures that a shop's rows name: taken along, and put back."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from psycopg import sql

from kit.db.sql import execute, fetch_all
from tenants.models import Shop
from tenants.services.archives.parts import pictures

BLOCK = 256 * 1024
SHOP_COLUMNS = ("banner", "logo")
COPIES = "copies"
RENAME = sql.SQL("""
UPDATE {table} t SET {column} = m.new FROM unnest(%s::text[], %s::text[]) AS m (old, new) WHERE t.{column} = m.old
""")


class _OnDisk(File[bytes]):
    """A finished file that the file system's storage can move into place in one step."""

    def temporary_file_path(self) -> str:
        return str(self.name)


def folder_of(shop_id: int) -> str:
    """Return the folder that holds a shop's own files in the media storage."""
    return f"shops/{shop_id}/"


def named_files(shop: Shop, schema_name: str) -> list[str]:
    """Return every file that a shop's rows name, in order."""
    found = {str(name) for column in SHOP_COLUMNS if (name := getattr(shop, column))}
    for column in pictures():
        for value in _values(schema_name, column.table, column.column):
            found.update(column.files(value))
    return sorted(found)


def rename_in_rows(schema_name: str, renamed: Callable[[str], str]) -> None:
    """Give the files that a schema's rows name other names."""
    for column in pictures():
        names = {value: renamed(value) for value in _values(schema_name, column.table, column.column)}
        if moved := {old: new for old, new in names.items() if old != new}:
            statement = RENAME.format(
                table=sql.Identifier(schema_name, column.table), column=sql.Identifier(column.column)
            )
            execute(statement, [list(moved), list(moved.values())])


def copied_name(*, source_id: int, target_id: int) -> Callable[[str], str]:
    """Return how a file of one shop is called as a file of another."""
    own, new = folder_of(source_id), folder_of(target_id)

    def renamed(name: str) -> str:
        if not name or name.startswith(new):
            return name
        return new + (name.removeprefix(own) if name.startswith(own) else f"{COPIES}/{name}")

    return renamed


def stored_blocks(name: str) -> Iterator[bytes]:
    """Yield a stored file."""
    with default_storage.open(name) as source:
        yield from blocks_of(source)


def blocks_of(source: IO[bytes] | File[bytes]) -> Iterator[bytes]:
    """Yield an open file."""
    while block := source.read(BLOCK):
        yield block


@contextmanager
def workspace(name: str) -> Iterator[Path]:
    """Have a folder beside the media for the length of a block; what a killed run left in it goes first."""
    folder = Path(settings.DATA_DIR) / "archives" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def store_file(name: str, blocks: Iterable[bytes], *, sha256: str, folder: Path, may_overwrite: bool = True) -> bool:
    """Put a file into the media storage under exactly this name; return whether it is there now.

    One that is there with the same content is left alone. A file comes into its place whole: a process
    killed meanwhile leaves none.

    Args:
        may_overwrite: whether one of the same name and another content goes.
    """
    if default_storage.exists(name):
        if digest_of(stored_blocks(name)) == sha256:
            return True
        if not may_overwrite:
            return False
        default_storage.delete(name)
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as target:
        for block in blocks:
            target.write(block)
    path = Path(target.name)
    with path.open("rb") as finished:
        default_storage.save(name, _OnDisk(finished, name=str(path)))
    path.unlink(missing_ok=True)
    return True


def missing_files(names: Collection[str]) -> list[str]:
    """Return those of some files that are not in the storage."""
    return [name for name in names if not default_storage.exists(name)]


def _values(schema_name: str, table: str, column: str) -> list[str]:
    statement = sql.SQL("SELECT DISTINCT {column} FROM {table} WHERE {column} <> '' ORDER BY 1").format(
        column=sql.Identifier(column), table=sql.Identifier(schema_name, table)
    )
    return [value for (value,) in fetch_all(statement)]


def digest_of(blocks: Iterable[bytes]) -> str:
    """Return the SHA-256 of blocks, in hexadecimal."""
    digest = hashlib.sha256()
    for block in blocks:
        digest.update(block)
    return digest.hexdigest()
