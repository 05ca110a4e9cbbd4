"""A small market whose books hold, for tests that look at them or break them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django_tenants.utils import schema_context

from accounts.models import User
from catalogue.models import Product, StockLevel, Variant
from checkout.fulfilment.models import VendorOrder, VendorOrderLine
from checkout.models import Order, Payment, Refund, SubOrder
from kit.ids import access_key, order_number, uuid7
from payouts.commission import commission_of
from payouts.services.journals import post
from payouts.services.posting import SaleShare, post_refund, prepare_sale
from tenants.life.provisioning import provision_shop
from tenants.models import Shop
from tests.world.clock import NOW
from tests.world.factories.payments import new_reference
from tests.world.factories.people import person
from tests.world.ledger import rows
from webhooks.models import InboundEvent

RATE_BPS = 800
FEES_MINOR = 15_000
SHIPPING_MINOR = 1_500_00
SURPLUS_MINOR = 50_000


@dataclass(slots=True)
class Market:
    """Two shops, a paid order over both (with a surplus refunded) and a pending one."""

    shops: list[Shop]
    variants: dict[int, Variant]
    paid: Order
    pending: Order
    payment: Payment
    refund: Refund


def make_market(now: datetime = NOW, **profile: Any) -> Market:
    """Write a market straight to the tables, as the services would have left it."""
    shops = [
        provision_shop(slug=slug, name=name, owner_id=None, now=now, currency="NGN", status="live", **profile)
        for slug, name in (("indigo-fabrics", "Indigo Fabrics"), ("copper-kitchen", "Copper Kitchen"))
    ]
    variants = {shop.pk: _stock(shop, now) for shop in shops}
    paid = _order(shops, variants, status="paid", now=now)
    pending = _order(shops, variants, status="pending", now=now)
    payment = _pay(paid, now)
    refund = Refund.objects.create(
        payment=payment,
        amount_minor=SURPLUS_MINOR,
        currency="NGN",
        reason="Paid beyond the order's total.",
        status="processed",
        created_at=now,
        sent_at=now,
        ended_at=now,
    )
    post_refund(
        provider="paystack", refund_id=refund.pk, amount_minor=SURPLUS_MINOR, currency="NGN", occurred_at=now, now=now
    )
    Payment.objects.create(
        order=pending,
        provider="paystack",
        reference=new_reference(),
        amount_minor=pending.total_minor,
        currency="NGN",
        status="open",
        created_at=now,
    )
    return Market(shops, variants, paid, pending, payment, refund)


def _stock(shop: Shop, now: datetime) -> Variant:
    with schema_context(shop.schema_name):
        product = Product.objects.create(title="Tote", slug="tote", status="active", created_at=now, updated_at=now)
        variant = Variant.objects.create(product=product, sku="TOTE", price_minor=1_850_001)
        StockLevel.objects.create(variant=variant, on_hand=10, reserved=0)
    return variant


def _order(shops: list[Shop], variants: dict[int, Variant], *, status: str, now: datetime) -> Order:
    quantity = 2
    items = sum(variants[shop.pk].price_minor * quantity for shop in shops)
    shipping = SHIPPING_MINOR * len(shops)
    order = Order.objects.create(
        number=order_number(),
        email="buyer@kasuwa.test",
        access_key=access_key(),
        status=status,
        currency="NGN",
        items_minor=items,
        shipping_minor=shipping,
        total_minor=items + shipping,
        shipping_address={
            "name": "Ada Obi",
            "line1": "1 Broad Street",
            "city": "Lagos",
            "state": "Lagos",
            "country": "NG",
        },
        billing_address={},
        placed_at=now,
        expires_at=now + timedelta(minutes=30),
        paid_at=now if status == "paid" else None,
    )
    for position, shop in enumerate(shops, start=1):
        _part(order, shop, variants[shop.pk], quantity=quantity, position=position)
    return order


def _part(order: Order, shop: Shop, variant: Variant, *, quantity: int, position: int) -> None:
    items = variant.price_minor * quantity
    is_paid = order.status == "paid"
    common: dict[str, Any] = {
        "number": f"{order.number}-{position}",
        "status": "new" if is_paid else "pending",
        "currency": "NGN",
        "items_minor": items,
        "shipping_minor": SHIPPING_MINOR,
        "total_minor": items + SHIPPING_MINOR,
        "status_at": order.placed_at,
    }
    line = {
        "variant_id": str(variant.pk),
        "product_id": str(variant.product_id),
        "sku": variant.sku,
        "title": "Tote",
        "options": {},
        "image": "",
        "quantity": quantity,
        "unit_price_minor": variant.price_minor,
        "total_minor": items,
    }
    part = SubOrder.objects.create(
        id=uuid7(),
        order=order,
        shop=shop,
        commission_bps=RATE_BPS,
        commission_minor=commission_of(items_minor=items, shop_discount_minor=0, rate_bps=RATE_BPS),
        lines=[line],
        **common,
    )
    with schema_context(shop.schema_name):
        vendor_order = VendorOrder.objects.create(
            id=part.pk,
            stock_state="consumed" if is_paid else "reserved",
            buyer_name="Ada Obi",
            buyer_email=order.email,
            shipping_address=order.shipping_address,
            placed_at=order.placed_at,
            paid_at=order.paid_at,
            **common,
        )
        VendorOrderLine.objects.create(vendor_order=vendor_order, **line)
        if not is_paid:
            StockLevel.objects.filter(variant=variant).update(reserved=quantity)


def _pay(order: Order, now: datetime) -> Payment:
    captured = order.total_minor + SURPLUS_MINOR
    payment = Payment.objects.create(
        order=order,
        provider="paystack",
        reference=new_reference(),
        amount_minor=order.total_minor,
        captured_minor=captured,
        fees_minor=FEES_MINOR,
        currency="NGN",
        status="captured",
        created_at=now,
        captured_at=now,
    )
    shares = [
        SaleShare(part.shop_id, part.pk, part.total_minor - part.commission_minor, part.commission_minor)
        for part in order.sub_orders.order_by("number")
    ]
    post(
        prepare_sale(
            provider="paystack",
            reference=payment.reference,
            currency="NGN",
            captured_minor=captured,
            fees_minor=FEES_MINOR,
            shares=shares,
            refundable_minor=SURPLUS_MINOR,
            occurred_at=now,
            now=now,
        )
    )
    return payment


def make_operator() -> User:
    """Make an operator."""
    return person(email="operator@kasuwa.test", name="Ngozi Operator", is_operator=True)


def make_failed_event(market: Market) -> InboundEvent:
    """An event about the market's payment that could not be processed."""
    return InboundEvent.objects.create(
        provider="paystack",
        digest="ab" * 32,
        kind="charge.success",
        reference=market.payment.reference,
        body=b'{"event": "charge.success", "data": {"note": "<b>bold</b>"}}',
        status="failed",
        outcome="The provider timed out.",
        deliveries=3,
        received_at=NOW,
    )


def stored() -> list[Any]:
    """Return the rows that actions of the console change, to compare before and after a refusal."""
    return [
        rows("SELECT slug, status FROM tenants_shop ORDER BY slug"),
        rows("SELECT id, status FROM webhooks_inboundevent"),
        rows("SELECT id, status FROM checkout_refund"),
        rows("SELECT count(*) FROM console_auditentry"),
    ]
