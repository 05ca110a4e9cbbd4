"""Rules as purchases use them, and the order in which they come before each other.

Who sells comes first: a rule for the shop, then the shop's own rate, a rule for its plan, a rule for all shops, the
market's rate. Then what is sold: a rule for the product, for the nearest category, for all goods. Then the
currency: a rule that names it before one for all currencies. No two rules that are on are equal in all three.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Self
from uuid import UUID

ALL_BPS = 10_000


class Seller(StrEnum):
    """Shops that a rule is for, the narrowest first; the two rates stand between the rules."""

    SHOP = "shop"
    SHOP_RATE = "shop_rate"
    PLAN = "plan"
    ALL = "all"
    MARKET_RATE = "market_rate"
    EARLIER = "earlier"  # of an order from before lines kept their rules


class Goods(StrEnum):
    """Goods that a rule is for, the narrowest first."""

    PRODUCT = "product"
    CATEGORY = "category"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class RuleTerms:
    """Amount of a rule; fixed amount, floor and cap are of one unit."""

    percent_bps: int
    fixed_minor: int = 0
    floor_minor: int | None = None
    cap_minor: int | None = None

    @property
    def is_rate(self) -> bool:
        """Return whether it is a percentage alone."""
        return not self.fixed_minor and self.floor_minor is None and self.cap_minor is None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, or one of the two rates.

    Args:
        key: its id; of a rate, its name.
        version: of its row, as it was compiled.
    """

    key: str
    name: str
    seller: Seller
    goods: Goods
    terms: RuleTerms
    currency: str = ""
    version: int = 0
    shop_id: int | None = None
    plan_id: str | None = None
    category_id: int | None = None
    product_id: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Return whether it holds at a moment."""
        return (self.starts_at is None or now >= self.starts_at) and (self.ends_at is None or now < self.ends_at)

    def as_frozen(self) -> dict[str, Any]:
        """Return the rule as it is kept with a sale."""
        return {
            "name": self.name,
            "version": self.version,
            "seller": self.seller.value,
            "goods": self.goods.value,
            "currency": self.currency,
            "category_id": self.category_id,
            "percent_bps": self.terms.percent_bps,
            "fixed_minor": self.terms.fixed_minor,
            "floor_minor": self.terms.floor_minor,
            "cap_minor": self.terms.cap_minor,
        }

    @classmethod
    def from_frozen(cls, key: str, kept: Mapping[str, Any]) -> Self:
        """Return a rule that was kept with a sale."""
        return cls(
            key=key,
            name=kept["name"],
            seller=Seller(kept["seller"]),
            goods=Goods(kept["goods"]),
            terms=terms_from(kept),
            currency=kept["currency"],
            version=kept["version"],
            category_id=kept["category_id"],
        )


def terms_from(kept: Mapping[str, Any]) -> RuleTerms:
    """Return the terms among some values."""
    return RuleTerms(kept["percent_bps"], kept["fixed_minor"], kept["floor_minor"], kept["cap_minor"])


MARKET_RATE = "market"
SHOP_RATE = "shop"
EARLIER = "earlier"


KEYS_OF_RATES = {Seller.SHOP_RATE: SHOP_RATE, Seller.MARKET_RATE: MARKET_RATE, Seller.EARLIER: EARLIER}


@lru_cache(maxsize=1_024)
def rate_rule(seller: Seller, bps: int) -> Rule:
    """Return one of the rates as a rule for all goods."""
    return Rule(KEYS_OF_RATES[seller], "", seller, Goods.ALL, RuleTerms(bps))


@dataclass(frozen=True, slots=True)
class Sold:
    """Facts of a line by which a rule is found.

    Args:
        rate: the shop's own rate or the market's.
        category_ids: nearest first; of a category that others were merged into, those behind it.
    """

    shop_id: int
    currency: str
    product_id: UUID
    rate: Rule
    category_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """The rule of a line, and those that hold for it too and come behind, in their order."""

    rule: Rule
    over: tuple[Rule, ...] = ()


SellerKey = tuple[Seller, int | str | None]
GoodsKey = tuple[Goods, int | str | None]
Place = tuple[SellerKey, GoodsKey, str]


@dataclass(frozen=True)
class Ruleset:
    """All rules that are on or planned, by what they are for, and the plans that shops are on.

    Args:
        plans: the plan of each shop, of plans that rules are for.
    """

    version: int = 0
    rules: tuple[Rule, ...] = ()
    plans: Mapping[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        places: defaultdict[Place, list[Rule]] = defaultdict(list)
        for rule in self.rules:
            places[_place_of(rule)].append(rule)
        object.__setattr__(self, "_places", dict(places))
        named = frozenset(rule.category_id for rule in self.rules if rule.category_id is not None)
        object.__setattr__(self, "categories", named)

    categories: frozenset[int] = field(init=False, default=frozenset())
    _places: Mapping[Place, list[Rule]] = field(init=False, default_factory=dict, repr=False, compare=False)

    def choose(self, sold: Sold, *, now: datetime) -> Choice:
        """Return the rule that holds for a line, and those that it comes before."""
        if not self.rules:
            return Choice(sold.rate)
        first, *over = self._in_order(sold, now)
        return Choice(first, tuple(over))

    def _in_order(self, sold: Sold, now: datetime) -> Iterator[Rule]:
        for seller in self._sellers(sold):
            if seller[0] is sold.rate.seller:
                yield sold.rate
                continue
            for goods in _goods(sold):
                for currency in (sold.currency, ""):
                    yield from (rule for rule in self._places.get((seller, goods, currency), ()) if rule.holds(now))

    def _sellers(self, sold: Sold) -> list[SellerKey]:
        """Return the sellers that a rule may be for, the narrowest first, with the rate at its place among them."""
        plan = self.plans.get(sold.shop_id)
        found: list[SellerKey] = [(Seller.SHOP, sold.shop_id), *([(Seller.PLAN, plan)] if plan else [])]
        found += [(Seller.ALL, None), (sold.rate.seller, None)]
        return sorted(found, key=lambda each: RANKS[each[0]])


def precedence(rule: Rule, category_ids: tuple[int, ...]) -> tuple[int, int, int, bool]:
    """Return the place of a rule among those for a line: the lowest comes first.

    Args:
        category_ids: that cover the line, nearest first.
    """
    distance = category_ids.index(rule.category_id) if rule.category_id in category_ids else len(category_ids)
    return RANKS[rule.seller], GOODS_RANKS[rule.goods], distance, not rule.currency


GOODS_RANKS = {goods: rank for rank, goods in enumerate(Goods)}
RANKS = {seller: rank for rank, seller in enumerate(Seller)}
NO_RULES = Ruleset()


def seller_of(*, shop_id: int | None, plan_id: object | None) -> Seller:
    """Return the shops that a rule with these ids is for."""
    return Seller.SHOP if shop_id is not None else Seller.PLAN if plan_id is not None else Seller.ALL


def goods_of(*, product_id: object | None, category_id: int | None) -> Goods:
    """Return the goods that a rule with these ids is for."""
    return Goods.PRODUCT if product_id is not None else Goods.CATEGORY if category_id is not None else Goods.ALL


def _place_of(rule: Rule) -> Place:
    seller = rule.shop_id if rule.seller is Seller.SHOP else rule.plan_id
    goods = rule.product_id if rule.goods is Goods.PRODUCT else rule.category_id
    return (rule.seller, seller), (rule.goods, goods), rule.currency


def _goods(sold: Sold) -> Iterable[GoodsKey]:
    yield Goods.PRODUCT, str(sold.product_id)
    for category_id in sold.category_ids:
        yield Goods.CATEGORY, category_id
    yield Goods.ALL, None
