"""The alphabet of SMS (3GPP TS 23.038): 160 characters of it fit one message, of all others 70."""

import unicodedata

ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWICE = frozenset("\f^{}\\[~]|€")  # each takes the place of two
ONE, PART = 160, 153  # characters of a message by itself, and of each part of a longer one
WIDE_ONE, WIDE_PART = 70, 67
SIGNS = str.maketrans({
    "’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "…": "...", "·": "-",
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "₦": "NGN ", "œ": "oe", "Œ": "OE", "ç": "c",
})  # fmt: skip


def plain(text: str) -> str:
    """Return a text with the alphabet's signs where there is one for each; names lose the marks that it lacks."""
    return "".join(each if _fits(each) else _without_marks(each) for each in text.translate(SIGNS))


def length(text: str) -> int:
    """Return the places that a text takes in the alphabet of SMS."""
    return sum(2 if each in TWICE else 1 for each in text)


def parts(text: str) -> int:
    """Return the number of messages that a text is charged as."""
    if all(_fits(each) for each in text):
        size, one, part = length(text), ONE, PART
    else:
        size, one, part = len(text.encode("utf-16-le")) // 2, WIDE_ONE, WIDE_PART
    return 1 if size <= one else -(-size // part)


def _fits(character: str) -> bool:
    return character in ALPHABET or character in TWICE


def _without_marks(character: str) -> str:
    bare = unicodedata.normalize("NFKD", character)[:1]
    return bare if bare and _fits(bare) else character
