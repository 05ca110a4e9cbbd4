"""Orders that were paid for, written as rows, and their sales booked: those of many histories at once."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from checkout.models import Order, Payment, Refund, SubOrder
from checkout.orders.shares import share_of
from checkout.pricing.adjustments import Adjustment, AdjustmentKind, Funder
from checkout.pricing.commission import CommissionLine, charge_lines
from checkout.pricing.commission_tax import tax_on_commission
from kit.db.pipeline import ask_all
from kit.ids import access_key, order_number, uuid7
from payouts.commission import Choice, rate_rule
from payouts.commission.rules import Seller
from payouts.services.journals import Posting, post
from payouts.services.posting import prepare_free_sale, prepare_sale
from tenants.models import Shop
from tests.payouts.histories.purses import Part, Purse, commission_on
from tests.payouts.histories.reckoning import Sale

PROVIDERS = ("paystack", "paystack", "paystack", "pebble")
RATES = (0, 1, 99, 800, 3_333, 9_900)  # of the market's commission, in basis points
PRICES = (1, 99, 10_000, 1_850_050)
DELIVERIES = (0, 0, 1, 150_000)
MOST_MINOR = 10**8
TWICE = 0.1  # of what is told, so much is told again


@dataclass(frozen=True)
class Sold:
    """An order with its payment, both as rows, and its sale on paper; nothing is paid for what costs nothing."""

    order: Order
    parts: list[SubOrder]
    payment: Payment | None
    sale: Sale
    fees: int

    @property
    def key(self) -> UUID:
        """Return the order's id."""
        return UUID(str(self.order.pk))


def draw(chance: random.Random, shops: Sequence[tuple[Shop, Purse]], now: datetime) -> Sold:
    """Draw an order over some shops: with a coupon of the market or without, paid in full, too much, or not at all."""
    order = Order(
        number=order_number(),
        email="buyer@example.com",
        access_key=access_key(),
        status="paid",
        currency=shops[0][0].currency,
        shipping_address={},
        billing_address={},
        placed_at=now,
        expires_at=now + timedelta(minutes=30),
        paid_at=now,
    )
    parts, reckoned = [], []
    for position, (shop, purse) in enumerate(shops, start=1):
        part = _part(chance, order, shop, position, now)
        parts.append(part)
        commission, tax = commission_on(part.items_minor, part.commission_bps, str(shop.country))
        gift = part.platform_discount_minor
        reckoned.append(Part(part.pk, purse, part.total_minor, commission, tax, gift, part.shipping_minor))
    for name in ("items_minor", "discount_minor", "shipping_minor", "total_minor"):
        setattr(order, name, sum(getattr(part, name) for part in parts))
    surplus = chance.choice([0, 0, 0, 0, chance.randint(1, 500)]) if order.total_minor else 0
    captured = order.total_minor + surplus
    sale = Sale(reckoned, chance.choice(PROVIDERS), captured, surplus)
    fees = min(captured, captured * 15 // 1_000 + 100)
    return Sold(order, parts, _payment(order, sale, fees, now) if captured else None, sale, fees)


def write(chance: random.Random, sold: Sequence[Sold], now: datetime) -> None:
    """Write orders and book their sales, of some twice; what was paid beyond an order is to be refunded."""
    Order.objects.bulk_create([each.order for each in sold])
    SubOrder.objects.bulk_create([part for each in sold for part in each.parts])
    Payment.objects.bulk_create([each.payment for each in sold if each.payment])
    Refund.objects.bulk_create(_surpluses(sold, now))
    postings = [posting for each in sold if (posting := _posting(each, now)) is not None]
    with transaction.atomic():
        posted = ask_all([posting.query() for posting in postings])
        assert all(posting.finish(answer) for posting, answer in zip(postings, posted, strict=True))
    for posting in postings:
        if chance.random() < TWICE / 5:
            assert post(posting) is None, "told twice, it is booked once"


def _part(chance: random.Random, order: Order, shop: Shop, position: int, now: datetime) -> SubOrder:
    price, bps = chance.choice([*PRICES, chance.randint(1, MOST_MINOR)]), chance.choice(RATES)
    gift, delivery = chance.choice([0, 0, 0, chance.randint(0, price), price]), chance.choice(DELIVERIES)
    variant_id = uuid7()
    line = CommissionLine(variant_id, 1, price, Choice(rate_rule(Seller.SHOP_RATE, bps)))
    commission = charge_lines([line], version=1, tax=tax_on_commission(country=str(shop.country), on=now.date()))
    coupon = Adjustment(AdjustmentKind.DISCOUNT, "MARKET", "Of the market", Funder.PLATFORM, -gift, variant_id)
    snapshot = {
        "variant_id": str(variant_id),
        "product_id": str(variant_id),
        "sku": "TOTE",
        "title": "Tote",
        "options": {},
        "image": "",
        "quantity": 1,
        "unit_price_minor": price,
        "total_minor": price,
    }
    return SubOrder(
        order=order,
        shop=shop,
        number=f"{order.number}-{position}",
        status="new",
        currency=order.currency,
        items_minor=price,
        discount_minor=gift,
        shipping_minor=delivery,
        total_minor=price - gift + delivery,
        platform_discount_minor=gift,
        commission_bps=bps,
        commission_minor=commission.total_minor,
        commission_tax_minor=commission.tax_minor,
        commission=commission.as_json(),
        adjustments=[coupon.as_dict()] if gift else [],
        lines=[snapshot],
        status_at=now,
    )


def _payment(order: Order, sale: Sale, fees: int, now: datetime) -> Payment:
    return Payment(
        order=order,
        provider=sale.provider,
        reference=f"ks-{order.pk.hex[-20:]}",
        amount_minor=order.total_minor,
        captured_minor=sale.captured,
        fees_minor=fees,
        currency=order.currency,
        status="captured",
        created_at=now,
        captured_at=now,
    )


def _surpluses(sold: Iterable[Sold], now: datetime) -> list[Refund]:
    return [
        Refund(
            payment=each.payment,
            amount_minor=each.sale.surplus,
            currency=each.order.currency,
            reason="Paid beyond the order's total.",
            goes_alone=each.sale.provider == "paystack",
            created_at=now,
        )
        for each in sold
        if each.sale.surplus
    ]


def _posting(sold: Sold, now: datetime) -> Posting | None:
    shares, currency = [share_of(part) for part in sold.parts], str(sold.order.currency)
    if sold.payment is None:
        return prepare_free_sale(number=sold.order.number, currency=currency, shares=shares, now=now)
    return prepare_sale(
        provider=sold.sale.provider,
        reference=sold.payment.reference,
        currency=currency,
        captured_minor=sold.sale.captured,
        fees_minor=sold.fees,
        shares=shares,
        refundable_minor=sold.sale.surplus,
        occurred_at=now,
        now=now,
    )
