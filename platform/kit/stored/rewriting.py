"""Convert a table's values to today's form in batches, while others read and write it.

A value is replaced only while it is still the one that was read, so that no other change is lost and no row has to be
locked first. Rows in form are only read: after a kill the command is run again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction

from kit.db.retries import retrying_on_deadlock
from kit.errors import BusyError
from kit.stored.answers import answer_for, numbered
from kit.stored.columns import FormedColumn, is_unique
from kit.stored.table import AT_ONCE, Change, Row, StoredTable
from kit.text.columns import CleanedText
from kit.text.pairs import PairsColumn

MOST_NUMBERS = 100
READ_AGAIN = 5  # times that a row is read again after a concurrent write


@dataclass(frozen=True, slots=True)
class Batch:
    """The outcome for some rows of a table.

    Args:
        keys: the rows that have another value now.
        fields: the columns in which some of them have.
        faults: a line for each value that needs a person's look.
        missed: the rows that others wrote at that moment.
    """

    keys: frozenset[Any]
    fields: frozenset[str]
    faults: tuple[str, ...]
    missed: frozenset[Any]


Told = Callable[[Batch], object]


def rewrite(table: StoredTable, told: Told) -> Iterator[Batch]:
    """Convert a table to today's form, a batch in each transaction.

    Args:
        told: is given a batch that changed something, in its transaction.

    Raises:
        BusyError: others wrote the same rows each time that they were read.
    """
    rows = table.read()
    while rows:
        after, full = rows[-1].key, len(rows) == AT_ONCE
        for _ in range(READ_AGAIN):
            batch = retrying_on_deadlock(partial(_rewrite, table, rows, told))
            yield batch
            if not batch.missed:
                break
            rows = table.read_again(batch.missed)
        else:
            raise BusyError
        rows = table.read(after=after) if full else []


def _rewrite(table: StoredTable, rows: Sequence[Row], told: Told) -> Batch:
    orders = _known_orders(table, rows)
    changes: list[Change] = []
    faults: list[str] = []
    for row in rows:
        change, said = _change(table, row, tuple(orders.get(row.place, ())))
        changes += [change] if change.before != change.after else []
        faults += said
    if not changes:
        return Batch(frozenset(), frozenset(), tuple(faults), frozenset())
    with transaction.atomic():
        keys, refused, more = _write(table, changes)
        missed = frozenset(change.key for change in changes) - keys - refused
        written = [change for change in changes if change.key in keys]
        batch = Batch(keys, _changed_fields(table, written), (*faults, *more), missed)
        if keys:
            told(batch)
    return batch


def _known_orders(table: StoredTable, rows: Sequence[Row]) -> dict[Any, Sequence[str]]:
    """Return the known orders of names for rows whose pairs are an object, which has none."""
    if table.order is None:
        return {}
    places = [place for place, field in enumerate(table.columns) if isinstance(field, PairsColumn)]
    wanted = {row.place for row in rows if any(isinstance(row.values[place], dict) for place in places)}
    return dict(table.order.known(table.schema_name, wanted)) if wanted else {}


def _change(table: StoredTable, row: Row, names: tuple[str, ...]) -> tuple[Change, list[str]]:
    after, faults = [], []
    for field, stored in zip(table.columns, row.values, strict=True):
        answer = answer_for(field, stored, key=row.key, names=names)
        after.append(answer.value)
        faults += [_fault(table, field, row.key, (stored, answer.value), answer.fault)] if answer.fault else []
    return Change(row.key, row.values, tuple(after)), faults


def _fault(table: StoredTable, field: FormedColumn, key: object, values: tuple[object, object], why: str) -> str:
    before, after = values
    what = "stays" if before == after else f"is {after!r} now"
    return f"{table.label}.{field.name} of {key}: {before!r} {what}. {why}"


def _changed_fields(table: StoredTable, changes: Sequence[Change]) -> frozenset[str]:
    return frozenset(
        field.name
        for change in changes
        for field, before, after in zip(table.columns, change.before, change.after, strict=True)
        if before != after
    )


def _write(table: StoredTable, changes: Sequence[Change]) -> tuple[frozenset[Any], frozenset[Any], list[str]]:
    """Write all changes at once, or one by one where a constraint refuses some of them.

    Returns the keys of rows that were written, those of rows that stay since a constraint forbids more, and lines.
    """
    try:
        with transaction.atomic():
            return frozenset(table.write(changes)), frozenset(), []
    except IntegrityError:
        keys: set[Any] = set()
        refused: set[Any] = set()
        lines: list[str] = []
        for change in changes:
            written, said = _write_one(table, change)
            keys |= written or set()
            refused |= {change.key} if written is None else set()
            lines += said
    return frozenset(keys), frozenset(refused), lines


def _write_one(table: StoredTable, change: Change) -> tuple[set[Any] | None, list[str]]:
    """Write one row; where another has its text already, the text gets a number, or stays as it was."""
    for number in range(1, MOST_NUMBERS):
        tried = change if number == 1 else _numbered(table, change, number)
        try:
            with transaction.atomic():
                written = table.write([tried])
        except IntegrityError:
            continue
        return written, _renamed(table, change, tried)
    return None, [f"{table.label} of {change.key}: {change.before!r} stays. A constraint of its table forbids more."]


def _numbered(table: StoredTable, change: Change, number: int) -> Change:
    """Return a change whose new unique texts have a number; one that may not have any stays as it was."""
    after = []
    for field, before, wanted in zip(table.columns, change.before, change.after, strict=True):
        if before == wanted or not isinstance(field, CleanedText) or not is_unique(table.kind, field):
            after.append(wanted)
        else:
            after.append(numbered(wanted, number, field.max_length) if field.is_free else before)
    return Change(change.key, change.before, tuple(after))


def _renamed(table: StoredTable, change: Change, tried: Change) -> list[str]:
    values = zip(table.columns, change.before, change.after, tried.after, strict=True)
    return [
        _fault(table, field, change.key, (before, got), f"Another row has {wanted!r}.")
        for field, before, wanted, got in values
        if wanted != got
    ]
