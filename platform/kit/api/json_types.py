"""JSON types of what is sent: REST framework takes `"5"` for 5, `"on"` for true, and 5 for an id or a text.

The description says `integer`, `boolean` or `string`, so a body has to have just that. Forms and addresses can send
texts alone; of these the form of ids and days is judged here.
"""

import re
from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FORMS: Mapping[type[Any], re.Pattern[str]] = {serializers.UUIDField: UUID, serializers.DateField: DAY}
TEXTS = (*FORMS, serializers.CharField, serializers.DateTimeField, serializers.ChoiceField)
Wrong = list[serializers.ErrorDetail] | dict[str, Any]


def wrong_types(fields: Mapping[str, Any], data: Mapping[str, Any], *, is_json: bool) -> dict[str, Wrong]:
    """Return the faults of values that have another type or form than their fields, by name.

    Args:
        is_json: whether the values have types; else all of them are texts.
    """
    sent = {name: value for name, value in data.items() if name in fields and value is not None}
    faults = {name: _faults(fields[name], value, is_json=is_json) for name, value in sent.items()}
    return {name: found for name, found in faults.items() if found}


def _faults(field: Any, value: Any, *, is_json: bool) -> Wrong:
    if isinstance(field, serializers.ListField) and isinstance(value, list):
        entries = {str(place): _faults(field.child, each, is_json=is_json) for place, each in enumerate(value)}
        return {place: found for place, found in entries.items() if found}
    return [] if _has_form(field, value) and (not is_json or _has_type(field, value)) else _refusal(field, value)


def _has_form(field: Any, value: Any) -> bool:
    form = next((form for kind, form in FORMS.items() if isinstance(field, kind)), None)
    return form is None or not isinstance(value, str) or not value or bool(form.fullmatch(value))


def _has_type(field: Any, value: Any) -> bool:
    if isinstance(field, serializers.BooleanField):
        return isinstance(value, bool)
    if isinstance(field, serializers.IntegerField):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return not isinstance(field, TEXTS) or isinstance(value, str)


def _refusal(field: Any, value: Any) -> list[serializers.ErrorDetail]:
    code = "invalid_choice" if isinstance(field, serializers.ChoiceField) else "invalid"
    return [serializers.ErrorDetail(field.error_messages[code].format(input=value), code)]
