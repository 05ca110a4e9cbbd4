"""The typeface of documents, and measures of texts in it."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont, shapeStr

FOLDER = Path(__file__).parent / "typeface"
REGULAR, BOLD = "Inter", "Inter-SemiBold"
FILES = {REGULAR: "Inter-Regular.ttf", BOLD: "Inter-SemiBold.ttf"}
WITHOUT_GLYPH = "□"
REMEMBERED = 4_096
# Spaces between words; others, as within amounts, hold them together.
SPACES = re.compile(r"[ \t\n\r\f\v\u2028\u2029]+")
# Characters that join or choose glyphs, and have none of their own.
UNSEEN = frozenset({"Cf", "Cc", "Mn"})


def printable(text: str) -> str:
    """Return a text with a box for each character that the typeface lacks, such as a pictogram."""
    composed = unicodedata.normalize("NFC", SPACES.sub(" ", text).strip(" "))
    return composed if composed.isascii() else "".join(map(_printed, composed))


@lru_cache(maxsize=REMEMBERED)
def width_of(text: str, font: str, size: float) -> float:
    """Return the width of a printable text, in points."""
    shaped = with_marks(text, font, size)
    if hasattr(shaped, "__shapeData__"):
        return float(sum(each.x_advance for each in shaped.__shapeData__) * size / 1000)
    return float(pdfmetrics.stringWidth(text, _loaded(font), size))


@lru_cache(maxsize=REMEMBERED)
def with_marks(text: str, font: str, size: float) -> Any:
    """Return a text whose combining marks are placed over their letters, as in ọ́; others as they are."""
    if text.isascii() or not any(map(unicodedata.combining, text)):
        return text
    return shapeStr(text, _loaded(font), size)


def wrapped(text: str, font: str, size: float, width: float) -> Sequence[str]:
    """Return the lines of a text in a column; a word that is wider than it is broken."""
    lines: list[str] = []
    line, used, space = "", 0.0, width_of(" ", font, size)
    for word in filter(None, printable(text).split(" ")):
        wide = width_of(word, font, size)
        if line and used + space + wide <= width:
            line, used = f"{line} {word}", used + space + wide
            continue
        if line:
            lines.append(line)
        *whole, line = _broken(word, font, size, width) if wide > width else [word]
        lines += whole
        used = width_of(line, font, size)
    return [*lines, line] if line else lines


def _broken(word: str, font: str, size: float, width: float) -> list[str]:
    pieces = [""]
    for character in word:
        if pieces[-1] and width_of(pieces[-1] + character, font, size) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


def _printed(character: str) -> str:
    if ord(character) in _glyphs():
        return character
    return "" if unicodedata.category(character) in UNSEEN else WITHOUT_GLYPH


@cache
def _glyphs() -> frozenset[int]:
    font: Any = pdfmetrics.getFont(_loaded(REGULAR))
    return frozenset(font.face.charToGlyph)


@cache
def _loaded(font: str) -> str:
    """Return the name of a font, which is read on first use."""
    pdfmetrics.registerFont(TTFont(font, str(FOLDER / FILES[font])))
    return font


def load() -> None:
    """Read all fonts, where a page is about to be drawn by their names."""
    for font in FILES:
        _loaded(font)
