"""Five shops that differ in tax, offers and commission, and what a history may do with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from checkout.models import Coupon, Order, Payment, Return, SubOrder
from kit.ids import uuid7
from paystack_sandbox.testing import SandboxProcess
from tenants.models import Shop
from tests.world.clock import NOW
from tests.world.commission import rule_on
from tests.world.coupons import coupon
from tests.world.exchanges import stock_sizes
from tests.world.market import Stocked, open_shop
from tests.world.offers import automatic_offer
from tests.world.tax import register

SLUGS = ("indigo", "copper", "clay", "leather", "lamp")
PRICES = (1_850_000, 99_999, 333_333, 5_000_00, 7)
ON_HAND = (90, 60, 40, 20, 5)
# Of each product there is another size: at the same price, dearer, cheaper, dearer by less than can be charged.
OTHER_PRICES = (1_850_000, 150_003, 250_001, 5_000_00 + 7, 7)
BUYERS = 4


def open_shops() -> list[Shop]:
    """Open the shops: prices with tax and without, an offer, rates and commission rules that leave remainders."""
    shops = [
        open_shop(slug, shipping_minor=number * 50_000, commission_bps=700 + 111 * number)
        for number, slug in enumerate(SLUGS)
    ]
    register(shops[0])
    register(shops[1], is_included=True)
    automatic_offer(shops[2])
    amounts: dict[str, Any] = {"currency": "NGN", "fixed_minor": 1_111, "floor_minor": 5, "cap_minor": 9_999}
    rule_on("Copper", shop_id=shops[1].pk, percent_bps=1_234, **amounts)
    rule_on("All else", percent_bps=666, currency="NGN", cap_minor=30_003)  # the shops' own rates come before it
    rule_on("Clay", shop_id=shops[2].pk, percent_bps=3)
    return shops


@dataclass
class History:
    """What happened in one run: its own goods and coupons in the shops that all runs share.

    Args:
        tail: of names, so that no run meets the goods or codes of another.
    """

    shops: list[Shop]
    staff_id: int
    paystack: SandboxProcess
    tail: str = ""
    now: datetime = NOW
    goods: list[Stocked] = field(default_factory=list)
    others: list[Stocked] = field(default_factory=list)
    coupons: list[Coupon] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tail = uuid7().hex[-10:].upper()
        for shop, price, other, on_hand in zip(self.shops, PRICES, OTHER_PRICES, ON_HAND, strict=True):
            prices = {"A": price, "B": other}
            sizes = stock_sizes(shop, sku=f"{shop.slug}-{self.tail}", prices=prices, on_hand=on_hand)
            self.goods.append(sizes["A"])
            self.others.append(sizes["B"])
        market: dict[str, Any] = {"code": f"M{self.tail}", "uses_total": 12}
        self.coupons = [coupon(**market), coupon(self.shops[0], code=f"S{self.tail}", percent_bps=3_333)]

    def email(self, number: int) -> str:
        """Return a buyer's address; a run finds its own orders by it."""
        return f"{number % BUYERS}@{self.domain}"

    @property
    def domain(self) -> str:
        """The run's buyers' domain."""
        return f"{self.tail.lower()}.example.com"

    @property
    def orders(self) -> list[Order]:
        """The run's orders, oldest first."""
        return list(Order.objects.filter(email__endswith=self.domain).order_by("pk"))

    @property
    def parts(self) -> list[SubOrder]:
        """The parts of the run's orders."""
        return list(
            SubOrder.objects.filter(order__email__endswith=self.domain)
            .select_related("shop", "order")
            .order_by("number")
        )

    @property
    def payments(self) -> list[Payment]:
        """The payments of the run's orders, oldest first."""
        return list(Payment.objects.filter(order__email__endswith=self.domain).order_by("pk"))

    @property
    def returns(self) -> list[Return]:
        """The returns of the run's orders, oldest first."""
        theirs = Return.objects.filter(sub_order__order__email__endswith=self.domain)
        return list(theirs.select_related("sub_order").order_by("pk"))

    def later(self, **passed: float) -> None:
        """Let time pass, at the provider too."""
        time = timedelta(**passed)
        self.paystack.call("POST", "/sandbox/time", {"advance": int(time.total_seconds())})
        self.now += time


def other_size(history: History, variant_id: UUID) -> UUID:
    """Return the other size of a variant's product."""
    sizes = {a.variant_id: b.variant_id for a, b in zip(history.goods, history.others, strict=True)}
    return (sizes | {b: a for a, b in sizes.items()})[variant_id]


def variants_of(part: SubOrder) -> list[UUID]:
    """Return the variants of a part's lines."""
    return [UUID(line["variant_id"]) for line in part.lines]
