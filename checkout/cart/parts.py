"""Parts of a basket: its lines in one currency are ordered together, and the rest stays (docs/adr/0039)."""

from dataclasses import dataclass
from typing import Any

from checkout.cart.store import Basket
from checkout.pricing.lines import CartLine
from tenants.shops.selectors import currencies_of

RENEWED = "|"  # before each currency of which something was ordered, and the id that its part has since


@dataclass(frozen=True, slots=True)
class CurrencyPart:
    """The part of a cart in one currency.

    Args:
        id: replaced as soon as the part was ordered; empty for an empty part.
        currency: empty for an empty basket.
        lines: oldest variant first.
        is_whole: whether the basket holds nothing else.
        counted_as: the name by which it is counted among the buyer's unpaid orders.
        codes: of the basket's coupons.
    """

    id: str
    currency: str
    lines: list[CartLine]
    is_whole: bool
    counted_as: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Currencies:
    """A basket, and the currency of each shop of its lines; an unknown shop has none."""

    basket: Basket
    by_shop: dict[int, str]

    @classmethod
    def of(cls, basket: Basket) -> "Currencies":
        """Look the currencies up; no statement is needed for shops in the process's cache."""
        return cls(basket, currencies_of({line.shop_id for line in basket.lines}))

    @property
    def only(self) -> str | None:
        """Return the currency of the whole basket, empty for an empty one; None where it has several."""
        found = set(self.by_shop.values())
        return None if len(found) > 1 else next(iter(found), "")

    def part(self, currency: str) -> CurrencyPart:
        """Return the part of a currency."""
        lines = [line for line in self.basket.lines if self.by_shop.get(line.shop_id) == currency]
        own_id = part_id(self.basket.id, currency) if lines else ""
        is_whole = len(lines) == len(self.basket.lines)
        counted_as = self.basket.id if is_whole else own_id
        return CurrencyPart(own_id, currency, lines, is_whole, counted_as, self.basket.codes)


def part_id(basket_id: str, currency: str) -> str:
    """Return the id of a basket's part: the basket's own until that part is ordered for the first time.

    The scripts in `checkout.cart.scripts` read the same.
    """
    begun, *renewed = basket_id.split(RENEWED)
    own: dict[str, Any] = dict(each.split("=") for each in renewed)
    return f"{own.get(currency, begun)}:{currency}"
