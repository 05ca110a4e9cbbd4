"""Cells of an archive's tables, so written that no spreadsheet runs one, and read back byte for byte.

The rule is that of `kit.web.tables`: an apostrophe before a cell that begins like a formula, also behind apostrophes of
its own; reading takes one off. It is done to the bytes that PostgreSQL writes and reads, which tell an empty text from
none. Numbers stay what they are.
"""

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext

from kit.web.tables import FORMULA_STARTS
from tenants.errors import ArchiveError

MOST_OF_A_RECORD = 64 * 1024**2
STARTS = b"|".join(re.escape(start.encode()) for start in FORMULA_STARTS)
FORMULA = re.compile(b"'*(?:%b)" % STARTS)
NUMBER = re.compile(rb"-\d+(?:\.\d+)?")
CELL = re.compile(rb'"[^"]*(?:""[^"]*)*"|[^,\n"]+')
# Whether a record may have such a cell at all; most have none, and are passed on as they are.
PERHAPS = re.compile(b"(?:^|[,\n])\"?'*(?:%b)" % STARTS)


def escaped(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield CSV with an apostrophe before each cell that begins like a formula."""
    for records in _whole_records(blocks):
        yield CELL.sub(_escape, records) if PERHAPS.search(records) else records


def unescaped(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield CSV as it was before `escaped`.

    Raises:
        ArchiveError: a record is longer than any that a shop's export writes.
    """
    for records in _whole_records(blocks):
        yield CELL.sub(_unescape, records) if PERHAPS.search(records) else records


def plain_text(cell: str) -> str:
    """Return the text of one cell that was read already, as it was before `escaped`."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA_STARTS) else cell


def _escape(found: re.Match[bytes]) -> bytes:
    cell = found[0]
    quote, text = (cell[:1], cell[1:]) if cell.startswith(b'"') else (b"", cell)
    if not FORMULA.match(text) or NUMBER.fullmatch(cell):
        return cell
    return quote + b"'" + text


def _unescape(found: re.Match[bytes]) -> bytes:
    cell = found[0]
    quote, text = (cell[:1], cell[1:]) if cell.startswith(b'"') else (b"", cell)
    return quote + text[1:] if text.startswith(b"'") and FORMULA.match(text) else cell


def _whole_records(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut CSV where records end: at line ends outside quotes."""
    pending: list[bytes] = []
    length, is_quoted = 0, False
    for block in blocks:
        cut, is_quoted = _last_end(block, is_quoted=is_quoted)
        if cut:
            yield b"".join([*pending, block[:cut]])
            pending, length = [], 0
        pending.append(block[cut:])
        length += len(block) - cut
        if length > MOST_OF_A_RECORD:
            raise ArchiveError(gettext("The archive has a row that no shop's export writes."))
    if length:
        yield b"".join(pending)


def _last_end(block: bytes, *, is_quoted: bool) -> tuple[int, bool]:
    """Return the end of a block's last record, 0 where there is none, and whether the block ends within quotes."""
    cut, at = 0, 0
    for number, piece in enumerate(block.split(b'"')):
        if number:
            is_quoted = not is_quoted
            at += 1
        if not is_quoted and (end := piece.rfind(b"\n")) >= 0:
            cut = at + end + 1
        at += len(piece)
    return cut, is_quoted
