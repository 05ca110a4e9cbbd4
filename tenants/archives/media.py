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
from psycopg import sql

from kit.db.sql import execute, fetch_all
from kit.files import LONGEST_NAME, Folder
from tenants.archives.parts import Pictures, Uploads, pictures
from tenants.models import Shop
from tenants.shops.files import readable_media, shop_media

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


def named_files(shop: Shop, schema_name: str) -> list[str]:
    """Return every file that a shop's rows name, in order."""
    found = {str(name) for column in SHOP_COLUMNS if (name := getattr(shop, column))}
    for column in pictures():
        for value in values_of(schema_name, column.table, column.column):
            found.update(column.files(value))
    return sorted(found)


def rename_in_rows(schema_name: str, columns: Iterable[Pictures | Uploads], renamed: Callable[[str], str]) -> None:
    """Give the files that some columns of a schema name other names."""
    for column in columns:
        names = {value: renamed(value) for value in values_of(schema_name, column.table, column.column)}
        if moved := {old: new for old, new in names.items() if old != new}:
            statement = RENAME.format(
                table=sql.Identifier(schema_name, column.table), column=sql.Identifier(column.column)
            )
            execute(statement, [list(moved), list(moved.values())])


def copied_name(*, source_id: int, target_id: int, keeps_shared: bool = False) -> Callable[[str], str]:
    """Return a function that maps a picture's name in one shop to its name in another; unreadable ones to "".

    Args:
        keeps_shared: whether a picture that no shop owns keeps its name, instead of being copied.
    """
    own, new = shop_media(source_id), shop_media(target_id)

    def renamed(name: str) -> str:
        if own.holds(name):
            moved = new.path + name.removeprefix(own.path)
        elif readable_media(source_id, name) is None:
            return ""
        else:
            moved = name if keeps_shared else f"{new.path}{COPIES}/{name}"
        return moved if len(moved) <= LONGEST_NAME else ""

    return renamed


def stored_blocks(shop_id: int, name: str) -> Iterator[bytes]:
    """Yield a stored picture that a shop may read.

    Raises:
        FileNotFoundError: there is none, or it is another shop's.
    """
    folder = readable_media(shop_id, name)
    if folder is None:
        raise FileNotFoundError(f"{name!r} is not a picture of shop {shop_id}.")
    with folder.open(name) as source:
        yield from blocks_of(source)


def blocks_of(source: IO[bytes] | File[bytes]) -> Iterator[bytes]:
    """Yield an open file."""
    while block := source.read(BLOCK):
        yield block


@contextmanager
def workspace(name: str) -> Iterator[Path]:
    """Provide a folder beside the media for a block; files of a killed run are deleted first."""
    folder = Path(settings.DATA_DIR) / "archives" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def store_file(media: Folder, name: str, blocks: Iterable[bytes], *, sha256: str, workplace: Path) -> None:
    """Put a file into a folder under exactly this name, in place of another one.

    One that is there with the same content is left alone. A file comes into its place whole: a process
    killed meanwhile leaves none.
    """
    if is_stored(media, name, sha256=sha256):
        return
    media.delete(name)
    with tempfile.NamedTemporaryFile(dir=workplace, delete=False) as target:
        for block in blocks:
            target.write(block)
    path = Path(target.name)
    with path.open("rb") as finished:
        media.save(name, _OnDisk(finished, name=str(path)))
    path.unlink(missing_ok=True)


def is_stored(media: Folder, name: str, *, sha256: str) -> bool:
    """Return whether a folder has a file of this name and content."""
    if not media.exists(name):
        return False
    with media.open(name) as source:
        return digest_of(blocks_of(source)) == sha256


def missing_files(shop_id: int, names: Collection[str]) -> list[str]:
    """Return those of some names that are no picture which a shop may read."""
    folders = {name: readable_media(shop_id, name) for name in names}
    return [name for name, folder in folders.items() if folder is None or not folder.exists(name)]


def values_of(schema_name: str, table: str, column: str) -> list[str]:
    """Return the names in a column, each once and in order."""
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
