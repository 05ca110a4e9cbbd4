"""Bodies whose values are plain are read at once; all others are left to REST framework's fields.

A field answers a dozen questions about every value, most of which a text of plain characters or a small number settles
at a look (docs/adr/0069). A reader gives the data that its serializer gives, or raises `NotPlainError`, and never
judges by itself: wrong values, odd ones and kinds of fields not known here are left to the serializer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.validators import (
    EmailValidator,
    MaxLengthValidator,
    MaxValueValidator,
    MinLengthValidator,
    MinValueValidator,
    ProhibitNullCharactersValidator,
)
from rest_framework import serializers
from rest_framework.fields import SkipField, empty
from rest_framework.validators import ProhibitSurrogateCharactersValidator

from kit.api import json_types
from kit.text.characters import PLAIN_LINE, TextError
from kit.text.rules import clean_email
from kit.text.serializers import LineField, OptionalText

Reader = Callable[[Any], Any]

OF_OBJECTS = ("run_validation", "to_internal_value", "run_validators", "set_value")
OF_LISTS = ("run_validation", "to_internal_value", "run_validators", "run_child_validation")
PLAIN_GET_VALUE = frozenset(
    kind.get_value for kind in (serializers.Field, serializers.ListField, serializers.DictField, serializers.Serializer)
) | {serializers.ListSerializer.get_value}
NULL_AND_ABSENT_BY_RULE = frozenset(
    kind.run_validation
    for kind in (serializers.Field, serializers.CharField, serializers.ListField, serializers.ChoiceField)
)
INLINED_VALIDATORS = (
    MaxLengthValidator,
    MinLengthValidator,
    ProhibitNullCharactersValidator,
    ProhibitSurrogateCharactersValidator,
)
MOST_INTEGER = 2**63
REQUIRED, SKIPPED, ASKED = object(), object(), object()


class NotPlainError(Exception):
    """A body that is for its serializer to judge."""


@dataclass(frozen=True, slots=True)
class _Field:
    """A field that can be written.

    Args:
        absent: its value where it is left out, or how that is found.
        null: its value where it is null, or how that is found.
    """

    name: str
    read: Reader
    absent: Any
    null: Any
    field: Any


def refuse(_data: Any) -> Any:
    """Leave any body to its serializer.

    Raises:
        NotPlainError: always.
    """
    raise NotPlainError


def object_reader(serializer: serializers.Serializer[Any]) -> Reader:
    """Return a reader of the objects that a serializer takes."""
    if not _is_as_declared(serializer, OF_OBJECTS) or serializer.validators:
        return refuse
    writable = [each for each in serializer.fields.values() if not each.read_only]
    if not all(_is_read_alone(serializer, each) for each in writable):
        return refuse
    fields = tuple(_Field(str(each.field_name), _reader(each), _absent(each), _null(each), each) for each in writable)
    validate = serializer.validate

    def read(data: Any) -> Any:
        if type(data) is not dict:
            raise NotPlainError
        found: dict[str, Any] = {}
        taken = 0
        for field in fields:
            value = data.get(field.name, empty)
            if value is empty:
                _leave_out(field, found)
                continue
            taken += 1
            found[field.name] = field.read(value) if value is not None else _nothing(field)
        if taken != len(data):
            raise NotPlainError
        return _asked(validate, found)

    return read


def list_reader(serializer: Any) -> Reader:
    """Return a reader of the lists that a serializer takes."""
    if not _is_as_declared(serializer, OF_LISTS) or serializer.validators:
        return refuse
    least = max(serializer.min_length or 0, 0 if serializer.allow_empty else 1)
    most = serializer.max_length
    read_entry, validate = _reader(serializer.child), serializer.validate

    def read(data: Any) -> Any:
        if type(data) is not list or len(data) < least or (most is not None and len(data) > most):
            raise NotPlainError
        return _asked(validate, [read_entry(entry) for entry in data])

    return read


def _is_read_alone(serializer: Any, field: Any) -> bool:
    """Return whether a field's value comes from its name alone, and goes where its name says."""
    is_simple = field.source == field.field_name and type(field).get_value in PLAIN_GET_VALUE
    return is_simple and not hasattr(serializer, f"validate_{field.field_name}")


def _is_as_declared(serializer: Any, methods: tuple[str, ...]) -> bool:
    """Return whether a serializer's class has left the methods as they are where its plain reading is declared."""
    kind = type(serializer)
    declaring = next(each for each in kind.__mro__ if "plain_reader" in vars(each))
    return all(getattr(kind, name) is getattr(declaring, name) for name in methods)


