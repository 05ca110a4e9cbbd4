"""The moment that apps follow, and the parts that they add, while stored values are brought into form."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kit.wiring import Contribution, Moment


@dataclass(frozen=True, slots=True)
class RowsFormed(Moment):
    """Rows of a table have got another form, in the transaction that writes them.

    Args:
        shop_id: None for a table of `public`.
        model: the label of their model.
        fields: the columns in which some of them have other values now.
    """

    shop_id: int | None
    schema_name: str
    model: str
    keys: frozenset[Any]
    fields: frozenset[str]
    now: datetime


@dataclass(frozen=True, slots=True)
class FormedPart(Contribution):
    """Values that an app keeps in `public` outside of the columns that `kit.stored.columns` finds.

    Args:
        rewrite: brings it into form, in transactions of its own, and may be killed at any moment; returns how many rows
            it changed.
    """

    name: str
    rewrite: Callable[[], int]

    @property
    def key(self) -> str:
        """Its name."""
        return self.name
