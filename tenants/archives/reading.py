"""Open an archive after checking its form, names, sizes and checksums."""

import csv
import hashlib
import io
import json
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext

from kit.files import is_plain_name
from tenants.archives.cells import plain_text, unescaped
from tenants.archives.manifest import Manifest, is_storable, parse_manifest
from tenants.archives.media import BLOCK
from tenants.archives.package import MANIFEST
from tenants.archives.parts import Progress, in_silence
from tenants.errors import ArchiveError
from tenants.shops.files import SHOPS, shop_media

MAX_FILES = 300_000
MAX_BYTES = 50 * 1024**3
MIB = 1024**2
# Largest unpacked size of an entry; tables are read as a stream, the others are held in memory or shown to browsers.
MOST_OF = {"media": 20 * MIB, "public": 2_048 * MIB, "shop": 20_480 * MIB, MANIFEST: 64 * MIB}
MOST_OF_A_DOCUMENT = 32 * MIB
# Rows of a shop pack to a tenth; a file that unpacks to much more was made to fill disks.
SMALL, MOST_PACKED = 16 * MIB, 200
NAME = re.compile(
    r"README\.txt|manifest\.json|(shop|public)/[a-z][a-z0-9_]{0,62}\.csv|public/[a-z][a-z0-9_]{0,62}\.json"
)
PICTURE = re.compile(r"media/(.+\.(?:webp|jpe?g|png))")
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
ENCRYPTED = 0x1
# Errors of the standard library for bytes that are no ZIP file of a known kind.
UNREADABLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    UnicodeDecodeError,
    OverflowError,
    FileNotFoundError,
    IsADirectoryError,
)


@dataclass(frozen=True, slots=True)
class Archive:
    """A whole archive whose bytes were all checked."""

    zip: zipfile.ZipFile
    manifest: Manifest

    @property
    def pictures(self) -> list[str]:
        """Return the names of the pictures in the shop's rows."""
        return sorted(name.removeprefix("media/") for name in self.manifest.files if name.startswith("media/"))

    def blocks(self, name: str) -> Iterator[bytes]:
        """Yield a file."""
        with self.zip.open(name) as source:
            while block := source.read(BLOCK):
                yield block

    def table(self, name: str) -> Iterator[bytes]:
        """Yield a CSV file as PostgreSQL wrote it.

        Raises:
            ArchiveError: a record is longer than any that a shop's export writes.
        """
        return self.blocks(name) if self.manifest.has_plain_cells else unescaped(self.blocks(name))

    def rows(self, name: str, *columns: str) -> Iterator[dict[str, str]]:
        """Yield the rows of a CSV file; none where the archive has no such file.

        Raises:
            ArchiveError: it is not a table with these columns.
        """
        if name not in self.manifest.files:
            return
        with self.zip.open(name) as source:
            lines = csv.reader(io.TextIOWrapper(source, encoding="utf-8", newline=""), strict=True)
            try:
                header = next(lines, [])
                if len(set(header)) < len(header) or not set(columns) <= set(header):
                    raise ArchiveError(
                        gettext("%(name)s does not have the columns of a shop's export.") % {"name": name}
                    )
                for line in lines:
                    if len(line) != len(header) or not all(map(is_storable, line)):
                        raise ArchiveError(gettext("%(name)s has a row that no shop's export writes.") % {"name": name})
                    cells = line if self.manifest.has_plain_cells else map(plain_text, line)
                    yield dict(zip(header, cells, strict=True))
            except (csv.Error, UnicodeDecodeError) as error:
                raise ArchiveError(gettext("%(name)s is not a table that can be read.") % {"name": name}) from error

    def references(self) -> dict[str, dict[int, str]]:
        """Return the names of public rows whose ids the shop's tables hold, by column and id.

        Raises:
            ArchiveError: the file has another form.
        """
        name = "public/references.json"
        if name not in self.manifest.files:
            return {}
        try:
            said = json.loads(self.zip.read(name))
            return {str(column): _keys(keys) for column, keys in said.items()}
        except (ValueError, AttributeError, TypeError, RecursionError) as error:
            raise ArchiveError(gettext("%(name)s cannot be read.") % {"name": name}) from error


