"""Fold letters and typographic marks, so that a text and what people type to find it become the same words.

PostgreSQL splits and lowers a text by the locale of its database, and differently from one to the next. So texts and
searches are folded here, and PostgreSQL gets plain ASCII words, which every locale splits the same way (docs/adr/0036).
"""

import re
import unicodedata
from collections.abc import Iterator

MAX_WORD = 80
MAX_PIECES = 6
HOOKED = "ɓɗɖƙƴɠƈƥƭʋƒɦɣɲŋɛɔəǝɩɪʊɨʉɵøđðłħŧƀƶȥɍɏɇȼɱʃʒƞᴀʀʟʏ"
UNHOOKED = "bddkygcptvfhgnneoeeiiuiuooddlhtbzzryecmsznarly"
# Letters that Unicode decomposes to nothing, as people type them without the hook or the stroke.
PLAIN_LETTERS = {
    **dict(zip(HOOKED, UNHOOKED, strict=True)),
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ı": "i",
    "ĸ": "k",
}
# Marks that join the pieces of a word, and are often left out or typed differently.
APOSTROPHES = "'`´ʹʻʼʽˈˊˋʔʕʾʿ‘’‛′ꞌꞋ׳"
HYPHENS = "-‐‑⁃\u00ad"
JOINT = "-"
# Symbols that NFKC would turn into letters of the word before them.
NOT_LETTERS = str.maketrans(dict.fromkeys("™℠®©´ª", " ") | {"´": JOINT, "ª": "a"})
MARKS = (
    (0x0300, 0x036F),
    (0x0483, 0x0489),
    (0x0591, 0x05BD),
    (0x0610, 0x061A),
    (0x0640, 0x0640),
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x06D6, 0x06ED),
    (0x135D, 0x135F),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F),
)
# Characters of category Cf: invisible joints.
INVISIBLE = (
    (0x0600, 0x0605),
    (0x061C, 0x061C),
    (0x06DD, 0x06DD),
    (0x070F, 0x070F),
    (0x0890, 0x0891),
    (0x08E2, 0x08E2),
    (0x180E, 0x180E),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x2064),
    (0x2066, 0x206F),
    (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFB),
)
_TABLE: dict[int, str | None] = {
    **{code: " " for code in range(128) if not chr(code).isalnum()},
    **{ord(letter): plain for letter, plain in PLAIN_LETTERS.items()},
    **{ord(mark): JOINT for mark in APOSTROPHES + HYPHENS},
    **{code: None for first, last in MARKS for code in range(first, last + 1)},
}
_WIDE = re.compile(r"[^\x00-\x7f]")
_CHAIN = re.compile(rf"[^ {JOINT}]+(?:{JOINT}+[^ {JOINT}]+)*")


def fold(text: str) -> str:
    """Return a text in small plain letters and digits, with spaces between words and `JOINT` within them."""
    if text.isascii():
        return text.lower().translate(_TABLE)
    composed = unicodedata.normalize("NFKC", text.translate(NOT_LETTERS))
    plain = unicodedata.normalize("NFKD", composed.casefold()).translate(_TABLE)
    return _WIDE.sub(_letter_or_gap, plain)


def chains(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of a text, each with its pieces: `Women's T-shirt` has (women, s) and (t, shirt)."""
    yield from _chains(fold(text))


def joined(chain: tuple[str, ...]) -> str:
    """Return a word without its joints, where people would type it so; else nothing."""
    return "".join(chain)[:MAX_WORD] if 1 < len(chain) <= MAX_PIECES else ""


def index_text(text: str) -> str:
    """Return the text to index: its pieces in order, then the words that joints keep apart."""
    folded = fold(text)
    if JOINT not in folded and folded.isascii():
        return " ".join([word[:MAX_WORD] for word in folded.split()])  # as most texts are; a fifth of the time
    found = list(_chains(folded))
    words = [piece for chain in found for piece in chain]
    words += [whole for chain in found if (whole := joined(chain))]
    return " ".join(map(ascii_word, words))


def ascii_word(word: str) -> str:
    """Write a word in ASCII: letters of other scripts by their code points."""
    return word if word.isascii() else _WIDE.sub(lambda found: f"x{ord(found.group()):x}z", word)


def _chains(folded: str) -> Iterator[tuple[str, ...]]:
    for chain in _CHAIN.finditer(folded):
        yield tuple(piece[:MAX_WORD] for piece in chain.group().split(JOINT) if piece)


def _letter_or_gap(found: re.Match[str]) -> str:
    character = found.group()
    kind = unicodedata.category(character)
    if kind == "Nd":
        return str(unicodedata.decimal(character))
    if kind == "Cf":
        return JOINT
    return character if kind[0] in "LMN" else " "
