"""Search conditions for lists: a name is found whatever marks and letters it is typed with.

The words of a search are folded in Python, as everywhere (`kit.text.folding`); names are folded by PostgreSQL, by the
same tables, under one collation in every database (docs/adr/0036). Nothing is stored: a list is one shop's, or the
operators'.
"""

from collections.abc import Iterator

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, Case, F, Func, Q, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Collate, Concat, Length, Lower
from django.db.models.lookups import Exact

from kit.text.folding import (
    APOSTROPHES,
    HYPHENS,
    INVISIBLE,
    MARKS,
    NOT_LETTERS,
    PLAIN_LETTERS,
    chains,
    joined,
)

COLLATION = "pg_unicode_fast"  # built into PostgreSQL 18, for databases of any locale
LONG_LETTERS = {letter: plain for letter, plain in PLAIN_LETTERS.items() if len(plain) > 1}
SHORT_LETTERS = {letter: plain for letter, plain in PLAIN_LETTERS.items() if len(plain) == 1}
ARABIC_DIGITS = {chr(first + digit): str(digit) for first in (0x0660, 0x06F0) for digit in range(10)}
JOINTS = "".join(sorted({*APOSTROPHES, *HYPHENS} - {"-"})) + "-"  # last: between two it would mean a range
ASCII_JOINTS = "".join(mark for mark in JOINTS if mark.isascii())
LEFT_OUT = "[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in (*MARKS, *INVISIBLE)) + JOINTS + "]+"
_PLAIN = {
    **{code: None for first, last in INVISIBLE for code in range(first, last + 1)},
    **{ord(mark): "-" for mark in HYPHENS},
    **{ord(gap): " " for gap in "\u00a0\u2007\u202f"},
    0x00AD: None,
}


def name_matches(search: str, *names: str) -> Q:
    """Return the condition that names have every word of a search, or one of them has it as it was typed."""
    as_typed = Q()
    for name in names:
        as_typed |= Q(**{f"{name}__icontains": search})
    if not list(chains(search)):
        return as_typed
    return Q(has_all_words(search, _together(names))) | as_typed


def has_all_words(search: str, text: Combinable) -> Func:
    """Return the condition that a text has every word of a search, whatever letters and marks it is typed with.

    The pieces of an e-mail address stand together in it.
    """
    patterns = [*_patterns(search), *_addresses(search)]
    return _HasAll(in_plain_letters(text), Value(patterns, ArrayField(TextField())))


def identifier_matches(search: str, *identifiers: str) -> Q:
    """Return the condition that a number, a SKU or an address has what was typed, with plain hyphens and spaces."""
    typed, found = plain_identifier(search), Q()
    for identifier in identifiers:
        found |= Q(**{f"{identifier}__icontains": typed})
    return found


def plain_identifier(typed: str) -> str:
    """Return a number, a reference or an address with plain hyphens and spaces, where a document has others."""
    return typed.translate(_PLAIN).strip()


def _patterns(search: str) -> Iterator[str]:
    """Yield a regular expression a word, of letters, digits and spaces alone; with a joint within, of both readings."""
    for pieces in chains(search):
        whole = joined(pieces)
        yield f"{whole}|{' '.join(pieces)}" if whole else " ".join(pieces)


def _addresses(search: str) -> Iterator[str]:
    """Yield a regular expression for each part of an e-mail address, every sign in it taken literally."""
    for typed in search.lower().split():
        if "@" in typed and typed.isascii():
            yield "".join(sign if sign.isalnum() else f"\\{sign}" for sign in typed if sign not in ASCII_JOINTS)


def _together(names: tuple[str, ...]) -> Combinable:
    if len(names) == 1:
        return F(names[0])
    parts = [part for name in names for part in (Value(" "), F(name))]
    return Concat(*parts, output_field=TextField())


class _HasAll(Func):
    """Check that a text matches every one of some regular expressions; the text is made once a row."""

    template = "%(expressions)s"
    arg_joiner = " ~ ALL "
    output_field = BooleanField()

    def __init__(self, text: Combinable, patterns: Value) -> None:
        super().__init__(text, Func(patterns, template="(%(expressions)s::text[])"))


def in_plain_letters(text: Combinable) -> Combinable:
    """Fold a text as `kit.text.folding.fold` does, its joints left out; other symbols stay, since words do without.

    `translate` looks through all letters that it is given for each of a text's: it is asked for few, and names of plain
    letters, as most are, go a short way (8 ms for 5,000 names; 95 ms where each has a mark or a hook).
    """
    is_ascii = Exact(Func(text, function="octet_length"), Length(text))
    plain = Func(Lower(Collate(text, COLLATION)), Value(ASCII_JOINTS), Value(""), function="translate")
    return Case(When(is_ascii, then=plain), default=_plain_letters(text), output_field=TextField())


def _plain_letters(text: Combinable) -> Combinable:
    symbols = {chr(code): " " if new == " " else str(new) for code, new in NOT_LETTERS.items()}
    composed = Func(_translated(text, symbols), template="normalize(%(expressions)s, NFKC)")
    small = Func(Collate(composed, COLLATION), function="casefold")
    taken_apart = Func(small, template="normalize(%(expressions)s, NFKD)")
    plain: Combinable = Func(taken_apart, Value(LEFT_OUT), Value(""), Value("g"), function="regexp_replace")
    for letter, letters in LONG_LETTERS.items():
        plain = Func(plain, Value(letter), Value(letters), function="replace")
    return _translated(plain, SHORT_LETTERS | ARABIC_DIGITS)


def _translated(text: Combinable, letters: dict[str, str]) -> Combinable:
    """Replace letters one by one."""
    old, new = "".join(letters), "".join(letters.values())
    return Func(text, Value(old), Value(new), function="translate", output_field=TextField())
