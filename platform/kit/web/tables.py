"""CSV files whose cells a spreadsheet shows and never runs as formulas.

A cell that begins like a formula gets an apostrophe before it, as OWASP advises ("CSV Injection"), and so does one that
begins like a formula behind apostrophes of its own. Reading takes one off again, so every text comes back as it was.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from urllib.parse import quote

from django.http import StreamingHttpResponse

# Full-width signs are formulas too where a spreadsheet is set to an East Asian language.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"  # Excel takes a file for UTF-8 only with it
ROWS_A_CHUNK = 500


def safe_cell(value: object) -> str:
    """Return a value as a cell that no spreadsheet takes for a formula; numbers stay what they are."""
    text = "" if value is None else str(value)
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_STARTS) and not is_number else text


def plain_cell(text: str) -> str:
    """Return a cell's text without the apostrophe of `safe_cell` and without space around it."""
    text = text.strip()
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS) else text


def csv_text(*, header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as the text of a file."""
    return "".join(_lines(header, rows))


def csv_response(*, file_name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """Send a table as a file to keep, as it is made."""
    response = StreamingHttpResponse(_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file_name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow([safe_cell(cell) for cell in header])
    for number, row in enumerate(rows, start=1):
        writer.writerow([safe_cell(cell) for cell in row])
        if number % ROWS_A_CHUNK == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
