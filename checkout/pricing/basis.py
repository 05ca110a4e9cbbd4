"""Input for adjustments: one shop's lines, and the circumstances of the purchase."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from checkout.pricing.quoted_lines import QuotedLine
from tenants.shops.selectors import ShopFacts


class Destination(Protocol):
    """Destination of an order, as far as a price depends on it; a buyer's address is one."""

    @property
    def country(self) -> str:
        """Return the country's ISO 3166-1 alpha-2 code."""

    @property
    def state(self) -> str:
        """Return the state, province or county."""

    @property
    def city(self) -> str:
        """Return the town."""


@dataclass(frozen=True, slots=True)
class Basis:
    """One shop's lines before adjustments, their destination, the codes that the buyer gave, and the moment."""

    shop: ShopFacts
    lines: tuple[QuotedLine, ...]
    address: Destination | None
    codes: tuple[str, ...]
    now: datetime
