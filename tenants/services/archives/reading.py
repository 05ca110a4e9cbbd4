"""Open an archive and believe nothing of it: form, names, sizes and checksums are looked at before anything is done."""

import csv
import hashlib
import io
import json
import re
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenants.errors import ArchiveError
from tenants.services.archives.media import BLOCK, folder_of
from tenants.services.archives.package import FORMAT, KIND, MANIFEST
from tenants.services.archives.parts import Progress, in_silence

MAX_FILES = 500_000
MAX_MANIFEST_BYTES = 200 * 1024 * 1024
MAX_BYTES = 50 * 1024**3
NAME = re.compile(
    r"README\.txt|manifest\.json|shop/[a-z][a-z0-9_]{0,62}\.csv|public/[a-z][a-z0-9_]{0,62}\.(csv|json)"
    r"|media/[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*\.(webp|jpe?g|png)"
)
SHOPS_FOLDER = re.compile(r"media/shops/")
SHA256 = re.compile(r"[0-9a-f]{64}")
ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class Archive:
    """A whole archive, every byte of it looked at."""

    zip: zipfile.ZipFile
    manifest: dict[str, Any]

    @property
    def shop(self) -> dict[str, Any]:
        """The shop's public row as it was."""
        row: dict[str, Any] = self.manifest["shop"]
        return row

    @property
    def files(self) -> dict[str, dict[str, Any]]:
        """Size, checksum and number of rows by name."""
        found: dict[str, dict[str, Any]] = self.manifest["files"]
        return found

    @property
    def tables(self) -> dict[str, list[str]]:
        """The columns of each table."""
        found: dict[str, list[str]] = self.manifest["tables"]
        return found

    @property
    def pictures(self) -> list[str]:
        """The names of the pictures, as the shop's rows say them."""
        return sorted(name.removeprefix("media/") for name in self.files if name.startswith("media/"))

    def blocks(self, name: str) -> Iterator[bytes]:
        """Yield a file."""
        with self.zip.open(name) as source:
            while block := source.read(BLOCK):
                yield block

    def rows(self, name: str) -> Iterator[dict[str, str]]:
        """Yield the rows of a CSV file; none where the archive has no such file."""
        if name in self.files:
            with self.zip.open(name) as source:
                yield from csv.DictReader(io.TextIOWrapper(source, encoding="utf-8", newline=""))

    def json(self, name: str) -> Any:
        """Return what a JSON file says; an empty object where there is none."""
        return json.loads(self.zip.read(name)) if name in self.files else {}


@contextmanager
def opened(path: Path, *, progress: Progress = in_silence) -> Iterator[Archive]:
    """Open an archive for the length of a block, after checking all of it.

    Raises:
        ArchiveError: it is missing, damaged, forged, or of a form that this release does not know.
    """
    try:
        with zipfile.ZipFile(path) as found:
            archive = Archive(found, _manifest(found))
            _check_entries(archive)
            _check_contents(archive, progress)
            yield archive
    except (zipfile.BadZipFile, zipfile.LargeZipFile, FileNotFoundError, IsADirectoryError) as error:
        raise ArchiveError(f"{path} is not a whole archive: {error}") from error


def _manifest(found: zipfile.ZipFile) -> dict[str, Any]:
    try:
        info = found.getinfo(MANIFEST)
    except KeyError:
        raise ArchiveError("The archive has no manifest: it was not finished, or is something else.") from None
    if info.file_size > MAX_MANIFEST_BYTES or info.flag_bits & ENCRYPTED:
        raise ArchiveError("The archive's manifest cannot be read.")
    try:
        manifest = json.loads(found.read(info))
    except ValueError as error:
        raise ArchiveError("The archive's manifest cannot be read.") from error
    _check_manifest(manifest)
    checked: dict[str, Any] = manifest
    return checked


def _check_manifest(manifest: Any) -> None:
    if not isinstance(manifest, dict) or manifest.get("kind") != KIND:
        raise ArchiveError("This is not an archive of a shop.")
    if manifest.get("format") != FORMAT:
        said = manifest.get("format")
        raise ArchiveError(f"The archive is of format {said}; this release reads format {FORMAT}.")
    shapes = {"shop": dict, "migrations": list, "tables": dict, "files": dict}
    if any(not isinstance(manifest.get(name), kind) for name, kind in shapes.items()):
        raise ArchiveError("The archive's manifest is not complete.")
    if not {"id", "slug", "schema_name", "created_at"} <= manifest["shop"].keys():
        raise ArchiveError("The archive's manifest does not say which shop it is.")
    if {f"shop/{table}.csv" for table in manifest["tables"]} != {
        name for name in manifest["files"] if name.startswith("shop/")
    }:
        raise ArchiveError("The archive's tables are not those that its manifest names.")


def _check_entries(archive: Archive) -> None:
    """Look at the directory of the file: names, kinds and sizes, before anything is unpacked."""
    entries = archive.zip.infolist()
    if len(entries) > MAX_FILES or sum(info.file_size for info in entries) > MAX_BYTES:
        raise ArchiveError("The archive is larger than any that a shop's export writes.")
    names = [info.filename for info in entries]
    if len(set(names)) != len(names):
        raise ArchiveError("The archive holds two files of the same name.")
    own = f"media/{folder_of(int(archive.shop['id']))}"
    for info in entries:
        mode = info.external_attr >> 16
        is_plain = not mode or stat.S_ISREG(mode)
        if not NAME.fullmatch(info.filename) or not is_plain or info.flag_bits & ENCRYPTED:
            raise ArchiveError(f"The archive holds something that is not part of a shop: {info.filename!r}.")
        if SHOPS_FOLDER.match(info.filename) and not info.filename.startswith(own):
            raise ArchiveError(f"The archive holds a picture of another shop: {info.filename!r}.")
    if set(names) - {MANIFEST} != archive.files.keys():
        raise ArchiveError("The archive's files are not those that its manifest names.")


def _check_contents(archive: Archive, progress: Progress) -> None:
    with progress("Checksums", total=len(archive.files)) as advance:
        for name, facts in archive.files.items():
            if not isinstance(facts, dict) or not SHA256.fullmatch(str(facts.get("sha256"))):
                raise ArchiveError(f"The manifest says no checksum of {name}.")
            if archive.zip.getinfo(name).file_size != facts.get("bytes"):
                raise ArchiveError(f"{name} does not have the size that the manifest says.")
            digest = hashlib.sha256()
            for block in archive.blocks(name):
                digest.update(block)
            if digest.hexdigest() != facts["sha256"]:
                raise ArchiveError(f"{name} is damaged: its checksum is not the manifest's.")
            advance()
