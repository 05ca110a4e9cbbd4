"""Search by parts: every three letters in a row of a text are in a GIN index (docs/adr/0057).

The index narrows the rows, and the words of the search are compared with what is left. Both fold a text in the same
way (`kit.text.matching`). The function that takes a text apart is made by a migration of the kit from `statement()`.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.fields.array import ArrayContains  # type: ignore[attr-defined]
from django.contrib.postgres.indexes import GinIndex
from django.db import connection
from django.db.models import BooleanField, Case, F, Func, Q, TextField, Value, When
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.functions import Concat
from django.db.models.sql import Query

from kit.text.folding import chains, joined
from kit.text.matching import has_all_words, in_plain_letters

LENGTH = 3
FUNCTION = "public.kit_parts"
COST = 5000  # as 30 µs are in the planner's units, so that it takes the index and not each row
STATEMENT = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}(document text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST {COST} AS $kasuwa$
SELECT ARRAY(
    SELECT substr(folded.words, place, {LENGTH})
      FROM (SELECT %s AS words OFFSET 0) AS folded, generate_series(1, length(folded.words) - {LENGTH - 1}) AS place
)
$kasuwa$
"""  # noqa: S608 - a name and two numbers of this module
Source = str | Combinable


class Parts(Func):
    """Every three letters in a row of a text, in plain letters."""

    function = FUNCTION
    output_field = ArrayField(TextField())


def parts_index(name: str, *sources: Source, of: Q | None = None) -> GinIndex:
    """Return the index of a table for searches by parts of its columns.

    Args:
        of: the rows that are in it; all where left out.
    """
    return GinIndex(Parts(_document(sources)), name=name, condition=of)


def has_parts(search: str) -> bool:
    """Return whether a search is long enough for an index: three letters or digits of a word."""
    return bool(list(_wanted(search)))


def parts_match(search: str, *sources: Source, of: Q | None = None) -> Q:
    """Return the condition that columns have all words of a search somewhere within them; nothing for a short search.

    Args:
        sources: those of the table's `parts_index`, in the same order.
        of: its own; rows that are not in it are compared one by one, and need an index by which they are found.
    """
    wanted = list(_wanted(search))
    if not wanted:
        return Q(pk__in=[])
    document = _document(sources)
    narrowed = Q()
    for readings in wanted:
        has_reading = Q()
        for parts in readings:
            has_reading |= Q(ArrayContains(Parts(document), Value(parts, ArrayField(TextField()))))
        narrowed &= has_reading
    if of is not None:
        narrowed = (of & narrowed) | ~of
    return narrowed & Q(_narrowed(has_all_words(search, document)))


def statement() -> str:
    """Return the statement that makes the function, with today's letters and marks."""
    query: Any = Query(None)
    folded: Any = in_plain_letters(RawSQL("document", (), output_field=TextField()))
    sql, params = query.get_compiler(connection=connection).compile(folded.resolve_expression(query))
    return str(STATEMENT % (sql % tuple(f"'{_quoted(str(param))}'" for param in params)))


def _narrowed(condition: Func) -> Case:
    """Return a condition of which the planner thinks that half of the rows hold it.

    It takes an expression with `ALL` to hold for almost none, and would read all rows that have `gmail` in order to
    sort them, where the newest few are soon found.
    """
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def _document(sources: Iterable[Source]) -> Combinable:
    texts: list[Combinable] = []
    for source in sources:
        texts += [F(source) if isinstance(source, str) else source, Value(" ")]
    return Concat(*texts, output_field=TextField())


def _wanted(search: str) -> Iterator[list[list[str]]]:
    """Yield the readings of each word, each with the parts that a row needs all of.

    A word with a joint within (`ks-7f3`) may stand in a text as one word or as several.
    """
    for pieces in chains(search):
        whole = joined(pieces) or (pieces[0] if len(pieces) == 1 else "")
        together = _parts(whole)
        apart = [part for piece in pieces for part in _parts(piece)] if len(pieces) > 1 else []
        if readings := [parts for parts in (together, apart) if parts]:
            yield readings


def _parts(word: str) -> list[str]:
    return [word[place : place + LENGTH] for place in range(len(word) - LENGTH + 1)]
