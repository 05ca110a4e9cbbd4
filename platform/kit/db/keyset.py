"""Pages of lists that grow: rows before or after a row, found by an index however deep they are."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext

from kit.errors import Fault, InvalidInputError

KEY = "pk"
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """Rows of a list, with the cursors of the slices around them; empty where there are none."""

    rows: Sequence[Row]
    previous_cursor: str = ""
    next_cursor: str = ""


@dataclass(frozen=True, slots=True)
class _Position:
    """A row's place in a list: the value that the list is ordered by, and the row's key."""

    value: Any
    key: Any
    is_backward: bool


def read_slice(
    rows: "QuerySet[Row]", *, cursor: str, size: int, by: str = KEY, is_newest_first: bool = True
) -> Slice[Row]:
    """Return the rows after or before the place that a cursor names; the first ones without a cursor.

    Args:
        by: the column that the list is ordered by, and then by its key; it has no nulls.

    Raises:
        InvalidInputError: the cursor is not one of this list.
    """
    position = _decode(cursor, rows.model, by) if cursor else None
    is_backward = position is not None and position.is_backward
    is_descending = is_newest_first != is_backward
    if position is not None:
        rows = rows.filter(_beyond(position, by=by, is_descending=is_descending))
    sign = "-" if is_descending else ""
    found = list(rows.order_by(*dict.fromkeys((f"{sign}{by}", f"{sign}{KEY}")))[: size + 1])
    shown, has_more = found[:size], len(found) > size
    if is_backward:
        shown.reverse()
    if not shown:
        return Slice(shown)
    has_previous, has_next = (has_more, True) if is_backward else (position is not None, has_more)
    return Slice(
        shown,
        previous_cursor=_encode(shown[0], by, is_backward=True) if has_previous else "",
        next_cursor=_encode(shown[-1], by, is_backward=False) if has_next else "",
    )


def _beyond(position: _Position, *, by: str, is_descending: bool) -> Q:
    compare = "lt" if is_descending else "gt"
    after = Q(**{f"{KEY}__{compare}": position.key})
    if by == KEY:
        return after
    # The first condition is there for the index: a range of it, of which the others take a little away.
    return Q(**{f"{by}__{compare}e": position.value}) & (Q(**{f"{by}__{compare}": position.value}) | after)


def _encode(row: Model, by: str, *, is_backward: bool) -> str:
    fields = [by, int(is_backward), _plain(getattr(row, by)), _plain(row.pk)]
    text = json.dumps(fields, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.hex if isinstance(value, UUID) else value


def _decode(cursor: str, model: type[Model], by: str) -> _Position:
    try:
        fields = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return _position(fields, model, by)
    except (ValueError, TypeError, binascii.Error, RecursionError, OverflowError, ValidationError) as error:
        message = gettext("This page is not part of the list any more. Start again from its first page.")
        raise InvalidInputError(message, details={"cursor": [Fault(message, "invalid_cursor")]}) from error


def _position(fields: Any, model: type[Model], by: str) -> _Position:
    named, is_backward, value, key = fields
    if named != by:
        raise ValueError(named)
    return _Position(_value_of(model, by, value), _value_of(model, KEY, key), bool(is_backward))


def _value_of(model: type[Model], name: str, value: Any) -> Any:
    """Return a value of a column from a cursor.

    Raises:
        ValueError, TypeError, OverflowError, ValidationError: the column can't have it.
    """
    fields = model._meta  # noqa: SLF001 - Django's documented model API
    found = (fields.pk if name == KEY else fields.get_field(name)).to_python(value)  # type: ignore[union-attr]
    if isinstance(found, datetime) and found.tzinfo is None:
        raise ValueError(value)
    if found is None or (isinstance(found, int) and abs(found) >= 2**63):
        raise ValueError(value)
    return found
