"""Queries sent to the database together, for the few paths where round trips dominate.

A query's text is the same whatever its values are, so that it can be prepared: values are `$1`, `$2` …, rows of any
number travel as arrays or JSON. It is planned once for all values (docs/adr/0011): only look-ups of rows by their keys
belong here, no statement whose best plan depends on its values. Schema names are part of the text
(`kit.db.sql.qualified`), never of the search path.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar, cast
from uuid import UUID

from django.db import connection

from kit.json_text import encoder_of

T = TypeVar("T")
Rows = list[tuple[Any, ...]]
as_json = encoder_of(separators=(",", ":"))  # a value as a query's JSON parameter


class Query(NamedTuple, Generic[T]):
    """A statement, and the function that converts its rows once the whole pipeline has returned."""

    text: str
    params: Sequence[Any]
    read: Callable[[Rows], T]


def ask(query: Query[T]) -> T:
    """Run a query."""
    return ask_all([query])[0]


def ask_all(queries: Sequence[Query[T]]) -> list[T]:
    """Run queries in order in one round trip; those after one that fails are not run.

    Outside a transaction they run in a new one.
    """
    if not queries:
        return []
    found = cast("Any", connection).run_together([query[:2] for query in queries])
    return [query.read(rows) for query, rows in zip(queries, found, strict=True)]


def written(_: Rows) -> None:
    """Reader for statements that return no rows."""


COMMIT = Query("COMMIT", (), written)  # as the last of a trip in an outermost `atomic`, which then has nothing to do


def as_array(values: Iterable[UUID | int]) -> str:
    """Return ids or numbers as a query's array parameter."""
    texts = [value.hex if isinstance(value, UUID) else str(value) for value in values]
    return f"{{{','.join(texts)}}}"
