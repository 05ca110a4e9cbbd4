"""The archive as a file: a ZIP that anybody can open, always put together in the same way."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext_lazy

from tenants.archives.tables import Written

FORMAT = 2
PLAIN_CELLS = 1  # the format before cells that begin like a formula were escaped
KIND = "kasuwa shop archive"
MANIFEST, README = "manifest.json", "README.txt"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that ZIP knows: the same content is the same file
FILE_MODE = 0o100644 << 16
README_TEXT = gettext_lazy("""\
This is everything that the shop "{name}" keeps on the market.

shop/      one CSV file for each table of the shop: products, variants, pictures, stock, orders
public/    what the market keeps about the shop: profile, people, addresses on the web, sales, ledger
media/     the shop's pictures
manifest.json   what is in here: counts of rows, sizes and SHA-256 checksums of all files

CSV files are UTF-8, with the columns' names in the first line. Before a text that begins like a formula stands an
apostrophe, so that no spreadsheet runs it. Amounts are in the smallest unit of the
currency (kobo, pesewas, cents); times are in UTC. `manage.py shops restore` reads this file.
""")


class ArchiveWriter:
    """Writer of an archive; it writes the manifest last, so that an interrupted archive has none."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "w", allowZip64=True)
        self.files: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> "ArchiveWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def add_rows(self, name: str, write_rows: Callable[[Callable[[bytes], object]], Written]) -> None:
        """Add a file of rows, streamed."""
        with self._open(name, zipfile.ZIP_DEFLATED) as target:
            written = write_rows(target.write)
        self.files[name] = {"rows": written.rows, "bytes": written.size, "sha256": written.sha256}

    def add_blocks(self, name: str, blocks: Iterable[bytes]) -> None:
        """Add a picture; they are packed already."""
        digest, size = hashlib.sha256(), 0
        with self._open(name, zipfile.ZIP_STORED) as target:
            for block in blocks:
                target.write(block)
                digest.update(block)
                size += len(block)
        self.files[name] = {"bytes": size, "sha256": digest.hexdigest()}

    def add_json(self, name: str, value: Any) -> None:
        """Add a file of JSON."""
        self.add_text(name, said_as_json(value))

    def add_text(self, name: str, text: str) -> None:
        """Add a file of text."""
        data = text.encode()
        with self._open(name, zipfile.ZIP_DEFLATED) as target:
            target.write(data)
        self.files[name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}

    def finish(self, manifest: dict[str, Any], sign: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        """Add the manifest, sealed."""
        with self._open(MANIFEST, zipfile.ZIP_DEFLATED) as target:
            target.write(said_as_json(sign({**manifest, "files": self.files})).encode())

    def _open(self, name: str, method: int) -> IO[bytes]:
        info = zipfile.ZipInfo(name, EPOCH)
        info.compress_type = method
        info.external_attr = FILE_MODE
        info.create_system = 3  # UNIX, on every system
        return self._zip.open(info, "w", force_zip64=True)


def said_as_json(value: Any) -> str:
    """Return JSON that is the same for the same value."""
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
