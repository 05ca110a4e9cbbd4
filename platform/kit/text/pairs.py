"""Names with texts in an order that matters, such as a variant's options.

They are stored as a list of pairs, since jsonb sorts the keys of an object. Python and the API keep the order of a
mapping. Objects, as earlier releases stored them, are read too.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models

NAME_AND_VALUE = 2


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
