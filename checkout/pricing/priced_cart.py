"""A cart as the buyer sees it: grouped by shop, with fresh prices, and what changed since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any
from uuid import UUID

from catalogue.selectors.offers import Offer, offers_query, read_offers
from checkout.pricing.lines import CartLine
from checkout.pricing.unready_shops import around_unready
from kit.db.pipeline import Query, ask_all
from tenants.selectors import ShopFacts, facts_query, schema_names


class LineProblem(StrEnum):
    """Why a line can't be bought as it stands."""

    GONE = "gone"
    SHOP_CLOSED = "shop_closed"
    SHOP_AWAY = "shop_away"
    SHOP_UPDATING = "shop_updating"
    SOLD_OUT = "sold_out"
    NOT_ENOUGH = "not_enough"


# What cannot be sold at present stays in the cart, and the rest is bought without it.
LEFT_OUT = frozenset({LineProblem.GONE, LineProblem.SHOP_CLOSED, LineProblem.SHOP_AWAY, LineProblem.SHOP_UPDATING})


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line with what it costs now; `offer` is None where the product is gone."""

    line: CartLine
    offer: Offer | None
    problem: LineProblem | None

    @property
    def is_counted(self) -> bool:
        """Whether the line is part of the total: what cannot be sold at all is left out."""
        return self.offer is not None and self.problem not in LEFT_OUT

    @property
    def total_minor(self) -> int:
        """The line's total at today's price."""
        return self.offer.price_minor * self.line.quantity if self.offer and self.is_counted else 0

    @property
    def shown_total_minor(self) -> int | None:
        """The line's total where it is part of the cart's."""
        return self.total_minor if self.is_counted else None

    @property
    def old_price_minor(self) -> int | None:
        """The price when it was put in the cart, where it is another one now."""
        if self.offer is None or self.offer.price_minor == self.line.seen_price_minor:
            return None
        return self.line.seen_price_minor


@dataclass(frozen=True, slots=True)
class CartGroup:
    """The part of a cart that one shop would fulfil."""

    shop: ShopFacts
    lines: tuple[PricedLine, ...]

    @property
    def counted(self) -> tuple[PricedLine, ...]:
        """The lines that are part of the total."""
        return tuple(line for line in self.lines if line.is_counted)

    @property
    def pause(self) -> LineProblem | None:
        """Why nothing can be had of this shop at present, if so."""
        problems = {line.problem for line in self.lines} & (LEFT_OUT - {LineProblem.GONE})
        return problems.pop() if problems else None

    @property
    def items_minor(self) -> int:
        """What the items cost."""
        return sum(line.total_minor for line in self.counted)

    @property
    def shipping_minor(self) -> int:
        """What the delivery costs; nothing where nothing is delivered."""
        return self.shop.shipping_minor if self.counted else 0


@dataclass(frozen=True, slots=True)
class PricedCart:
    """A whole cart at today's prices."""

    groups: tuple[CartGroup, ...]
    currency: str

    @property
    def lines(self) -> tuple[PricedLine, ...]:
        """All lines."""
        return tuple(line for group in self.groups for line in group.lines)

    @property
    def units(self) -> int:
        """How many units there are."""
        return sum(line.line.quantity for line in self.lines)

    @property
    def items_minor(self) -> int:
        """What the items cost."""
        return sum(group.items_minor for group in self.groups)

    @property
    def shipping_minor(self) -> int:
        """What all deliveries cost."""
        return sum(group.shipping_minor for group in self.groups)

    @property
    def total_minor(self) -> int:
        """What there is to pay."""
        return self.items_minor + self.shipping_minor

    @property
    def deliveries(self) -> int:
        """How many shops deliver something."""
        return sum(1 for group in self.groups if group.counted)

    @property
    def can_check_out(self) -> bool:
        """Whether every counted line can be had, and there is one at least."""
        counted = [line for line in self.lines if line.is_counted]
        return bool(counted) and all(line.problem is None for line in counted)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the same request has read a moment ago: facts by shop, offers by variant."""

    facts: dict[int, ShopFacts]
    offers: dict[UUID, Offer]


def price_cart(
    lines: Sequence[CartLine], *, unready: frozenset[int] = frozenset(), seen: Seen | None = None
) -> PricedCart:
    """Price a cart: the shops and all of their stock, in one round trip where the shops were seen before.

    Args:
        lines: what is in it.
        unready: shops whose schema can't be read at present, where the caller knows of some.
        seen: what need not be read again.
    """
    shop_ids = {line.shop_id for line in lines}
    return around_unready(lambda found: _price(lines, unready | found, seen), shop_ids=shop_ids)


def _price(lines: Sequence[CartLine], unready: frozenset[int], seen: Seen | None) -> PricedCart:
    reading = Reading(lines, unready, seen)
    reading.take(ask_all(reading.queries))
    return reading.priced()


def price_cart_after(
    first: Sequence[Query[Any]], lines: Sequence[CartLine], *, unready: frozenset[int]
) -> tuple[list[Any], PricedCart]:
    """Ask other questions and price a cart on the same way; needs a caller that goes around unready shops.

    Returns:
        The answers, and the cart.
    """
    reading = Reading(lines, unready, None)
    answers = ask_all([*first, *reading.queries])
    reading.take(answers[len(first) :])
    return answers[: len(first)], reading.priced()


class Reading:
    """What has to be read to price a cart, and the cart made of it.

    Offers of shops whose schema's name the process knows are asked for together with the shops' facts; what the facts
    say otherwise is asked for after them.
    """

    def __init__(self, lines: Sequence[CartLine], unready: frozenset[int], seen: Seen | None) -> None:
        self._lines = lines
        self._unready = unready
        self._facts = dict(seen.facts) if seen else {}
        self._offers = dict(seen.offers) if seen else {}
        self._wanted = {
            shop_id: [line.variant_id for line in own]
            for shop_id, own in by_shop(line for line in lines if line.variant_id not in self._offers)
            if shop_id not in unready
        }
        self._unknown = {line.shop_id for line in lines} - self._facts.keys()
        self._guessed = {shop_id: name for shop_id in self._wanted if (name := self._schema_name(shop_id))}

    def _schema_name(self, shop_id: int) -> str | None:
        facts = self._facts.get(shop_id)
        return facts.schema_name if facts else schema_names.remembered(shop_id)

    @property
    def queries(self) -> list[Query[Any]]:
        """What can be asked at once."""
        shops = [facts_query(self._unknown)] if self._unknown else []
        return [*shops, *(offers_query(name, self._wanted[shop_id]) for shop_id, name in self._guessed.items())]

    def take(self, found: Sequence[dict[Any, Any]]) -> Seen:
        """Take the answers to `queries`; read what they show to be somewhere else."""
        answers = iter(found)
        if self._unknown:
            self._facts |= next(answers)
        right = {facts.id: facts.schema_name for facts in self._facts.values() if facts.has_schema}
        for (shop_id, name), offers in zip(self._guessed.items(), answers, strict=True):
            if right.get(shop_id) == name:
                self._offers |= offers
        missed = {
            right[shop_id]: self._wanted[shop_id]
            for shop_id in right.keys() & self._wanted.keys()
            if self._guessed.get(shop_id) != right[shop_id]
        }
        self._offers |= read_offers(missed)
        return Seen(self._facts, self._offers)

    def priced(self) -> PricedCart:
        """Price the cart of what was read."""
        groups = [
            CartGroup(
                shop=self._facts[shop_id],
                lines=tuple(
                    _priced(
                        line,
                        self._offers.get(line.variant_id),
                        self._facts[shop_id],
                        is_ready=shop_id not in self._unready,
                    )
                    for line in own
                ),
            )
            for shop_id, own in by_shop(self._lines)
            if shop_id in self._facts
        ]
        groups.sort(key=lambda group: group.shop.name.casefold())
        return PricedCart(groups=tuple(groups), currency=_currency(groups))


def _currency(groups: Sequence[CartGroup]) -> str:
    """Return the currency of what is counted, else of what there is."""
    return next((group.shop.currency for group in [*(g for g in groups if g.counted), *groups]), "")


def by_shop(lines: Iterable[CartLine]) -> list[tuple[int, list[CartLine]]]:
    """Group lines by shop id."""
    ordered = sorted(lines, key=lambda line: (line.shop_id, line.variant_id))
    return [(shop_id, list(own)) for shop_id, own in groupby(ordered, key=lambda line: line.shop_id)]


def _priced(line: CartLine, offer: Offer | None, shop: ShopFacts, *, is_ready: bool) -> PricedLine:
    problem = _shop_problem(shop, is_ready=is_ready) or _problem(line, offer)
    return PricedLine(line=line, offer=offer, problem=problem)


def _shop_problem(shop: ShopFacts, *, is_ready: bool) -> LineProblem | None:
    if shop.is_away:
        return LineProblem.SHOP_AWAY
    if not shop.is_selling:
        return LineProblem.SHOP_CLOSED
    return None if is_ready else LineProblem.SHOP_UPDATING


def _problem(line: CartLine, offer: Offer | None) -> LineProblem | None:
    if offer is None or not offer.is_on_sale:
        return LineProblem.GONE
    if offer.available <= 0:
        return LineProblem.SOLD_OUT
    return LineProblem.NOT_ENOUGH if offer.available < line.quantity else None
