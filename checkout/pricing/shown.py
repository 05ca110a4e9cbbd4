"""Adjustments as people read them: those of one reason in one row, with included tax told as such."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from checkout.pricing.adjustments import Adjustment, AdjustmentKind

# Labels of tax are names that a country's table gives; all others are texts of the catalogue.
TAX, DELIVERY = AdjustmentKind.TAX.value, AdjustmentKind.DELIVERY.value


@dataclass(frozen=True, slots=True)
class ShownAdjustment:
    """A row of a price."""

    label: str
    amount_minor: int
    kind: str

    @property
    def inline_label(self) -> str:
        """Return the label as a part of a line of text."""
        return self.label.lower() if self.kind == DELIVERY else self.label


def shown_adjustments(
    adjustments: Iterable[Adjustment | Mapping[str, Any]], *, prices_include_tax: bool
) -> list[ShownAdjustment]:
    """Return the rows of some adjustments, of a quote or as they were stored, in the order in which they come first."""
    sums: dict[tuple[str, str, str, str], int] = {}
    for each in adjustments:
        stored = each.as_dict() if isinstance(each, Adjustment) else each
        key = (stored["kind"], stored.get("source", ""), stored["label"], stored.get("funded_by", ""))
        sums[key] = sums.get(key, 0) + stored["amount_minor"]
    return [
        ShownAdjustment(_label(kind, label, is_included=prices_include_tax), amount_minor, kind)
        for (kind, _, label, _), amount_minor in sums.items()
    ]


def _label(kind: str, label: str, *, is_included: bool) -> str:
    if kind != TAX:
        return gettext(label)
    return gettext("%(tax)s, included") % {"tax": label} if is_included else label
