"""Cleaning text: one spelling of each character, no invisible ones, no line breaks where a line is asked for."""

import re
import unicodedata

from django.utils.translation import gettext

# Unicode's Default_Ignorable_Code_Point that are letters, marks or not assigned, and so have no category of their own
# (https://www.unicode.org/Public/UNIDATA/DerivedCoreProperties.txt); the others are format characters (Cf).
IGNORABLE = frozenset(
    [
        *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x3164, 0xFFA0),
        *(*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xFFF0, 0xFFF9)),
        *(*range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B), *range(0xE0000, 0xE1000)),
    ]
)
NONCHARACTERS = frozenset(
    [*range(0xFDD0, 0xFDF0), *(plane + last for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))]
)
DROPPED = frozenset({"Cc", "Cf", "Zl", "Zp", "Co"})
BRAILLE_BLANK = "\u2800"
JOINERS = frozenset("\u200c\u200d")
EMOJI_STYLE = "\ufe0f"
VIRAMA = 9  # the combining class of the signs after which Indic scripts use joiners
MAX_MARKS = 4  # on one letter, beyond what its composed form holds; no living script writes more

PLAIN_LINE = re.compile(r"[!-~]+(?: [!-~]+)*")
NEWLINES = re.compile("\r\n|[\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029]")
SPACES = re.compile(" {2,}")
SPACE_AT_THE_END = re.compile(" +\n")
EMPTY_LINES = re.compile("\n{4,}")


class TextError(ValueError):
    """A text that can't be stored; its message tells people the reason, its code programs."""

    def __init__(self, message: str, code: str = "invalid") -> None:
        super().__init__(message)
        self.code = code


def clean_line(text: str) -> str:
    """Return a text as one line: composed (NFC), visible characters alone, single spaces.

    Raises:
        TextError: it holds a NUL, half a character, or too many marks on one letter.
    """
    if not text or PLAIN_LINE.fullmatch(text):
        return text
    line = NEWLINES.sub(" ", text)
    return SPACES.sub(" ", _visible(line)).strip()


def clean_paragraphs(text: str) -> str:
    """Return a text of several lines, each as `clean_line` has it but for runs of spaces; two empty lines at most.

    Raises:
        TextError: as from `clean_line`.
    """
    lines = [_visible(line) for line in NEWLINES.sub("\n", text).split("\n")]
    joined = SPACE_AT_THE_END.sub("\n", "\n".join(lines) + "\n")
    return EMPTY_LINES.sub("\n\n\n", joined).strip()


def has_letter_or_digit(text: str) -> bool:
    """Return whether a text has a letter or digit."""
    if text.isascii():
        return any(map(str.isalnum, text))
    return any(unicodedata.category(character)[0] in "LN" for character in text)


def _visible(line: str) -> str:
    _refuse_broken(line)
    composed = unicodedata.normalize("NFC", line)
    kept: list[str] = []
    marks = 0
    for position, character in enumerate(composed):
        shown = _shown(composed, position, character)
        is_mark = unicodedata.category(character) in {"Mn", "Me"} and character != EMOJI_STYLE
        if not shown or (
            is_mark and not kept
        ):  # a mark with no letter before it would combine with the character before it
            continue
        marks = marks + 1 if is_mark else 0
        if marks > MAX_MARKS:
            raise TextError(gettext("There are too many marks on one letter. Write it with fewer."), "too_many_marks")
        kept.append(shown)
    return unicodedata.normalize("NFC", "".join(kept))


def _refuse_broken(line: str) -> None:
    if "\0" in line:
        raise TextError(gettext("Null characters are not allowed."), "null_characters_not_allowed")
    if any("\ud800" <= character <= "\udfff" for character in line):
        message = gettext("It holds an incomplete character. Type it again.")
        raise TextError(message, "surrogate_characters_not_allowed")


def _shown(text: str, position: int, character: str) -> str:
    """Return the form of a character that is kept: itself, a plain space, or nothing."""
    if character in JOINERS or character == EMOJI_STYLE:
        return character if _joins(text, position, character) else ""
    if ord(character) in IGNORABLE:
        return ""
    category = unicodedata.category(character)
    if category == "Zs" or character in {"\t", BRAILLE_BLANK}:
        return " "
    return "" if category in DROPPED or ord(character) in NONCHARACTERS else character


def _joins(text: str, position: int, character: str) -> bool:
    """Return whether an invisible character is needed: in an emoji, or in a script that uses it (RFC 5892, A.1)."""
    before = text[position - 1] if position else ""
    after = text[position + 1] if position + 1 < len(text) else ""
    if not before:
        return False
    if character == EMOJI_STYLE:
        return unicodedata.category(before) in {"So", "Sm", "Po"} or before in "0123456789#*"
    if unicodedata.combining(before) == VIRAMA:
        return True
    if not after:
        return False
    if character == "\u200d":
        return (before == EMOJI_STYLE or unicodedata.category(before) in {"So", "Sk"}) and (
            unicodedata.category(after) in {"So", "Cn"} or after in "♀♂"
        )
    return unicodedata.bidirectional(before) == "AL" and unicodedata.bidirectional(after) == "AL"
