"""Choices that a buyer makes beside the goods, alike in the quotes of the basket, of checkout and of the order."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Choices:
    """Choices of a buyer that a price depends on.

    Args:
        delivery: the id of a delivery method, by the shop's slug, and after a colon that of a station; the cheapest
            where a shop is not named.
        coupons: codes that the buyer has entered, in upper case.
    """

    delivery: Mapping[str, str] = field(default_factory=dict)
    coupons: tuple[str, ...] = ()

    def given(self) -> dict[str, Any]:
        """Return those that were made, for a request's fingerprint: one without any has that of earlier releases."""
        named = {name: getattr(self, name) for name in CHOICES}
        named |= {"delivery": dict(self.delivery), "coupons": sorted(self.coupons)}
        return {name: value for name, value in named.items() if value}


CHOICES = tuple(field.name for field in fields(Choices))
NO_CHOICES = Choices()
