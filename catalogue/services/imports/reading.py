"""Reading a file of prices and stock: its letters, its columns, its rows, one at a time."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from catalogue.errors import ImportFileError
from catalogue.services.validation import MAX_ON_HAND, MAX_PRICE_MINOR, MAX_SKU
from kit.amounts import parse_amount
from kit.tables import plain_cell

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 50_000
CHUNK = 64 * 1024
DELIMITERS = ",;"
COLUMNS = {
    "sku": ("sku",),
    "price": ("price",),
    "on_hand": ("on hand", "on_hand", "stock"),
}
COUNT = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row as it was read; `fault` says why it cannot be used."""

    line: int
    sku: str
    price_minor: int | None = None
    on_hand: int | None = None
    fault: str = ""


def read_rows(file: BinaryIO, *, currency: str) -> Iterator[FileRow]:
    """Read a file's rows without holding the file in memory.

    Raises:
        ImportFileError: it is no table that we can read, or a larger one than we take.
    """
    text = io.TextIOWrapper(file, encoding=_encoding(file), newline="")
    try:
        reader = csv.reader(text, delimiter=_delimiter(text), strict=True)
        places = _places(next(reader, []))
        count, seen = 0, dict[str, int]()
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            count += 1
            if count > MAX_ROWS:
                raise ImportFileError(
                    f"The file has more than {MAX_ROWS:,} rows. Split it and import one after another."
                )
            yield _row(reader.line_num, cells, places, seen, currency)
    except csv.Error as error:
        raise ImportFileError(f"The file is not a proper CSV file: {error}.") from error
    finally:
        text.detach()
    if not count:
        raise ImportFileError("The file has no rows below its first line.")


def _encoding(file: BinaryIO) -> str:
    """Return UTF-8, with or without its mark, else what Excel writes on Windows."""
    file.seek(0)
    start = file.read(4)
    if start[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE} or start[:2] == b"PK":
        raise ImportFileError("Save the table as “CSV UTF-8 (comma delimited)” and upload that file.")
    found = "utf-8-sig" if start.startswith(codecs.BOM_UTF8) else "utf-8"
    if not _decodes(file, found):
        found = "cp1252"
        if not _decodes(file, found):
            raise ImportFileError("The file is not text. Save the table as CSV in UTF-8.")
    file.seek(0)
    return found


def _decodes(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while chunk := file.read(CHUNK):
            if b"\0" in chunk:
                raise ImportFileError("The file is not text. Save the table as CSV in UTF-8.")
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(text: io.TextIOWrapper) -> str:
    header = text.readline()
    text.seek(0)
    return max(DELIMITERS, key=header.count)


def _places(header: list[str]) -> dict[str, int]:
    """Return where the columns stand that we read; others, such as titles, are for people."""
    names = [name.strip().lower() for name in header]
    places: dict[str, int] = {}
    for column, spellings in COLUMNS.items():
        found = [place for place, name in enumerate(names) if name in spellings]
        if len(found) > 1:
            raise ImportFileError(f"The first line names the column “{spellings[0]}” twice.")
        if found:
            places[column] = found[0]
    if "sku" not in places:
        raise ImportFileError("The first line must name the columns, with “sku” among them. Start from the template.")
    if len(places) == 1:
        raise ImportFileError("There is neither a column “price” nor “on hand”, so there is nothing to import.")
    return places


def _row(line: int, cells: list[str], places: dict[str, int], seen: dict[str, int], currency: str) -> FileRow:
    def cell(column: str) -> str:
        place = places.get(column)
        return plain_cell(cells[place]) if place is not None and place < len(cells) else ""

    sku = cell("sku")
    earlier = seen.setdefault(sku, line)
    if not sku:
        return FileRow(line, "", fault="The SKU is missing.")
    if len(sku) > MAX_SKU:
        return FileRow(line, sku[:MAX_SKU], fault=f"A SKU has at most {MAX_SKU} characters.")
    if earlier != line:
        return FileRow(line, sku, fault=f"Line {earlier} has this SKU already.")
    try:
        return FileRow(line, sku, _price(cell("price"), currency), _count(cell("on_hand")))
    except ValueError as error:
        return FileRow(line, sku, fault=str(error))


def _price(text: str, currency: str) -> int | None:
    if not text:
        return None
    try:
        price = parse_amount(text, currency)
    except ValueError as error:
        raise ValueError(f"“{text[:40]}” is not a clear price. {error}") from error
    if not 0 < price <= MAX_PRICE_MINOR:
        raise ValueError("A price is more than zero, and within reason.")
    return price


def _count(text: str) -> int | None:
    if not text:
        return None
    if not COUNT.fullmatch(text) or int(text.replace(",", "")) > MAX_ON_HAND:
        raise ValueError(f"“{text[:40]}” is not a count: stock is a whole number, zero or more.")
    return int(text.replace(",", ""))
