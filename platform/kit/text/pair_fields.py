"""Fields of the API for names with texts in an order that matters (`kit.text.pairs`)."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext
from drf_spectacular.drainage import set_override
from rest_framework import serializers

from kit.text.pairs import NAME_AND_VALUE, as_mapping
from kit.text.patterns import VISIBLE
from kit.text.serializers import LineField


def pairs_schema(*, max_pairs: int, max_name: int, max_value: int) -> dict[str, Any]:
    """Return the schema of pairs as they are sent: an object, or a list."""
    name, value = (
        {"type": "string", "minLength": 1, "maxLength": most, "pattern": VISIBLE} for most in (max_name, max_value)
    )
    entry = {
        "oneOf": [
            {
                "type": "object",
                "properties": {"name": name, "value": value},
                "required": ["name", "value"],
                "additionalProperties": False,
            },
            {
                "type": "array",
                "prefixItems": [name, value],
                "items": value,
                "minItems": NAME_AND_VALUE,
                "maxItems": NAME_AND_VALUE,
            },
        ]
    }
    return {
        "oneOf": [
            {"type": "object", "propertyNames": name, "additionalProperties": value, "maxProperties": max_pairs},
            {"type": "array", "items": entry, "maxItems": max_pairs},
        ]
    }


class PairsOutput(serializers.DictField):
    """Pairs of a snapshot, shown as an object in their order."""

    child = serializers.CharField()

    def to_representation(self, value: Any) -> Any:
        """Return the object."""
        return super().to_representation(as_mapping(value))


class PairsField(serializers.Field[dict[str, str], Any, Any, Any]):
    """Pairs as they are sent: an object, or a list for programs that lose the order of an object's keys.

    An entry of the list is `{"name": …, "value": …}` or `[name, value]`. Names and texts are cleaned before they are
    judged, so that no two names are one once they are stored. How many there may be, and how long, the call judges.
    """

    def __init__(self, *, max_pairs: int, max_name: int, max_value: int, **options: Any) -> None:
        super().__init__(**options)
        set_override(self, "field", pairs_schema(max_pairs=max_pairs, max_name=max_name, max_value=max_value))

    def to_internal_value(self, data: Any) -> dict[str, str]:
        """Return the mapping in the order that was sent."""
        text, found = LineField(), {}
        for sent_name, sent_value in self._sent(data):
            name, value = text.run_validation(sent_name), text.run_validation(sent_value)
            if name in found:
                raise serializers.ValidationError(gettext("Two options have the same name."), code="repeated_value")
            found[name] = value
        return found

    def to_representation(self, value: Any) -> dict[str, str]:
        """Return the object."""
        return as_mapping(value)

    def _sent(self, data: Any) -> Iterator[tuple[Any, Any]]:
        if isinstance(data, Mapping):
            yield from data.items()
            return
        for entry in data if isinstance(data, list) else [None]:
            if isinstance(entry, Mapping) and entry.keys() == {"name", "value"}:
                yield entry["name"], entry["value"]
            elif isinstance(entry, list) and len(entry) == NAME_AND_VALUE:
                yield entry[0], entry[1]
            else:
                raise serializers.ValidationError(
                    gettext('Send an object, or a list of {"name": …, "value": …}, such as {"Colour": "Indigo"}.')
                )
