"""Columns whose values have a form of their own, found in the models: `kit.text.columns`, `kit.text.pairs`."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from kit.text.columns import CleanedText
from kit.text.pairs import PairsColumn
from kit.wiring import Contribution, contributions

FormedColumn = CleanedText | PairsColumn


@dataclass(frozen=True, slots=True)
class KeptAsWritten(Contribution):
    """A model whose texts stay as they were written, since its rows are a record.

    Args:
        model: its label, such as `console.AuditEntry`.
        reason: why, for the reader of the table of wiring.
        pairs_too: whether the form of its pairs is kept too.
    """

    model: str
    reason: str
    pairs_too: bool = False

    @property
    def key(self) -> str:
        """Return the model."""
        return self.model


@dataclass(frozen=True, slots=True)
class OrderOfPairs(Contribution):
    """The order of names that is known for pairs which were stored as an object, whose keys have none.

    Args:
        model: the label of the model that has the pairs.
        by: the column of its table that names what the order is known of.
        known: the names in order, by what is in that column; given the schema.
    """

    model: str
    by: str
    known: Callable[[str, Collection[Any]], Mapping[Any, Sequence[str]]]

    @property
    def key(self) -> str:
        """Return the model."""
        return self.model


def formed_columns(kinds: Iterable[type[models.Model]]) -> dict[type[models.Model], list[FormedColumn]]:
    """Return the columns of some models that are brought into form; models without any are left out."""
    kept = {each.model: each for each in contributions(KeptAsWritten)}
    found = {}
    for kind in kinds:
        columns = [
            field
            for field in kind._meta.local_concrete_fields  # noqa: SLF001 - documented
            if isinstance(field, CleanedText | PairsColumn) and not _is_kept(field, kept.get(kind._meta.label))  # noqa: SLF001
        ]
        if columns:
            found[kind] = columns
    return found


def order_of_pairs(kind: type[models.Model]) -> OrderOfPairs | None:
    """Return the source of the order of a model's pairs."""
    label = kind._meta.label  # noqa: SLF001 - documented
    return next((each for each in contributions(OrderOfPairs) if each.model == label), None)


def is_unique(kind: type[models.Model], field: FormedColumn) -> bool:
    """Return whether values must be unique in a model, alone or with other columns."""
    constraints = kind._meta.constraints  # noqa: SLF001 - documented
    named = {name for each in constraints if isinstance(each, models.UniqueConstraint) for name in each.fields}
    return field.unique or field.name in named


def _is_kept(field: FormedColumn, kept: KeptAsWritten | None) -> bool:
    return kept is not None and (kept.pairs_too or isinstance(field, CleanedText))
