"""Plan of one shop's automatic offers over its lines; a pure function (docs/pricing.md).

Price cuts come first, of each line the one that takes most off. Then offers of pieces, in the order in which they were
made: a piece counts for one of them. Then, of the tiered ones, the one that takes most off what is left.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from catalogue.discovery.selectors.categories import covers_category
from checkout.models.offers import ALL_BPS, OfferKind
from checkout.pricing.adjustments import Adjustment, AdjustmentKind, Funder
from checkout.pricing.allocation import allocate
from checkout.pricing.offers.pieces import Pieces, give
from checkout.pricing.quoted_lines import QuotedLine
from checkout.pricing.terms.offers import TIERED, OfferTerms, Target, Tier
from kit.money import smallest_unit


@dataclass(frozen=True, slots=True)
class OfferHint:
    """The goods that are missing to the next benefit of an offer.

    Args:
        offer: the offer.
        missing: minor units of an offer by value, else pieces.
        tier: the next one, of a tiered offer.
    """

    offer: OfferTerms
    missing: int
    tier: Tier | None = None


@dataclass(frozen=True, slots=True)
class PartOffers:
    """Offers of one shop's part: discounts of its lines, and what is missing to more."""

    discounts: tuple[Adjustment, ...] = ()
    hints: tuple[OfferHint, ...] = ()

    def taken(self) -> dict[UUID, int]:
        """Return the discount of each line."""
        sums: dict[UUID, int] = {}
        for each in self.discounts:
            if each.variant_id is not None:
                sums[each.variant_id] = sums.get(each.variant_id, 0) - each.amount_minor
        return sums


NO_PART_OFFERS = PartOffers()


def plan_offers(
    offers: Sequence[OfferTerms], lines: Sequence[QuotedLine], *, currency: str, now: datetime
) -> PartOffers:
    """Decide which offers of a shop take something off its counted lines; the order of the lines does not matter."""
    holding = [each for each in offers if each.holds(now)]
    if not holding or not lines:
        return NO_PART_OFFERS
    planning = _Planning(sorted(lines, key=lambda line: line.line.variant_id), smallest_unit(currency))
    planning.cut_prices([each for each in holding if each.kind is OfferKind.PRICE_CUT])
    planning.give_pieces([each for each in holding if each.kind is OfferKind.BUY_GET])
    planning.reach_tiers([each for each in holding if each.kind in TIERED])
    return PartOffers(tuple(planning.discounts), tuple(planning.hints))


