"""Sentences that are stored in a row and shown later: English in the row, in the reader's language on the page.

    SENT_LESS = Sentence(gettext_noop("%(shop)s sent %(amount)s."), {"amount": AMOUNT})   # CONTRIBUTES = (SENT_LESS,)

    row.note = SENT_LESS.written(shop=shop.name, amount=Money(1_850_000, "NGN"))   # "Indigo sent NGN 18,500."
    in_words(row.note)                                                             # "Indigo a envoyé 18 500 NGN."

A sentence without values needs no form: it is stored as it was marked, and looked up when it is shown. Texts of other
origin, as a provider's or an operator's own words, are shown as they are (docs/languages.md, docs/adr/0098).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from django.utils.translation import get_language, gettext, ngettext

from kit.sentences.values import COUNT, SOURCE, TEXT, Stored
from kit.wiring import Contribution, contributions

REMEMBERED = 4096  # texts that were shown
LONGEST = 200  # characters of most columns
LONGEST_READ = 1000  # characters; what is longer is a text of other origin
PLACEHOLDER = re.compile(r"%\((\w+)\)s|%%")
STOP = re.compile(r"(?<=[.?!…]) ")
CUT = "…"


def ngettext_noop(singular: str, plural: str) -> tuple[str, str]:
    """Mark a sentence that depends on a number, and return both of its forms."""
    return singular, plural


class SentenceTooLongError(ValueError):
    """A sentence is longer than its column with every value cut that may be: a mistake in the program."""


@dataclass(frozen=True, eq=False)
class Sentence(Contribution):
    """A form of stored sentences: a marked text with named values, each of one kind.

    Args:
        text: the marked text, or both forms of one that depends on a number (`ngettext_noop`).
        kinds: of its values; one that is left out is a text. The number that a plural depends on is its only `COUNT`.
    """

    text: str | tuple[str, str]
    kinds: Mapping[str, Stored] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.forms[0]

    @cached_property
    def forms(self) -> tuple[str, ...]:
        """Return the text, or its singular and its plural."""
        return (self.text,) if isinstance(self.text, str) else self.text

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Return the names of the values."""
        return tuple(dict.fromkeys(name for form in self.forms for name in PLACEHOLDER.findall(form) if name))

    def kind(self, name: str) -> Stored:
        """Return the kind of a value."""
        return self.kinds.get(name, TEXT)

    def written(self, *, longest: int = LONGEST, **values: Any) -> str:
        """Return the sentence as it is stored, in English whatever language is active.

        Args:
            longest: characters that the column holds. Texts among the values are cut to fit, the longest first.

        Raises:
            SentenceTooLongError: nothing is left that may be cut.
        """
        kept = {name: self.kind(name).written(value) for name, value in values.items()}
        form = self.forms[-1] if len(self.forms) > 1 and COUNT.number(kept[self._count]) != 1 else self.forms[0]
        while (over := len(said := form % kept) - longest) > 0:
            kept = self._cut(kept, over)
        return said

    def values_in(self, text: str) -> dict[str, str] | None:
        """Return the values of a stored text as they stand in it; None: it is not this sentence."""
        for pattern in self._patterns:
            if found := pattern.fullmatch(text):
                return found.groupdict()
        return None

    def begins(self, text: str) -> bool:
        """Return whether a stored text begins as this sentence does, up to its first value."""
        return text.startswith(PLACEHOLDER.split(self.forms[0], maxsplit=1)[0])

    def shown(self, values: Mapping[str, str]) -> str:
        """Return the sentence in the language that is active.

        Args:
            values: as they are stored.
        """
        said = {name: self.kind(name).shown(value) for name, value in values.items()}
        if len(self.forms) == 1:
            return gettext(self.forms[0]) % said
        singular, plural = self.forms
        return ngettext(singular, plural, COUNT.number(values[self._count])) % said

    @cached_property
    def _count(self) -> str:
        return next(name for name, kind in self.kinds.items() if kind is COUNT)

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(self._pattern(form), re.DOTALL) for form in self.forms)

    def _pattern(self, form: str) -> str:
        parts, end, seen = [], 0, set[str]()
        for found in PLACEHOLDER.finditer(form):
            name = found[1]
            parts.append(re.escape(form[end : found.start()]))
            if name is None:
                parts.append("%")
            else:
                parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>{self.kind(name).pattern})")
                seen.add(name)
            end = found.end()
        return "".join([*parts, re.escape(form[end:])])

    def _cut(self, kept: Mapping[str, str], over: int) -> dict[str, str]:
        cuttable = [name for name in kept if self.kind(name).may_be_cut and len(kept[name]) > len(CUT)]
        if not cuttable:
            raise SentenceTooLongError(self.key)
        name = max(cuttable, key=lambda each: len(kept[each]))
        left = max(len(kept[name]) - over - len(CUT), 0)
        return {**kept, name: kept[name][:left].rstrip() + CUT}


def sentences_that_fit(texts: Iterable[str], *, longest: int = LONGEST) -> str:
    """Return sentences behind one another for a column, the last ones left out where they are too long together."""
    joined = ""
    for text in texts:
        if len(more := f"{joined} {text}".strip()) <= longest:
            joined = more
    return joined


class StoredSentence(Stored):
    """Kind of values that are stored sentences themselves."""

    def shown(self, text: str) -> str:
        """Return the sentence in the language that is active."""
        return in_words(text)


class Listed(Stored):
    """Kind of lists of parts that have one form, with commas between them.

    Args:
        part: the form of each.
    """

    def __init__(self, part: Sentence) -> None:
        super().__init__(".+?")
        self.part = part

    def written(self, value: Any) -> str:
        """Return the list of the values of each part."""
        return ", ".join(self.part.written(**values) for values in value)

    def shown(self, text: str) -> str:
        """Return the list in the language that is active."""
        return ", ".join(in_words_of(part, (self.part,)) or part for part in text.split(", "))


SENTENCE = StoredSentence()


def in_words(text: str) -> str:
    """Return a stored text in the language that is active; one of no known form stays as it is."""
    return _remembered(text, get_language() or SOURCE) if text else ""


def in_words_of(text: str, sentences: Iterable[Sentence]) -> str | None:
    """Return a stored text in the language that is active by the first of some forms that fits; None: none does."""
    for sentence in sentences:
        if (values := sentence.values_in(text)) is not None:
            return sentence.shown(values)
    return None


@lru_cache(maxsize=REMEMBERED)
def _remembered(text: str, language: str) -> str:
    said = _said(text, is_source=language == SOURCE) if len(text) <= LONGEST_READ else None
    return text if said is None else said


def _said(text: str, *, is_source: bool) -> str | None:
    """Return a text of one sentence, or of several that are all known; None: it is of other origin.

    In English, where sentences without values read as they are stored, those that are known are enough.
    """
    if (whole := _whole(text)) is not None:
        return whole
    stops = list(STOP.finditer(text))
    for stop in stops:
        first = _whole(text[: stop.start()])
        rest = None if first is None else _said(text[stop.end() :], is_source=is_source)
        if rest is not None:
            return f"{first} {rest}"
    if not is_source:
        return None
    if not stops:
        return text
    return f"{text[: stops[0].start()]} {_said(text[stops[0].end() :], is_source=True)}"


def _whole(text: str) -> str | None:
    if (said := in_words_of(text, contributions(Sentence))) is not None:
        return said
    looked_up = gettext(text)
    return looked_up if looked_up != text else None
