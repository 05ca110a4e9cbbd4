"""Reading a file of prices, stock, weights and tax classes: its columns, and its rows one at a time."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, BinaryIO

from django.utils.translation import gettext, gettext_noop, override

from catalogue.errors import ImportFileError
from catalogue.services.imports.columns import Columns, count_known, find_columns
from catalogue.services.imports.letters import DELIMITERS, open_text, table_lines
from catalogue.services.validation import (
    MAX_ON_HAND,
    MAX_PRICE_MINOR,
    MAX_SKU,
    fault_of_tax_class,
    fault_of_weight,
)
from catalogue.stored_sentences import (
    NOT_A_COUNT,
    NOT_A_TAX_CLASS,
    NOT_A_WEIGHT,
    PRICE_NOT_CLEAR,
    SKU_TOO_LONG,
    SKU_TWICE,
)
from catalogue.tax_classes import TaxClass
from kit.money.amounts import parse_amount
from kit.sentences.values import SOURCE
from kit.text.numbers import grouped
from kit.text.sentences import with_one_stop
from kit.web.tables import plain_cell

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 50_000
COUNT = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,10}")
# Of two marks in a number the last is the decimal one, and a comma before one or two digits is no thousands' mark.
DECIMAL_COMMA = re.compile(r"(?:[0-9]{1,3}(?:[. \u00a0\u202f][0-9]{3})+|[0-9]+),[0-9]{1,2}$")
SPACED_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+(?:\.[0-9]{1,2})?$")


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of the file; `fault` is the reason why it cannot be used."""

    line: int
    sku: str
    price_minor: int | None = None
    on_hand: int | None = None
    weight_g: int | None = None
    tax_class: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class FileTable:
    """A file's columns, and its rows as they are read."""

    columns: Columns
    rows: Iterator[FileRow]


def read_table(file: BinaryIO, *, currency: str) -> FileTable:
    """Read a file's columns now, and its rows as they are asked for: it is never held in memory.

    Raises:
        ImportFileError: it is no table that we can read, or, while rows are read, a larger one than we take.
    """
    text = open_text(file)
    try:
        first, separator, rest = table_lines(text)
        delimiter = separator or _delimiter(first, currency)
        reader = csv.reader(chain([first], rest), delimiter=delimiter, strict=True)
        columns = find_columns(next(reader, []), currency=currency)
    except csv.Error as error:
        raise _improper(error) from error
    skipped = 1 if separator else 0
    numbered = ((reader.line_num + skipped, cells) for cells in reader)
    return FileTable(columns, _rows(numbered, columns, currency))


def _rows(numbered: Iterable[tuple[int, list[str]]], columns: Columns, currency: str) -> Iterator[FileRow]:
    count, seen = 0, dict[str, int]()
    try:
        for line, cells in numbered:
            if not any(cell.strip() for cell in cells):
                continue
            count += 1
            if count > MAX_ROWS:
                raise ImportFileError(
                    gettext("The file has more than %(max_rows)s rows. Split it and import one after another.")
                    % {"max_rows": grouped(MAX_ROWS)}
                )
            yield _row(line, cells, columns, seen, currency)
    except csv.Error as error:
        raise _improper(error) from error
    if not count:
        raise ImportFileError(gettext("The file has no rows below its first line."))


def _improper(error: csv.Error) -> ImportFileError:
    return ImportFileError(with_one_stop(gettext("The file is not a proper CSV file: %(error)s.") % {"error": error}))


def _delimiter(header: str, currency: str) -> str:
    """Return the delimiter with which a first line names the most columns that we know."""
    return max(
        DELIMITERS, key=lambda mark: count_known(next(csv.reader([header], delimiter=mark), []), currency=currency)
    )


def _row(line: int, cells: list[str], columns: Columns, seen: dict[str, int], currency: str) -> FileRow:
    def cell(column: str) -> str:
        place = columns.places.get(column)
        return plain_cell(cells[place]) if place is not None and place < len(cells) else ""

    sku = cell("sku")
    earlier = seen.setdefault(sku, line)
    if not sku:
        return FileRow(line, "", fault=gettext_noop("The SKU is missing."))
    if len(sku) > MAX_SKU:
        return FileRow(line, sku[:MAX_SKU], fault=SKU_TOO_LONG.written(max_sku=MAX_SKU))
    if earlier != line:
        return FileRow(line, sku, fault=SKU_TWICE.written(earlier=earlier))
    if any(text.strip() and (place >= columns.width or place in columns.nameless) for place, text in enumerate(cells)):
        return FileRow(
            line, sku, fault=gettext_noop("A row has more cells than columns. Put quotes around a price with a comma.")
        )
    try:
        return FileRow(line, sku, **_values(cell, currency))
    except ValueError:
        return FileRow(line, sku, fault=_fault(cell, currency))


def _values(cell: Callable[[str], str], currency: str) -> dict[str, Any]:
    """Return the values of a row.

    Raises:
        ValueError: one can't be read; its message is in the language that is active.
    """
    return {
        "price_minor": _price(cell("price"), currency),
        "on_hand": _count(cell("on hand")),
        "weight_g": _weight(cell("weight")),
        "tax_class": _tax_class(cell("tax class")),
    }


def _fault(cell: Callable[[str], str], currency: str) -> str:
    """Return why a row's values can't be read, as it is stored."""
    with override(SOURCE):
        try:
            _values(cell, currency)
        except ValueError as error:
            return str(error)
    return ""


def _price(text: str, currency: str) -> int | None:
    if not text:
        return None
    try:
        price = parse_amount(with_decimal_point(text), currency, is_of_file=True)
    except ValueError as error:
        raise ValueError(PRICE_NOT_CLEAR.written(text=text[:40], why=error)) from error
    if not 0 < price <= MAX_PRICE_MINOR:
        raise ValueError(gettext_noop("A price is more than zero, and within reason."))
    return price


def _count(text: str) -> int | None:
    if not text:
        return None
    if not COUNT.fullmatch(text) or int(text.replace(",", "")) > MAX_ON_HAND:
        raise ValueError(NOT_A_COUNT.written(text=text[:40]))
    return int(text.replace(",", ""))


def _weight(text: str) -> int | None:
    if not text:
        return None
    if not COUNT.fullmatch(text):
        raise ValueError(NOT_A_WEIGHT.written(text=text[:40]))
    grams = int(text.replace(",", ""))
    if fault := fault_of_weight(grams):
        raise ValueError(fault)
    return grams


def _tax_class(text: str) -> str:
    """Return a tax class by its name in the API, in any case."""
    name = text.strip().lower()
    if name and fault_of_tax_class(name):
        raise ValueError(NOT_A_TAX_CLASS.written(text=text[:40], names=", ".join(TaxClass.values)))
    return name


def with_decimal_point(text: str) -> str:
    """Return a price with a point before its minor units, where a comma there or spaces can't be taken for another."""
    start = next((place for place, letter in enumerate(text) if letter.isdigit()), 0)
    mark, number = text[:start], text[start:]
    if DECIMAL_COMMA.match(number):
        number = number.replace(".", "").replace(",", ".")
    elif not SPACED_THOUSANDS.match(number):
        return text
    return mark + "".join(number.split())
