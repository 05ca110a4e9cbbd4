"""A small market for tests: shops with stock, carts, buyers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django_tenants.utils import schema_context

from catalogue.models import Product, StockLevel, Variant
from catalogue.services.inputs import ProductInput, VariantInput
from catalogue.services.products import create_product
from checkout.fulfilment.models import VendorOrder
from checkout.models import Order
from checkout.placing.place_order import place_order
from checkout.placing.request import Address, Buyer, OrderRequest
from checkout.pricing.lines import CartLine
from kit.ids import uuid7
from tenants.life.provisioning import provision_shop
from tenants.models import Shop, ShopStatus
from tests.world.clock import NOW

ADDRESS = Address(
    name="Ada Obi", line1="12 Bode Thomas St", city="Surulere", state="Lagos", country="NG", phone="+2348012345678"
)


@dataclass(frozen=True)
class Stocked:
    """A variant on a shop's shelf."""

    shop: Shop
    product_id: UUID
    variant_id: UUID
    price_minor: int

    def line(self, quantity: int = 1) -> CartLine:
        """A cart line for it."""
        return CartLine(self.variant_id, self.shop.pk, quantity, self.price_minor)

    def level(self) -> tuple[int, int]:
        """Return the stock on hand and reserved now."""
        with schema_context(self.shop.schema_name):
            level = StockLevel.objects.get(variant_id=self.variant_id)
        return level.on_hand, level.reserved

    def set_price(self, price_minor: int) -> None:
        """Change the price behind the buyer's back."""
        with schema_context(self.shop.schema_name):
            Variant.objects.filter(pk=self.variant_id).update(price_minor=price_minor)


def open_shop(
    slug: str, *, shipping_minor: int = 150_000, commission_bps: int | None = None, currency: str = "NGN"
) -> Shop:
    """A live shop without products."""
    return provision_shop(
        slug=slug,
        name=slug.replace("-", " ").title(),
        owner_id=None,
        now=NOW,
        status=ShopStatus.LIVE,
        currency=currency,
        shipping_minor=shipping_minor,
        commission_bps=commission_bps,
    )


def stock(shop: Shop, *, sku: str = "TOTE-1", price_minor: int = 1_850_000, on_hand: int = 10) -> Stocked:
    """Put a product with one variant on a shop's shelf."""
    data = ProductInput(
        title=f"Product {sku}",
        status="active",
        variants=[VariantInput(sku=sku, price_minor=price_minor, on_hand=on_hand, options={"Colour": "Indigo"})],
    )
    product = create_product(shop=shop, data=data, now=NOW)
    with schema_context(shop.schema_name):
        variant = Product.objects.get(pk=product.pk).variants.get()
    return Stocked(shop, product.pk, variant.pk, price_minor)


def order_request(
    *,
    key: str | None = None,
    email: str = "buyer@example.com",
    user_id: int | None = None,
    expected: int | None = None,
    currency: str = "",
) -> OrderRequest:
    """Return a buyer's request at checkout."""
    return OrderRequest(
        buyer=Buyer(email=email, user_id=user_id),
        shipping_address=ADDRESS,
        billing_address=ADDRESS,
        scope=f"checkout:{email}",
        request_key=key or uuid7().hex,
        expected_total_minor=expected,
        currency=currency,
    )


def buy(*lines: CartLine, now: datetime = NOW, request: OrderRequest | None = None) -> Order:
    """Place an order for some lines."""
    return place_order(lines=lines, request=request or order_request(), now=now).order


def vendor_orders(shops: Sequence[Shop]) -> list[VendorOrder]:
    """Every vendor order of some shops."""
    found: list[VendorOrder] = []
    for shop in shops:
        with schema_context(shop.schema_name):
            found += VendorOrder.objects.prefetch_related("lines").order_by("number")
    return found
