"""Pages of a document, laid out from the top: texts, columns of blocks, tables that go on over pages."""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from django.utils.translation import gettext
from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from checkout.documents import fonts

WIDTH, HEIGHT = A4
MARGIN = 48.0
FOOT = 60.0  # below it stands the footer alone
INNER = WIDTH - 2 * MARGIN
SIZE, SMALL, LARGE, HUGE = 9.0, 7.5, 20.0, 34.0
LEADING = 1.4
GAP, SUMS_GAP = 8.0, 2.0
INK, GREY, RULE = 0.13, 0.40, 0.80

rl_config.useA85 = 0  # bytes as they are: a third less of them, and a third of the time

# The library keeps what it has shaped beside the fonts, so documents are drawn one at a time in a process.
_drawing = Lock()


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph of a block or cell."""

    words: str
    size: float = SIZE
    is_bold: bool = False
    ink: float = INK

    @property
    def font(self) -> str:
        """Return the font's name."""
        return fonts.BOLD if self.is_bold else fonts.REGULAR


Block = Sequence[Text]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `share` is its part of the width."""

    head: str
    share: float
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    text: Text
    words: str
    x: float
    y: float
    is_right: bool


@dataclass(slots=True)
class Sheet:
    """A document of as many pages as it needs.

    Args:
        footer: stands on each page.
        counted: the words of a page's number, in the language in which the sheet was made.
    """

    footer: str
    counted: str = field(default_factory=lambda: gettext("Page %(number)s of %(pages)s"))
    pages: list[list[_Line | float]] = field(default_factory=lambda: [[]])
    y: float = HEIGHT - MARGIN

    def space(self, points: float) -> None:
        """Leave some space."""
        self.y -= points

    def rule(self) -> None:
        """Draw a line from margin to margin."""
        self.pages[-1].append(self.y)
        self.y -= GAP

    def columns(self, *blocks: Block, shares: Sequence[float] = ()) -> None:
        """Put blocks side by side; a block that is higher than a page is cut."""
        cells = self._cells(blocks, shares or [1 / len(blocks)] * len(blocks))
        self._fit(_height(cells))
        self._put(cells)

    def paragraph(self, text: Text) -> None:
        """Write a paragraph over the whole width, over pages where it must."""
        for words in fonts.wrapped(text.words, text.font, text.size, INNER):
            self._fit(text.size * LEADING)
            self._put([(_wrap([text], INNER, words), 0.0, INNER, False)])

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[Block]]) -> None:
        """Draw a table, its head again on each page."""
        self._head(columns)
        for row in rows:
            cells = self._table_cells(columns, row)
            if self._fit(_height(cells)):
                self._head(columns)
            self._put(cells)
            self.space(3)
            self.rule()
        self.space(2)

    def sums(self, rows: Iterable[tuple[str, str, bool]]) -> None:
        """Write amounts below each other at the right, all on one page.

        Args:
            rows: a label, an amount, and whether it is the total.
        """
        columns = (Column("", 0.5), Column("", 0.27), Column("", 0.23, is_number=True))
        written = []
        for label, amount, is_total in rows:
            size = SIZE + 2 if is_total else SIZE
            written.append(
                self._table_cells(columns, ((), (Text(label, size, is_total),), (Text(amount, size, is_total),)))
            )
        self._fit(sum(_height(cells) + SUMS_GAP for cells in written))
        for cells in written:
            self._put(cells)
            self.space(SUMS_GAP)

    def _head(self, columns: Sequence[Column]) -> None:
        self._put(self._table_cells(columns, [(Text(each.head, SMALL, ink=GREY),) for each in columns]))
        self.space(3)
        self.rule()

    def _table_cells(self, columns: Sequence[Column], row: Sequence[Block]) -> list[Any]:
        cells = self._cells(row, [each.share for each in columns])
        return [
            (lines, x, width, column.is_number) for (lines, x, width, _), column in zip(cells, columns, strict=True)
        ]

    def _cells(self, blocks: Sequence[Block], shares: Sequence[float]) -> list[Any]:
        cells, x = [], 0.0
        for block, share in zip(blocks, shares, strict=True):
            width = share * INNER
            cells.append((_wrap(block, width - GAP), x, width, False))
            x += width
        return cells

    def _fit(self, height: float) -> bool:
        """Begin a page where some lines don't fit on this one; return whether that was so."""
        if self.y - height >= FOOT or not self.pages[-1]:
            return False
        self.pages.append([])
        self.y = HEIGHT - MARGIN
        return True

    def _put(self, cells: Sequence[Any]) -> None:
        for lines, x, width, is_right in cells:
            y = self.y
            for text, words in lines:
                y -= text.size * LEADING
                if y >= FOOT - GAP:
                    at = MARGIN + x + (width if is_right else 0.0)
                    self.pages[-1].append(_Line(text, words, at, y + text.size * 0.35, is_right))
        self.y -= _height(cells)


def _wrap(block: Block, width: float, words: str | None = None) -> list[tuple[Text, str]]:
    if words is not None:
        return [(block[0], words)]
    return [(text, line) for text in block for line in fonts.wrapped(text.words, text.font, text.size, width)]


def _height(cells: Sequence[Any]) -> float:
    return max((sum(text.size * LEADING for text, _ in lines) for lines, *_ in cells), default=0.0)


def fitting_size(words: Iterable[str], *, share: float, size: float) -> float:
    """Return a size at which each of some amounts stands on one line of a column: the given one, or a smaller.

    Args:
        share: of the column, as in `Column`.
    """
    room = share * INNER - GAP
    widest = max((fonts.width_of(fonts.printable(each), fonts.BOLD, size) for each in words), default=0.0)
    return size if widest <= room else size * room / widest * 0.99


def as_pdf(*, title: str, layouts: Iterable[Callable[[], Sheet]]) -> bytes:
    """Return one file of some documents, each of which begins a page and counts its own."""
    with _drawing:
        fonts.load()
        written = io.BytesIO()
        canvas = Canvas(written, pagesize=A4, invariant=True, pageCompression=1)
        canvas.setTitle(title)
        canvas.setAuthor("Kasuwa")
        for layout in layouts:
            _draw(canvas, layout())
        canvas.save()
    return written.getvalue()


def _draw(canvas: Canvas, sheet: Sheet) -> None:
    for number, page in enumerate(sheet.pages, start=1):
        canvas.setStrokeGray(RULE)
        canvas.setLineWidth(0.5)
        for piece in page:
            if isinstance(piece, float):
                canvas.line(MARGIN, piece, WIDTH - MARGIN, piece)
            else:
                _write(canvas, piece)
        small = Text("", SMALL, ink=GREY)
        counted = sheet.counted % {"number": number, "pages": len(sheet.pages)}
        [footer, *_] = fonts.wrapped(sheet.footer, small.font, small.size, INNER - 90) or [""]
        _write(canvas, _Line(small, footer, MARGIN, MARGIN - 12, is_right=False))
        _write(canvas, _Line(small, fonts.printable(counted), WIDTH - MARGIN, MARGIN - 12, is_right=True))
        canvas.showPage()


def _write(canvas: Canvas, line: _Line) -> None:
    text = line.text
    canvas.setFont(text.font, text.size)
    canvas.setFillGray(text.ink)
    x = line.x - fonts.width_of(line.words, text.font, text.size) if line.is_right else line.x
    canvas.drawString(x, line.y, fonts.with_marks(line.words, text.font, text.size))
