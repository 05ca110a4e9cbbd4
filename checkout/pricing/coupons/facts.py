"""Facts of a coupon that a price depends on, as they are read with the shops' offers."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.crypto import salted_hmac

from checkout.models.coupons import ALL_BPS, LONGEST_CODE, CouponKind
from kit.text.characters import TextError, clean_line

MOST_CODES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponFacts:
    """A coupon as it is at this moment, and what is known of the buyer about it.

    Args:
        shop_id: None for a coupon of the platform.
        currency: empty for any.
        categories: with all that are below them.
        shops: of a coupon of the platform that holds in some alone.
        used_by_buyer: how often; 0 where the buyer is not known yet.
        has_ordered: whether a coupon for the first order comes too late for this buyer.
    """

    id: UUID
    code: str
    shop_id: int | None
    kind: CouponKind
    percent_bps: int = 0
    amount_minor: int = 0
    currency: str = ""
    minimum_minor: int = 0
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    uses_total: int | None = None
    uses_per_buyer: int | None = None
    used: int = 0
    is_first_order: bool = False
    is_paused: bool = False
    products: frozenset[UUID] = frozenset()
    categories: frozenset[int] = frozenset()
    shops: frozenset[int] = frozenset()
    used_by_buyer: int = 0
    has_ordered: bool = False

    @property
    def is_for_goods(self) -> bool:
        """Return whether it is taken off the goods, not off the delivery."""
        return self.kind != CouponKind.FREE_DELIVERY

    @property
    def most_per_buyer(self) -> int | None:
        """Return the most uses of one buyer; a coupon for the first order has one."""
        return 1 if self.is_first_order else self.uses_per_buyer

    def saving_minor(self, goods_minor: int, *, unit_minor: int = 1) -> int:
        """Return the discount on goods of a value, at most all of it; percentages are rounded half up.

        Args:
            unit_minor: the smallest amount that is paid in the currency; the value is a multiple of it.
        """
        if self.kind == CouponKind.PERCENT:
            units = (goods_minor * self.percent_bps + ALL_BPS * unit_minor // 2) // (ALL_BPS * unit_minor)
            return min(units * unit_minor, goods_minor)
        return min(self.amount_minor // unit_minor * unit_minor, goods_minor)


@dataclass(frozen=True, slots=True)
class CouponBuyerKey:
    """The buyer by whom uses are counted: a user with an account, or a guest by e-mail address; both may be unknown."""

    user_id: int | None = None
    email: str = ""

    @property
    def digest(self) -> str:
        """Return the key under which uses are counted, which does not reveal who it is; empty for an unknown buyer."""
        if self.user_id is not None:
            return _digest(f"account:{self.user_id}")
        email = self.email.strip().lower()
        return _digest(f"email:{email}") if email else ""


NOBODY = CouponBuyerKey()


def _digest(name: str) -> str:
    return salted_hmac("checkout.coupons", name, algorithm="sha256").hexdigest()[:40]


def clean_code(entered: str) -> str:
    """Return a code as it is stored: in capitals and without blanks, cut to its length; empty where it can't be one."""
    try:
        line = clean_line(entered[: 4 * LONGEST_CODE])
    except TextError:
        return ""
    return "".join(line.split()).upper()[:LONGEST_CODE]


def clean_codes(entered: Iterable[str]) -> tuple[str, ...]:
    """Return codes as they are stored, each once, in the order of the alphabet."""
    return tuple(sorted({code for each in entered if (code := clean_code(each))})[:MOST_CODES])


def of_code(coupons: Collection[CouponFacts], code: str) -> list[CouponFacts]:
    """Return the coupons that a code names, those of shops in the order of their ids before the platform's."""
    named = [each for each in coupons if each.code == code]
    return sorted(named, key=lambda each: (each.shop_id is None, each.shop_id or 0, each.id))
