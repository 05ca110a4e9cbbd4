"""Events: frozen dataclasses with a schema, and their conversion to JSON and back.

An app keeps its events in its `events.py`. A topic and the names of its fields are a promise: messages wait in the
outbox while a release is replaced, and other people's programs listen. So fields may be added, each with a default, and
none is renamed.
"""

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, TypeVar, Union, cast, get_args, get_origin, get_type_hints
from uuid import UUID

E = TypeVar("E", bound="Event")

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class EventError(ValueError):
    """A payload does not fit its event, or an event has an invalid value."""


class Event:
    """Base of all events, which are delivered after the commit.

    A subclass is a frozen dataclass that gives its `topic`. One that has a field `shop_id` is of that shop.

    Args:
        is_for_outside: listeners outside may subscribe, so that it needs no handler of ours.
    """

    __slots__ = ()
    topic: ClassVar[str]
    is_for_outside: ClassVar[bool] = False

    def live_subjects(self) -> tuple[str, ...]:
        """Return the subjects of open pages that show what has happened (`kit.live`)."""
        about = (("order", "order_id"), ("part", "sub_order_id"))
        found = [f"{subject}:{value}" for subject, name in about if (value := getattr(self, name, None)) is not None]
        shop_id = shop_of(self)
        if found and shop_id is not None:
            found.append(f"shop-orders:{shop_id}")
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Codec:
    """Conversion of values of one type to JSON and back."""

    schema: Mapping[str, Any]
    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class EventField:
    """A field of an event, and how it travels."""

    name: str
    codec: Codec
    is_required: bool


def encode(event: Event) -> dict[str, Any]:
    """Return an event's payload, to be kept as JSON.

    Raises:
        EventError: a value is not of its field's type.
    """
    return {
        field.name: _convert(field, field.codec.encode, getattr(event, field.name)) for field in _fields(type(event))
    }


def decode(kind: type[E], payload: Mapping[str, Any]) -> E:
    """Return the event of a payload; fields that this release does not know are ignored.

    Raises:
        EventError: a field that is needed is missing, or a value is not of its field's type.
    """
    known = _fields(kind)
    if missing := [field.name for field in known if field.is_required and field.name not in payload]:
        raise EventError(f"{kind.topic} lacks {', '.join(missing)}.")
    values = {f.name: _convert(f, f.codec.decode, payload[f.name]) for f in known if f.name in payload}
    return kind(**values)


def schema_of(kind: type[Event]) -> dict[str, Any]:
    """Return the JSON Schema of an event's payload."""
    known = _fields(kind)
    return {
        "$schema": DIALECT,
        "title": kind.topic,
        "description": (kind.__doc__ or "").strip().partition("\n")[0],
        "type": "object",
        "properties": {field.name: dict(field.codec.schema) for field in known},
        "required": [field.name for field in known if field.is_required],
    }


def shop_of(event: Event) -> int | None:
    """Return the shop that an event is of, if it is one shop's."""
    shop_id: int | None = getattr(event, "shop_id", None)
    return shop_id


def _convert(field: EventField, convert: Callable[[Any], Any], value: Any) -> Any:
    try:
        return convert(value)
    except (TypeError, ValueError) as error:
        raise EventError(f"{field.name}: {error}") from error


def _read_fields(kind: type[Event]) -> tuple[EventField, ...]:
    hints = get_type_hints(kind)
    return tuple(
        EventField(field.name, _codec_of(hints[field.name]), _is_required(field))
        for field in fields(kind)  # type: ignore[arg-type] # each of them is a dataclass
    )


_fields = cast("Callable[[type[Event]], tuple[EventField, ...]]", cache(_read_fields))


def _is_required(field: "Field[Any]") -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _codec_of(hint: Any) -> Codec:
    """Return the codec of a type: a plain one, an optional one, or a tuple of any length."""
    if hint in PLAIN:
        return PLAIN[hint]
    inner = [arg for arg in get_args(hint) if arg not in {type(None), Ellipsis}]
    if len(inner) == 1 and get_origin(hint) in {Union, types.UnionType}:
        return _optional(_codec_of(inner[0]))
    if len(inner) == 1 and get_origin(hint) is tuple:
        return _tuple_of(_codec_of(inner[0]))
    plain = ", ".join(kind.__name__ for kind in PLAIN)
    raise EventError(f"An event can't carry {hint}: use {plain}, one of them or None, or a tuple of one.")


def _optional(codec: Codec) -> Codec:
    return Codec(
        {"anyOf": [dict(codec.schema), {"type": "null"}]},
        lambda value: None if value is None else codec.encode(value),
        lambda value: None if value is None else codec.decode(value),
    )


def _tuple_of(codec: Codec) -> Codec:
    return Codec(
        {"type": "array", "items": dict(codec.schema)},
        lambda values: [codec.encode(value) for value in _checked(tuple, values)],
        lambda values: tuple(codec.decode(value) for value in _checked(list, values)),
    )


def _checked(kind: type, value: Any) -> Any:
    # True is an int to Python alone.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError(f"{value!r} is not a {kind.__name__}.")
    return value


def _plain(kind: type, name: str) -> Codec:
    return Codec({"type": name}, lambda value: _checked(kind, value), lambda value: _checked(kind, value))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(_checked(str, text))
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no time zone.")
    return moment


PLAIN: Mapping[Any, Codec] = {
    str: Codec({"type": "string"}, lambda value: str(_checked(str, value)), lambda value: _checked(str, value)),
    int: _plain(int, "integer"),
    bool: _plain(bool, "boolean"),
    UUID: Codec(
        {"type": "string", "format": "uuid"},
        lambda value: str(_checked(UUID, value)),
        lambda value: UUID(_checked(str, value)),
    ),
    datetime: Codec(
        {"type": "string", "format": "date-time"},
        lambda value: _moment(_checked(datetime, value).isoformat()).isoformat(),
        _moment,
    ),
}
