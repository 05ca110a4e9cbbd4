"""Tracking numbers of many orders, pasted or from a file."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO

from django.utils.translation import gettext

from catalogue.services.imports.letters import DELIMITERS, open_text, table_lines
from checkout.fulfilment.services import Parcel
from kit.web.tables import plain_cell
from vendors.services.bulk_result import MOST_AT_ONCE

MAX_BYTES = 256 * 1024
MAX_SHOWN = 60
NAMES = {
    "order": frozenset({"order", "number", "order number", "order no", "commande"}),
    "tracking": frozenset({"tracking", "tracking number", "tracking no", "waybill", "suivi", "numéro de suivi"}),
    "carrier": frozenset({"carrier", "transporteur"}),
}
IN_ORDER = {"order": 0, "tracking": 1, "carrier": 2}
ORDER_START = "KS-"


@dataclass(slots=True)
class TrackingList:
    """Parcels by the orders' numbers, and the lines that could not be read."""

    parcels: dict[str, Parcel] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def read_tracking(*, pasted: str, file: BinaryIO | None, numbers: Sequence[str]) -> TrackingList:
    """Read lines with an order's number, its tracking number and its carrier, or with tracking numbers alone.

    Args:
        numbers: orders on the page, to which tracking numbers alone are given in this order.

    Raises:
        ImportFileError: the file is no text.
    """
    found = TrackingList()
    for source in (BytesIO(pasted.encode()), file):
        if source is not None:
            _read_rows(_rows_of(source), numbers, found)
    return found


def _rows_of(source: BinaryIO) -> list[tuple[int, list[str]]]:
    """Return the lines that hold something, with their numbers, as cells."""
    first, separator, rest = table_lines(open_text(source))
    lines = [first, *rest]
    delimiter = separator or max(DELIMITERS, key="\n".join(lines).count)
    cells = (([plain_cell(cell) for cell in row]) for row in csv.reader(lines, delimiter=delimiter))
    return [(line, row) for line, row in enumerate(cells, start=2 if separator else 1) if any(row)]


def _read_rows(rows: list[tuple[int, list[str]]], numbers: Sequence[str], found: TrackingList) -> None:
    places = _places(rows[0][1]) if rows else None
    if places is not None:
        rows = rows[1:]
    if len(rows) > MOST_AT_ONCE:
        found.problems.append(gettext("At most %(most)s lines at once.") % {"most": MOST_AT_ONCE})
        return
    if places is None and all(len(row) == 1 and not row[0].upper().startswith(ORDER_START) for _, row in rows):
        _give_in_order([row[0] for _, row in rows], numbers, found)
        return
    for line, row in rows:
        _read_row(line, row, places or IN_ORDER, found)


def _places(header: list[str]) -> dict[str, int] | None:
    """Return the positions of the columns that a first line names, or None where it is no such line."""
    names = [" ".join(cell.lower().split()) for cell in header]
    places = {
        column: place for column, spellings in NAMES.items() for place, name in enumerate(names) if name in spellings
    }
    return places if "order" in places and "tracking" in places else None


def _give_in_order(tracking: list[str], numbers: Sequence[str], found: TrackingList) -> None:
    if len(tracking) > len(numbers):
        found.problems.append(
            gettext("There are more tracking numbers (%(tracking)s) than orders on this page (%(orders)s).")
            % {"tracking": len(tracking), "orders": len(numbers)}
        )
        return
    found.parcels.update({number: Parcel("", each) for number, each in zip(numbers, tracking, strict=False)})


def _read_row(line: int, row: list[str], places: dict[str, int], found: TrackingList) -> None:
    def cell(column: str) -> str:
        place = places.get(column)
        return row[place] if place is not None and place < len(row) else ""

    number, tracking = cell("order").upper(), cell("tracking")
    if not number.startswith(ORDER_START):
        problem = gettext("Line %(line)s: “%(shown)s” is not the number of an order.")
        found.problems.append(problem % {"line": line, "shown": number[:MAX_SHOWN]})
    elif number in found.parcels:
        problem = gettext("Line %(line)s: %(number)s comes a second time.")
        found.problems.append(problem % {"line": line, "number": number[:MAX_SHOWN]})
    elif not tracking:
        problem = gettext("Line %(line)s: the tracking number of %(number)s is missing.")
        found.problems.append(problem % {"line": line, "number": number[:MAX_SHOWN]})
    else:
        found.parcels[number] = Parcel(cell("carrier"), tracking)
