"""Correct mistyped words one by one, by the words of the listings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from math import log

from psycopg import sql
from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalogue.discovery.models import SearchWord
from catalogue.discovery.selectors import versions
from catalogue.discovery.selectors.words import CONFIGURATION, Term, terms_of, words_of
from kit.db.sql import fetch_all

MIN_LENGTH = 3
SHORT = 4
CHOICES_PER_WORD = 5
MAX_ATTEMPTS = 24
NEAR = 40

FIRST_FOUND = sql.SQL("""
SELECT a.number FROM unnest(%(words)s::text[]) WITH ORDINALITY AS a(words, number)
 WHERE EXISTS (SELECT FROM discovery_listing l WHERE l.is_visible AND l.search @@ to_tsquery({configuration}, a.words))
 ORDER BY a.number LIMIT 1
""").format(configuration=sql.Literal(CONFIGURATION))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of all visible listings, with how many listings have each, by length."""

    frequencies: dict[str, int]
    by_length: dict[int, list[str]]


def correct_spelling(text: str) -> str | None:
    """Return a likely correction of words that find nothing, or None where there is none.

    Words are replaced by near ones; of the combinations, likeliest first, the first that some listing has is taken. If
    that is the text itself, its words were right and something else filtered everything out.
    """
    terms = terms_of(text)
    vocabulary = _held_vocabulary.get()
    if not terms or not vocabulary.frequencies:
        return None
    attempts = list(islice(_combinations([_choices(term, vocabulary) for term in terms]), MAX_ATTEMPTS))
    found = fetch_all(FIRST_FOUND, {"words": [words_of(attempt).match for attempt in attempts]})
    if not found:
        return None
    best = attempts[int(found[0][0]) - 1]
    return None if best == " ".join(term.plain_word or term.typed for term in terms) else best


def _read_vocabulary() -> Vocabulary:
    frequencies = dict(SearchWord.objects.values_list("word", "frequency"))
    by_length: dict[int, list[str]] = {}
    for word in frequencies:
        by_length.setdefault(len(word), []).append(word)
    return Vocabulary(frequencies, by_length)


_held_vocabulary = versions.Held(versions.VOCABULARY, _read_vocabulary)


def _choices(term: Term, vocabulary: Vocabulary) -> list[tuple[str, float]]:
    """Return the possible corrections of a word, each with its cost; a known word only itself."""
    word = term.plain_word
    if len(word) < MIN_LENGTH or not word.isalpha() or term.is_optional:
        return [(word or term.typed, 0.0)]
    reach = 1 if len(word) <= SHORT else 2
    lengths = range(len(word) - reach, len(word) + reach + 1)
    near = [
        match
        for length in lengths
        for match in process.extract(
            word, vocabulary.by_length.get(length, []), scorer=OSA.distance, score_cutoff=reach, limit=NEAR
        )
    ]
    costs = {found: _cost(word, found, distance, vocabulary) for found, distance, _ in near if distance}
    likeliest = sorted(costs.items(), key=lambda item: (item[1], item[0]))[:CHOICES_PER_WORD]
    return [(word, 0.0), *likeliest] if word in vocabulary.frequencies or not likeliest else likeliest


def _cost(word: str, found: str, distance: float, vocabulary: Vocabulary) -> float:
    """Weigh a correction: edits first, then a kept first letter, then how common the word is."""
    return distance + 0.4 * (word[0] != found[0]) - 0.05 * log(1 + vocabulary.frequencies[found])


def _combinations(choices: Sequence[Sequence[tuple[str, float]]]) -> Iterator[str]:
    """Yield whole texts, the cheapest first."""
    weighed = ((sum(cost for _, cost in combination), combination) for combination in islice(product(*choices), 4096))
    for _, combination in sorted(weighed, key=lambda item: item[0]):
        yield " ".join(word for word, _ in combination)
