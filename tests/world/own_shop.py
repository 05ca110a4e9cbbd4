"""A shop with everything its staff work on, for tests of its pages and API."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import schema_context
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from accounts.models import User
from catalogue.models import ProductImage
from checkout.fulfilment.models import VendorOrder
from checkout.fulfilment.services import mark_paid
from checkout.models import Order, OrderStatus, SubOrder
from checkout.placing.request import OrderRequest
from payouts.services.journals import post
from payouts.services.posting import SaleShare, prepare_sale
from tenants.models import Role, Shop
from tenants.staff.members import add_member
from tests.world.factories.payments import new_reference
from tests.world.market import Stocked, buy, open_shop, stock


@dataclass(frozen=True)
class Staffed:
    """A shop with a product on its shelf, a picture on it, and a paid order."""

    shop: Shop
    stocked: Stocked
    image_id: int
    number: str

    @property
    def secrets(self) -> list[str]:
        """Return the words of the shop's private data: its product, its order, its buyer."""
        return [str(self.stocked.product_id), str(self.stocked.variant_id), self.number, f"SECRET-{self.shop.slug}"]


def staffed(slug: str) -> Staffed:
    """Open a shop with a product, a picture and a paid order."""
    shop = open_shop(slug)
    stocked = stock(shop, sku=f"SECRET-{slug}")
    with schema_context(shop.schema_name):
        image = ProductImage.objects.create(product_id=stocked.product_id, file="shops/1/tote-800.webp")
    return Staffed(shop, stocked, image.pk, paid_order(stocked))


def paid_order(
    stocked: Stocked, *, quantity: int = 1, now: datetime | None = None, request: OrderRequest | None = None
) -> str:
    """Buy and pay for something, and return the sub-order's number."""
    now = now or timezone.now()
    order = buy(stocked.line(quantity), now=now, request=request)
    [part] = SubOrder.objects.filter(order=order)
    mark_paid(schema_name=stocked.shop.schema_name, sub_order_id=part.pk, shop_id=stocked.shop.pk, now=now)
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.PAID, paid_at=now)
    SubOrder.objects.filter(pk=part.pk).update(status="new", status_at=now)
    share = SaleShare(part.shop_id, part.pk, part.total_minor - part.commission_minor, part.commission_minor)
    post(
        prepare_sale(
            provider="paystack",
            reference=new_reference(),
            currency="NGN",
            captured_minor=part.total_minor,
            fees_minor=0,
            shares=[share],
            refundable_minor=0,
            occurred_at=now,
            now=now,
        )
    )
    return str(part.number)


def member(shop: Shop, role: Role = Role.OWNER) -> User:
    """Have somebody work in a shop."""
    user = User.objects.create_user(f"{role}@{shop.slug}.test", name=f"{role} of {shop.slug}")
    add_member(shop_id=shop.pk, user_id=user.pk, role=role, now=timezone.now())
    return user


def page_client(shop: Shop, user: Any = None, **more: Any) -> Client:
    """A browser on a shop's host."""
    client = Client(HTTP_HOST=f"{shop.slug}.{settings.BASE_DOMAIN}", **more)
    if user is not None:
        client.force_login(user)
    return client


def api(shop: Shop | None, user: Any = None) -> APIClient:
    """A program on a shop's host, or without one on the platform's, with somebody's token."""
    client = APIClient(HTTP_HOST=f"{shop.slug}.{settings.BASE_DOMAIN}" if shop else settings.BASE_DOMAIN)
    if user is not None:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(user)}")
    return client


def order_status(shop: Shop, number: str) -> tuple[str, str]:
    """Return an order's status in the shop's own record, and in the public one."""
    with schema_context(shop.schema_name):
        own = VendorOrder.objects.get(number=number).status
    return own, SubOrder.objects.get(number=number).status


@contextmanager
def counted() -> Iterator[CaptureQueriesContext]:
    """Count the statements of a block."""
    with CaptureQueriesContext(connection) as queries:
        yield queries
