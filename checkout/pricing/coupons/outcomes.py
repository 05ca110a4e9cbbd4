"""Outcome of each code that a buyer has entered: what it saves, or why it does not count."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from checkout.pricing.adjustments import Adjustment, Funder
from checkout.pricing.coupons.facts import CouponFacts, of_code
from checkout.pricing.coupons.planning import CouponPlan, source_of
from checkout.pricing.coupons.reasons import NEAREST, OF_THE_BASKET, CouponRefusal, Reason

PartAdjustments = tuple[int, str, Sequence[Adjustment]]  # shop id, currency, adjustments


@dataclass(frozen=True, slots=True)
class Used:
    """A coupon that counts, and what it takes off in one currency."""

    coupon_id: UUID
    saved_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class CouponOutcome:
    """Outcome of a code.

    Args:
        used: the coupons that count; a code may be that of several shops.
        refusal: why it doesn't count; None where it does.
    """

    code: str
    used: tuple[Used, ...] = ()
    refusal: CouponRefusal | None = None

    @property
    def counts(self) -> bool:
        """Return whether it saves something."""
        return bool(self.used)

    @property
    def reason(self) -> str:
        """Return why it doesn't count, for programs; empty where it does."""
        return str(self.refusal.reason) if self.refusal else ""

    @property
    def message(self) -> str:
        """Return why it doesn't count, for people; empty where it does."""
        return self.refusal.sentence(self.code) if self.refusal else ""

    @property
    def may_apply_later(self) -> bool:
        """Return whether another basket of the same buyer could make it count."""
        return self.refusal is None or self.refusal.reason in OF_THE_BASKET

    @property
    def savings(self) -> tuple[tuple[str, int], ...]:
        """Return the savings as pairs of currency and amount."""
        return tuple(sorted(self.saved.items()))

    @property
    def saved(self) -> Mapping[str, int]:
        """Return the savings by currency."""
        sums: dict[str, int] = {}
        for each in self.used:
            sums[each.currency] = sums.get(each.currency, 0) + each.saved_minor
        return sums


def outcomes_of(plan: CouponPlan, parts: Iterable[PartAdjustments]) -> tuple[CouponOutcome, ...]:
    """Return the outcome of each code over some parts, in the order of the codes."""
    if not plan.codes:
        return ()
    given = list(parts)
    return tuple(_outcome(code, plan, given) for code in plan.codes)


def _outcome(code: str, plan: CouponPlan, parts: Sequence[PartAdjustments]) -> CouponOutcome:
    coupons = of_code(plan.coupons, code)
    used = tuple(use for coupon in coupons for use in _uses(coupon, parts))
    if used:
        return CouponOutcome(code, used)
    currencies = {currency for _, currency, _ in parts}
    reasons = [_why_not(coupon, plan, currencies) for coupon in coupons]
    nearest = min(reasons, key=lambda why: NEAREST.index(why.reason), default=CouponRefusal(Reason.UNKNOWN))
    return CouponOutcome(code, refusal=nearest)


def _uses(coupon: CouponFacts, parts: Sequence[PartAdjustments]) -> Iterable[Used]:
    funder = Funder.PLATFORM if coupon.shop_id is None else Funder.SHOP
    sums: dict[str, int] = {}
    for shop_id, currency, adjustments in parts:
        if coupon.shop_id not in {None, shop_id}:
            continue
        saved = -sum(
            each.amount_minor for each in adjustments if each.source == source_of(coupon) and each.funded_by is funder
        )
        if saved:
            sums[currency] = sums.get(currency, 0) + saved
    return [Used(coupon.id, saved, currency) for currency, saved in sorted(sums.items())]


def _why_not(coupon: CouponFacts, plan: CouponPlan, currencies: set[str]) -> CouponRefusal:
    found = [why for currency, why in plan.refused.get(coupon.id, {}).items() if currency in currencies]
    if found:
        return min(found, key=lambda why: NEAREST.index(why.reason))
    if not currencies or coupon.is_for_goods:
        return CouponRefusal(Reason.NOT_IN_BASKET)
    return CouponRefusal(Reason.NOTHING_TO_SAVE)
