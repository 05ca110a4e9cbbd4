"""Adjustments as people read them: those of one reason in one row, with included tax told as such."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, gettext_noop

from checkout.pricing.adjustments import Adjustment, AdjustmentKind
from checkout.pricing.delivery.priced import WORDS_OF_DELIVERY
from kit.text.conventions import conventions

# Labels of tax are names that a country's table gives; all others are texts of the catalogue.
NAMES_OF_TAX = (gettext_noop("VAT"),)  # those of the tables that have another name in another language
NAME_AND_RATE = re.compile(r"(.+) (\d+(?:\.\d+)?)%")
TAX, DELIVERY = AdjustmentKind.TAX.value, AdjustmentKind.DELIVERY.value


@dataclass(frozen=True, slots=True)
class ShownAdjustment:
    """A row of a price.

    Args:
        is_named: whether the shop gave the label.
        key: the same in each language.
    """

    label: str
    amount_minor: int
    kind: str
    key: str = ""
    is_named: bool = False

    @property
    def inline_label(self) -> str:
        """Return the label as a part of a line of text; a shop's own name stays as the shop writes it."""
        return self.label.lower() if self.kind == DELIVERY and not self.is_named else self.label


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
        ShownAdjustment(
            _label(key[0], key[2], is_included=prices_include_tax),
            amount_minor,
            key[0],
            ":".join(key),
            is_named=key[2] not in WORDS_OF_DELIVERY,
        )
        for key, amount_minor in sums.items()
    ]


def tax_label(stored: str) -> str:
    """Return the stored label of a tax rate, such as "VAT 7.5%", in the language that is active."""
    if (found := NAME_AND_RATE.fullmatch(stored)) is None:
        return stored
    name, rate = found.groups()
    values = {
        "tax": gettext(name) if name in NAMES_OF_TAX else name,
        "rate": rate.replace(".", conventions().decimals),
    }
    return gettext("%(tax)s %(rate)s%%") % values


def _label(kind: str, label: str, *, is_included: bool) -> str:
    if kind != TAX:
        return gettext(label)
    shown = tax_label(label)
    return gettext("%(tax)s, included") % {"tax": shown} if is_included else shown
