"""Convert the text of a search box to a tsquery."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kit.text.folding import ascii_word, chains, joined

MAX_WORDS = 12
CONFIGURATION = "public.listing_words"
# Words that narrow nothing down: beside others they are not asked for, though they rank what has them.
OPTIONAL = frozenset({"a", "an", "and", "at", "by", "for", "from", "in", "is", "of", "on", "or", "the", "to", "with"})
EITHER = "or"
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
TOKEN = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>\S+))')


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase that is asked for, or to be left out.

    Args:
        typed: as it was typed, in small letters.
        chains: its words, each as its pieces.
    """

    typed: str
    chains: tuple[tuple[str, ...], ...]
    is_phrase: bool = False
    is_excluded: bool = False

    @property
    def plain_word(self) -> str:
        """Return the word, where it is one without joints; else nothing."""
        is_word = not self.is_phrase and not self.is_excluded and len(self.chains) == len(self.chains[0]) == 1
        return self.chains[0][0] if is_word else ""

    @property
    def is_optional(self) -> bool:
        """Return whether it narrows nothing down."""
        return self.plain_word in OPTIONAL

    @property
    def tsquery(self) -> str:
        """Return the term in the syntax of `to_tsquery`."""
        if self.is_phrase:
            text = _phrase([piece for chain in self.chains for piece in chain])
        else:
            text = " & ".join(_one(chain) for chain in self.chains)
        return f"!({text})" if self.is_excluded else f"({text})"


@dataclass(frozen=True, slots=True)
class Words:
    """Terms of a search in the syntax of `to_tsquery`; both are empty where the text has no word.

    Args:
        match: terms that a listing must have.
        rank: terms that it is ranked by.
    """

    match: str
    rank: str


@lru_cache(maxsize=512)
def words_of(text: str) -> Words:
    """Read words, "phrases in quotes", -words to leave out, and `or` between two of them."""
    groups = [_Group(terms) for terms in _groups(text)]
    match = " | ".join(group.match for group in groups)
    dropped = [term.tsquery for group in groups for term in group.dropped]
    return Words(match, " | ".join([match, *dropped]))


def terms_of(text: str) -> list[Term]:
    """Return the terms of a text, as far as its words are not too many."""
    terms: list[Term] = []
    count = 0
    for token in TOKEN.finditer(text.translate(QUOTES)):
        is_phrase = token["phrase"] is not None
        found = tuple(chains(token["phrase"] if is_phrase else token["word"]))
        count += sum(map(len, found))
        if count > MAX_WORDS and terms:
            break
        if found:
            is_excluded = token["minus"] is not None
            terms.append(Term(token.group().lower(), found, is_phrase=is_phrase, is_excluded=is_excluded))
    return terms


@dataclass(frozen=True, slots=True)
class _Group:
    """Terms that are asked for together."""

    terms: Sequence[Term]

    @property
    def dropped(self) -> list[Term]:
        asked = [term for term in self.terms if not term.is_excluded]
        if all(term.is_optional for term in asked):
            return []
        return [term for term in asked if term.is_optional]

    @property
    def match(self) -> str:
        dropped = self.dropped
        return " & ".join(term.tsquery for term in self.terms if term not in dropped)


def _groups(text: str) -> list[list[Term]]:
    """Split terms at each `or` between two of them."""
    groups: list[list[Term]] = [[]]
    terms = terms_of(text)
    for place, term in enumerate(terms):
        if term.plain_word == EITHER and groups[-1] and place + 1 < len(terms):
            groups.append([])
        else:
            groups[-1].append(term)
    return [group for group in groups if group]


def _one(chain: tuple[str, ...]) -> str:
    pieces = _phrase(chain)
    return f"({pieces} | {ascii_word(whole)})" if (whole := joined(chain)) else pieces


def _phrase(pieces: Sequence[str]) -> str:
    return "(" + " <-> ".join(map(ascii_word, pieces)) + ")"
