"""Plan of a basket's coupons: those that count, and the discount of each line; a pure function (docs/pricing.md)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from checkout.pricing.adjustments import Adjustment, AdjustmentKind, Funder
from checkout.pricing.allocation import allocate
from checkout.pricing.coupons.facts import CouponFacts
from checkout.pricing.coupons.reasons import CouponRefusal, Reason
from checkout.pricing.quoted_lines import QuotedLine
from kit.money import smallest_unit
from tenants.shops.selectors import ShopFacts


@dataclass(frozen=True, slots=True)
class PartGoods:
    """The counted lines of one shop's part before a coupon, with what automatic offers have taken off them."""

    shop: ShopFacts
    lines: tuple[QuotedLine, ...]
    taken: Mapping[UUID, int] = field(default_factory=dict)

    def left_of(self, line: QuotedLine) -> int:
        """Return the rest of a line's price."""
        return line.total_minor - self.taken.get(line.line.variant_id, 0)


@dataclass(frozen=True, slots=True)
class PartCoupons:
    """Coupons of one shop's part: discounts of its lines, and those that pay its delivery."""

    discounts: tuple[Adjustment, ...] = ()
    deliveries: tuple[CouponFacts, ...] = ()


NO_PART_COUPONS = PartCoupons()


@dataclass(frozen=True, slots=True)
class CouponPlan:
    """Coupons of a basket: what each part gets, and why others do not count.

    Args:
        codes: the codes that the buyer has entered.
        coupons: those that the codes name in the basket's shops and of the platform.
        parts: by shop id.
        refused: the reasons by the coupon's id and the currency that it was tried in.
    """

    codes: tuple[str, ...] = ()
    coupons: tuple[CouponFacts, ...] = ()
    parts: Mapping[int, PartCoupons] = field(default_factory=dict)
    refused: Mapping[UUID, Mapping[str, CouponRefusal]] = field(default_factory=dict)

    def part(self, shop_id: int) -> PartCoupons:
        """Return the coupons of one shop's part."""
        return self.parts.get(shop_id, NO_PART_COUPONS)


NO_COUPONS = CouponPlan()


def source_of(coupon: CouponFacts) -> str:
    """Return the source of a coupon's adjustments."""
    return f"coupon:{coupon.code}"


def plan_coupons(
    goods: Sequence[PartGoods], *, coupons: Iterable[CouponFacts], codes: tuple[str, ...], now: datetime
) -> CouponPlan:
    """Decide which coupons count: of each shop one for the goods, then of the platform one for each currency.

    Of several that could count the one that saves most does, among equals the first in the alphabet, so that neither
    the order of the lines nor that of the codes matters. Coupons for the delivery are kept apart: a shop's come before
    the platform's.
    """
    ordered = tuple(sorted(coupons, key=lambda each: (each.code, each.shop_id or 0, each.id)))
    if not ordered:
        return CouponPlan(codes=codes)
    planning = _Planning(goods, now)
    for part in goods:
        planning.offer([part], [each for each in ordered if each.shop_id == part.shop.id], Funder.SHOP)
    own = [each for each in ordered if each.shop_id is None]
    for currency in sorted({part.shop.currency for part in goods}):
        planning.offer([part for part in goods if part.shop.currency == currency], own, Funder.PLATFORM)
    parts = {
        shop_id: PartCoupons(tuple(discounts), tuple(planning.deliveries.get(shop_id, ())))
        for shop_id, discounts in planning.discounts.items()
    }
    return CouponPlan(codes, ordered, parts, planning.refused)


