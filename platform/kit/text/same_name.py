"""Comparison of two texts that name a person or firm, as two institutions write it.

A bank writes BAKARE FOLASADE, an application Folasade Bakarẹ: letters without their marks, hooks and case, words in any
order, and without forms of firms and of address.
"""

import re
import unicodedata

# Only "a firm", or how a person is addressed: banks write them, shorten them and leave them out.
FIRMS = """
ltd limited plc inc incorporated llc llp lp co company corp corporation ent entp enterprise enterprises venture ventures
nig nigeria gh ghana ke kenya pty pte sa sarl sas gmbh bv
"""
FORMS_OF_ADDRESS = "mr mrs miss ms dr prof engr chief alhaji alhaja"
NO_NAMES = frozenset(f"{FIRMS} {FORMS_OF_ADDRESS} and the".split())
UNMARKED = re.compile(r"LATIN (?:SMALL|CAPITAL) LETTER (?:DOTLESS )?([A-Z]{1,2})\b")
LETTERS = {"ə": "e", "ǝ": "e", "ɛ": "e", "ɔ": "o", "ŋ": "ng"}
APOSTROPHES = str.maketrans("", "", "'`´ʹʻʼʽ‘’‛′.")


def is_same_name(first: str, second: str) -> bool:
    """Return whether two texts name the same person or firm, by their words; an empty text equals only itself."""
    one, other = _words(first), _words(second)
    return sorted(one) == sorted(other) or "".join(one) == "".join(other)


def _words(text: str) -> list[str]:
    folded = "".join(_plain(character) for character in unicodedata.normalize("NFKD", text.casefold()))
    words = re.findall(r"\w+", folded.translate(APOSTROPHES).replace("_", " "))
    return [word for word in words if word not in NO_NAMES] or words


def _plain(character: str) -> str:
    """Return a letter without what hangs on it; nothing for a mark that stood above or below one."""
    if character.isascii():
        return character
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Cf"}:
        return ""
    found = UNMARKED.match(unicodedata.name(character, ""))
    return LETTERS.get(character) or (found[1].lower() if found else character)