def percent_of(minor: int, bps: int, unit: int) -> int:
    """Return a percentage of an amount, rounded half up to what can be paid, at most all of it."""
    return min((minor * bps + ALL_BPS * unit // 2) // (ALL_BPS * unit) * unit, minor)


def cut_minor(offer: OfferTerms, *, variant_id: UUID, price_minor: int, unit: int) -> tuple[int, int]:
    """Return the earlier price that a price cut shows, and what it takes off one piece at today's price.

    The earlier price is what was really asked: the least of the month before the offer, and never more than today's.
    """
    asked = min(offer.asked_minor.get(variant_id, price_minor), price_minor)
    return asked, max(price_minor - asked, 0) + percent_of(asked, offer.percent_bps, unit)


def is_for(target: Target, *, product_id: UUID, category_id: int | None) -> bool:
    """Return whether goods are among those that an offer names."""
    if not target.products and not target.categories:
        return True
    if product_id in target.products:
        return True
    return bool(target.categories) and category_id is not None and covers_category(target.categories, category_id)


@dataclass(slots=True)
class _Planning:
    """A plan under way: what is left of each line's value after the offers that were looked at."""

    lines: Sequence[QuotedLine]
    unit: int
    left: dict[UUID, int] = field(init=False)
    discounts: list[Adjustment] = field(default_factory=list)
    hints: list[OfferHint] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.left = {line.line.variant_id: line.total_minor for line in self.lines}

    def cut_prices(self, offers: Sequence[OfferTerms]) -> None:
        """Let the best price cut of each line count."""
        for line in self.lines if offers else ():
            cuts = [(self._cut(each, line), each) for each in offers if _covers(each.target, line)]
            if cuts:
                saved, best = max(cuts, key=lambda cut: cut[0])  # the first of equals
                self._take_off(best, {line.line.variant_id: saved * line.line.quantity})

    def _cut(self, offer: OfferTerms, line: QuotedLine) -> int:
        assert line.offer is not None
        price, key = line.offer.price_minor, line.line.variant_id
        return cut_minor(offer, variant_id=key, price_minor=price, unit=self.unit)[1]

    def give_pieces(self, offers: Sequence[OfferTerms]) -> None:
        """Let offers of pieces count one after the other; a piece counts once."""
        pool = [
            Pieces(line.line.variant_id, self.left[line.line.variant_id] // line.line.quantity, line.line.quantity)
            for line in (self.lines if offers else ())
        ]
        by_id = {line.line.variant_id: line for line in self.lines}
        for offer in offers:
            for each in pool:
                line = by_id[each.variant_id]
                each.buys = _covers(offer.target, line)
                each.gives = _covers(offer.gives_of or offer.target, line)
            given, begun = give(pool, buys=offer.buys, gives=offer.gives)
            value = {each.variant_id: each.price_minor * each.count for each in given}
            if any(value.values()):
                self._share(offer, percent_of(sum(value.values()), offer.percent_bps, self.unit), value)
            if begun:
                self.hints.append(OfferHint(offer, _missing_pieces(offer, begun)))

    def reach_tiers(self, offers: Sequence[OfferTerms]) -> None:
        """Let the tiered offer count that takes most off what is left, and tell what is missing to its next tier."""
        reached = [(self._tier_minor(each), each) for each in offers]
        best = max(reached, key=lambda pair: pair[0], default=(0, None))  # the first of equals
        for saved, offer in reached:
            if (offer is best[1] and saved) or not best[0]:
                self.hints.extend(self._next_tier(offer))
        if best[1] is not None and best[0]:
            self._share(best[1], best[0], self._left_of(best[1]))

    def _tier_minor(self, offer: OfferTerms) -> int:
        weights = self._left_of(offer)
        measured = self._measured(offer, weights)
        tier = next((each for each in reversed(offer.tiers) if each.least <= measured), None)
        if tier is None:
            return 0
        whole = sum(weights.values())
        if tier.percent_bps:
            return percent_of(whole, tier.percent_bps, self.unit)
        return min(tier.amount_minor // self.unit * self.unit, whole)

    def _next_tier(self, offer: OfferTerms) -> Iterable[OfferHint]:
        weights = self._left_of(offer)
        measured = self._measured(offer, weights)
        following = min(
            (each for each in offer.tiers if each.least > measured), key=lambda each: each.least, default=None
        )
        if weights and following is not None:
            yield OfferHint(offer, following.least - measured, following)

    def _measured(self, offer: OfferTerms, weights: dict[UUID, int]) -> int:
        if offer.kind is OfferKind.SPEND:
            return sum(weights.values())
        return sum(line.line.quantity for line in self.lines if line.line.variant_id in weights)

    def _left_of(self, offer: OfferTerms) -> dict[UUID, int]:
        return {
            line.line.variant_id: self.left[line.line.variant_id] for line in self.lines if _covers(offer.target, line)
        }

    def _share(self, offer: OfferTerms, amount_minor: int, weights: dict[UUID, int]) -> None:
        shares = allocate(amount_minor // self.unit, {key: weight // self.unit for key, weight in weights.items()})
        self._take_off(offer, {key: count * self.unit for key, count in shares.items()})

    def _take_off(self, offer: OfferTerms, shares: dict[UUID, int]) -> None:
        for variant_id, share in shares.items():
            if share:
                self.left[variant_id] -= share
                self.discounts.append(
                    Adjustment(AdjustmentKind.DISCOUNT, offer.source, offer.name, Funder.SHOP, -share, variant_id)
                )


def _missing_pieces(offer: OfferTerms, begun: int) -> int:
    """Return the number of pieces that complete the next group: of bought goods, or of given ones."""
    if offer.gives_of is None:
        return offer.buys + offer.gives - begun
    return offer.buys - begun if begun < offer.buys else offer.gives


def _covers(target: Target, line: QuotedLine) -> bool:
    offer = line.offer
    return offer is not None and is_for(target, product_id=offer.product_id, category_id=offer.category_id)