def _reader(field: Any) -> Reader:
    """Return a reader of what is sent for a field and is not null."""
    kind = type(field)
    if hasattr(kind, "plain_reader"):
        reader: Reader = field.plain_reader()
        return _judged(field) if reader is refuse else reader
    if _is_text(field):
        return _text_reader(field)
    if kind is serializers.UUIDField and not field.validators:
        return _read_uuid
    if kind is serializers.IntegerField and {type(each) for each in field.validators} <= {
        MaxValueValidator,
        MinValueValidator,
    }:
        return _integer_reader(field)
    return _judged(field)


def _judged(field: Any) -> Reader:
    """Return a reader by the field itself."""

    def read(value: Any) -> Any:
        if json_types.wrong_types({"field": field}, {"field": value}, is_json=True):
            raise NotPlainError
        return _asked(field.run_validation, value)

    return read


def _asked(judge: Callable[[Any], Any], value: Any) -> Any:
    try:
        return judge(value)
    except (serializers.ValidationError, DjangoValidationError) as error:
        raise NotPlainError from error


def _is_text(field: Any) -> bool:
    kind = type(field)
    return (
        isinstance(field, LineField)
        and kind.to_internal_value is LineField.to_internal_value
        and kind.run_validation in {serializers.CharField.run_validation, OptionalText.run_validation}
        and kind.run_validators is serializers.Field.run_validators
        and all(_is_seen_at_a_look(each, field) for each in field.validators)
    )


def _is_seen_at_a_look(validator: Any, field: LineField) -> bool:
    kind = type(validator)
    return kind in INLINED_VALIDATORS or (kind is EmailValidator and field.rule.clean is clean_email)


def _text_reader(field: LineField) -> Reader:
    """Return a reader of lines of printable ASCII, which no rule cleans but for their case."""
    by_kind = [(type(each), getattr(each, "limit_value", 0)) for each in field.validators]
    most = min((limit for kind, limit in by_kind if kind is MaxLengthValidator), default=MOST_INTEGER)
    least = max((limit for kind, limit in by_kind if kind is MinLengthValidator), default=1)
    rule, is_plain, may_be_empty = field.rule, PLAIN_LINE.fullmatch, field.allow_blank

    def read(value: Any) -> Any:
        if type(value) is not str:
            raise NotPlainError
        if not value and may_be_empty:
            return ""
        if len(value) > most or not is_plain(value):
            raise NotPlainError
        try:
            text = rule(value)
        except TextError as error:
            raise NotPlainError from error
        if not least <= len(text) <= most or not text:
            raise NotPlainError
        return text

    return read


def _read_uuid(value: Any) -> UUID:
    if type(value) is not str or not json_types.UUID.fullmatch(value):
        raise NotPlainError
    return UUID(value)


def _integer_reader(field: serializers.IntegerField) -> Reader:
    by_kind = [(type(each), cast("Any", each).limit_value) for each in field.validators]
    most = min((limit for kind, limit in by_kind if kind is MaxValueValidator), default=MOST_INTEGER)
    least = max((limit for kind, limit in by_kind if kind is MinValueValidator), default=-MOST_INTEGER)

    def read(value: Any) -> int:
        if type(value) is not int or not least <= value <= most:
            raise NotPlainError
        return value

    return read


def _is_empty_by_rule(field: Any) -> bool:
    """Return whether REST framework's own rule says what an empty value of a field is."""
    kind = type(field)
    if kind.validate_empty_values is not serializers.Field.validate_empty_values:
        return False
    if hasattr(kind, "plain_reader"):
        return _is_as_declared(field, ("run_validation", "get_default"))
    return kind.get_default is serializers.Field.get_default and kind.run_validation in NULL_AND_ABSENT_BY_RULE


def _absent(field: Any) -> Any:
    is_optional_text = type(field).run_validation is OptionalText.run_validation and _is_text(field)
    if not (is_optional_text or _is_empty_by_rule(field)) or (field.default is not empty and callable(field.default)):
        return ASKED
    if field.required:
        return REQUIRED
    if field.default is empty:
        return SKIPPED
    return field.default


def _null(field: Any) -> Any:
    if type(field).run_validation is OptionalText.run_validation and _is_text(field):
        return "" if field.allow_blank else ASKED
    return None if _is_empty_by_rule(field) and field.allow_null else ASKED


def _leave_out(field: _Field, found: dict[str, Any]) -> None:
    absent = field.absent
    if absent is SKIPPED:
        return
    if absent is REQUIRED:
        raise NotPlainError
    if absent is not ASKED:
        found[field.name] = absent
        return
    try:
        found[field.name] = _asked(field.field.run_validation, empty)
    except SkipField:
        return


def _nothing(field: _Field) -> Any:
    return field.null if field.null is not ASKED else _asked(field.field.run_validation, None)