@dataclass(slots=True)
class _Planning:
    """A plan under way: what is left of each line's value after the coupons that count so far."""

    goods: Sequence[PartGoods]
    now: datetime
    left: dict[UUID, int] = field(init=False)
    discounts: dict[int, list[Adjustment]] = field(init=False)
    deliveries: dict[int, list[CouponFacts]] = field(default_factory=dict)
    refused: dict[UUID, dict[str, CouponRefusal]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.left = {line.line.variant_id: part.left_of(line) for part in self.goods for line in part.lines}
        self.discounts = {part.shop.id: [] for part in self.goods}

    def offer(self, parts: Sequence[PartGoods], coupons: Sequence[CouponFacts], funder: Funder) -> None:
        """Let the best of some coupons count for parts of one currency; all of them have one funder."""
        fitting = [each for each in coupons if not self._is_refused(each, parts)]
        self._discount(parts, [each for each in fitting if each.is_for_goods], funder)
        for coupon in fitting:
            if not coupon.is_for_goods:
                for part in parts:
                    if _covered(coupon, [part]):
                        self.deliveries.setdefault(part.shop.id, []).append(coupon)

    def _is_refused(self, coupon: CouponFacts, parts: Sequence[PartGoods]) -> bool:
        why = refusal_of(coupon, parts, now=self.now)
        if why is not None:
            self._refuse(coupon, parts[0].shop.currency, why)
        return why is not None

    def _discount(self, parts: Sequence[PartGoods], coupons: Sequence[CouponFacts], funder: Funder) -> None:
        if not coupons:
            return
        currency = parts[0].shop.currency
        unit = smallest_unit(currency)
        savings = {each.id: each.saving_minor(self._left_of(each, parts), unit_minor=unit) for each in coupons}
        best = max(coupons, key=lambda each: savings[each.id])  # the first of equals
        for each in coupons:
            if not savings[each.id]:
                self._refuse(each, currency, CouponRefusal(Reason.NOTHING_TO_SAVE))
            elif each is not best:
                self._refuse(each, currency, CouponRefusal(Reason.NOT_COMBINED, counted=best.code))
        if savings[best.id]:
            self._take_off(best, parts, savings[best.id], funder)

    def _take_off(self, coupon: CouponFacts, parts: Sequence[PartGoods], amount_minor: int, funder: Funder) -> None:
        shops = {line.line.variant_id: line.line.shop_id for line in _covered(coupon, parts)}
        unit = smallest_unit(parts[0].shop.currency)
        units = allocate(amount_minor // unit, {variant_id: self.left[variant_id] // unit for variant_id in shops})
        for variant_id, count in units.items():
            if share := count * unit:
                self.left[variant_id] -= share
                self.discounts[shops[variant_id]].append(
                    Adjustment(AdjustmentKind.DISCOUNT, source_of(coupon), label_of(coupon), funder, -share, variant_id)
                )

    def _left_of(self, coupon: CouponFacts, parts: Sequence[PartGoods]) -> int:
        return sum(self.left[line.line.variant_id] for line in _covered(coupon, parts))

    def _refuse(self, coupon: CouponFacts, currency: str, why: CouponRefusal) -> None:
        self.refused.setdefault(coupon.id, {})[currency] = why


def label_of(coupon: CouponFacts) -> str:
    """Return the label of a coupon's adjustments; it is stored, and the same in every language."""
    return f"Coupon {coupon.code}"


def refusal_of(coupon: CouponFacts, parts: Sequence[PartGoods], *, now: datetime) -> CouponRefusal | None:
    """Return why a coupon does not count for parts of one currency; None where it may."""
    return _over(coupon, now) or _used(coupon) or _unfit(coupon, parts)


def _over(coupon: CouponFacts, now: datetime) -> CouponRefusal | None:
    if coupon.is_paused:
        return CouponRefusal(Reason.PAUSED)
    if coupon.starts_at is not None and now < coupon.starts_at:
        return CouponRefusal(Reason.NOT_STARTED, at=coupon.starts_at)
    if coupon.ends_at is not None and now >= coupon.ends_at:
        return CouponRefusal(Reason.ENDED, at=coupon.ends_at)
    return None


def _used(coupon: CouponFacts) -> CouponRefusal | None:
    most = coupon.most_per_buyer
    if most is not None and coupon.used_by_buyer >= most:
        return CouponRefusal(Reason.USED_BY_YOU)
    if coupon.has_ordered:
        return CouponRefusal(Reason.NOT_FIRST_ORDER)
    if coupon.uses_total is not None and coupon.used >= coupon.uses_total:
        return CouponRefusal(Reason.USED_UP)
    return None


def _unfit(coupon: CouponFacts, parts: Sequence[PartGoods]) -> CouponRefusal | None:
    currency = parts[0].shop.currency
    if coupon.currency not in {"", currency}:
        return CouponRefusal(Reason.OTHER_CURRENCY, currency=coupon.currency)
    covered = _covered(coupon, parts)
    if not covered:
        return CouponRefusal(Reason.NOT_IN_BASKET)
    taken = sum(part.taken.get(line.line.variant_id, 0) for line in covered for part in parts)
    missing = coupon.minimum_minor - sum(line.total_minor for line in covered) + taken
    return CouponRefusal(Reason.BELOW_MINIMUM, missing_minor=missing, currency=currency) if missing > 0 else None


def _covered(coupon: CouponFacts, parts: Sequence[PartGoods]) -> list[QuotedLine]:
    """Return the lines that a coupon is for."""
    return [
        line
        for part in parts
        if not coupon.shops or part.shop.id in coupon.shops
        for line in part.lines
        if _covers(coupon, line)
    ]


def _covers(coupon: CouponFacts, line: QuotedLine) -> bool:
    if line.offer is None:
        return False
    if not coupon.products and not coupon.categories:
        return True
    return line.offer.product_id in coupon.products or line.offer.category_id in coupon.categories
