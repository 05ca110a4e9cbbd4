"""Names with texts in an order that matters, such as a variant's options.

They are stored as a list of pairs, since jsonb sorts the keys of an object. Python and the API keep the order of a
mapping. Objects, as earlier releases stored them, are read too.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kit.text.serializers import LineField

NAME_AND_VALUE = 2
TEXT = {"type": "string"}
SENT = {
    "oneOf": [
        {"type": "object", "additionalProperties": TEXT},
        {
            "type": "array",
            "items": {
                "oneOf": [
                    {
                        "type": "object",
                        "properties": {"name": TEXT, "value": TEXT},
                        "required": ["name", "value"],
                        "additionalProperties": False,
                    },
                    {"type": "array", "items": TEXT, "minItems": NAME_AND_VALUE, "maxItems": NAME_AND_VALUE},
                ]
            },
        },
    ]
}


def pairs_of(value: Any) -> list[list[str]]:
    """Return pairs as they are stored."""
    return [[str(name), str(text)] for name, text in (value.items() if isinstance(value, Mapping) else value or ())]


def as_mapping(value: Any) -> dict[str, str]:
    """Return stored pairs as a mapping in their order."""
    return dict(value) if value else {}


def in_order(pairs: list[list[str]], names: Sequence[str]) -> list[list[str]]:
    """Return pairs in the order of some names; those with other names stay behind them, in their own order."""
    places = {name: place for place, name in enumerate(names)}
    return sorted(pairs, key=lambda pair: places.get(pair[0], len(places)))


class PairsColumn(models.JSONField):
    """Pairs, which are a mapping on an instance that was read."""

    def deconstruct(self) -> Any:
        """Return Django's own field, since migrations need not know."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return the mapping."""
        return as_mapping(super().from_db_value(value, expression, connection))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Return the value in the form that is stored."""
        return super().get_db_prep_value(pairs_of(value) if isinstance(value, Mapping) else value, connection, prepared)


class PairsOutput(serializers.DictField):
    """Pairs of a snapshot, shown as an object in their order."""

    def to_representation(self, value: Any) -> Any:
        """Return the object."""
        return super().to_representation(as_mapping(value))


@extend_schema_field(SENT)
class PairsField(serializers.Field[dict[str, str], Any, Any, Any]):
    """Pairs as they are sent: an object, or a list for programs that lose the order of an object's keys.

    An entry of the list is `{"name": …, "value": …}` or `[name, value]`. Names and texts are cleaned before they are
    judged, so that no two names are one once they are stored.
    """

    def to_internal_value(self, data: Any) -> dict[str, str]:
        """Return the mapping in the order that was sent."""
        text, found = LineField(), {}
        for sent_name, sent_value in self._sent(data):
            name, value = text.run_validation(sent_name), text.run_validation(sent_value)
            if name in found:
                raise serializers.ValidationError(gettext("Two options have the same name."))
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