@contextmanager
def opened(path: Path, *, progress: Progress = in_silence) -> Iterator[Archive]:
    """Open an archive for the length of a block, after checking all of it.

    Raises:
        ArchiveError: it is missing, damaged, forged, or of a form that this release does not know.
    """
    with _zip_file(path) as found:
        try:
            archive = Archive(found, _manifest(found))
            _check_entries(archive)
            _check_contents(archive, progress)
        except UNREADABLE as error:
            raise _not_whole(path, error) from error
        yield archive


@contextmanager
def _zip_file(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        found = zipfile.ZipFile(path)
    except UNREADABLE as error:
        raise _not_whole(path, error) from error
    with found:
        yield found


def _not_whole(path: Path, error: Exception) -> ArchiveError:
    return ArchiveError(
        gettext("%(path)s is not a whole archive: %(error)s") % {"path": path, "error": str(error)[:200]}
    )


def _manifest(found: zipfile.ZipFile) -> Manifest:
    try:
        info = found.getinfo(MANIFEST)
    except KeyError:
        raise ArchiveError(gettext("The archive has no manifest: it was not finished, or is something else.")) from None
    _check_entry(info)
    return parse_manifest(found.read(info))


def _check_entries(archive: Archive) -> None:
    """Look at the directory of the file: names, kinds and sizes, before anything else is unpacked."""
    entries = archive.zip.infolist()
    if len(entries) > MAX_FILES or sum(info.file_size for info in entries) > MAX_BYTES:
        raise ArchiveError(gettext("The archive is larger than any that a shop's export writes."))
    names = [info.filename for info in entries]
    if len(set(names)) != len(names):
        raise ArchiveError(gettext("The archive holds two files of the same name."))
    own = shop_media(archive.manifest.identity.shop_id)
    for info in entries:
        _check_entry(info)
        picture = PICTURE.fullmatch(info.filename)
        if picture and picture[1].startswith(SHOPS) and not own.holds(picture[1]):
            raise ArchiveError(
                gettext("The archive holds a picture of another shop: %(filename)s.")
                % {"filename": repr(info.filename[:200])}
            )
    if set(names) - {MANIFEST} != archive.manifest.files.keys():
        raise ArchiveError(gettext("The archive's files are not those that its manifest names."))


def _check_entry(info: zipfile.ZipInfo) -> None:
    is_file = stat.S_IFMT(info.external_attr >> 16) in {0, stat.S_IFREG}  # programs that know no kinds say none
    is_plain = is_file and not info.flag_bits & ENCRYPTED and info.compress_type in METHODS
    picture = PICTURE.fullmatch(info.filename)
    is_ours = is_plain_name(picture[1]) if picture else NAME.fullmatch(info.filename) is not None
    if not is_plain or not is_ours:
        raise ArchiveError(
            gettext("The archive holds something that is not part of a shop: %(filename)s.")
            % {"filename": repr(info.filename[:200])}
        )
    most = MOST_OF.get(info.filename.partition("/")[0], MOST_OF_A_DOCUMENT)
    if info.filename.startswith("public/") and not info.filename.endswith(".csv"):
        most = MOST_OF_A_DOCUMENT
    if info.file_size > most or info.file_size > max(SMALL, MOST_PACKED * info.compress_size):
        raise ArchiveError(
            gettext("%(filename)s unpacks to more than a shop's export ever writes.") % {"filename": info.filename}
        )


def _check_contents(archive: Archive, progress: Progress) -> None:
    with progress("Checksums", total=len(archive.manifest.files)) as advance:
        for name, facts in archive.manifest.files.items():
            if archive.zip.getinfo(name).file_size != facts.size:
                raise ArchiveError(gettext("%(name)s does not have the size that the manifest says.") % {"name": name})
            digest = hashlib.sha256()
            for block in archive.blocks(name):
                digest.update(block)
            if digest.hexdigest() != facts.sha256:
                raise ArchiveError(gettext("%(name)s is damaged: its checksum is not the manifest's.") % {"name": name})
            advance()


def _keys(keys: Any) -> dict[int, str]:
    found = {int(row_id): key for row_id, key in keys.items()}
    if not all(isinstance(key, str) and is_storable(key) for key in found.values()):
        raise ValueError("A key is a text.")
    if not all(0 < row_id < 2**63 for row_id in found):
        raise ValueError("An id is a positive number.")
    return found
