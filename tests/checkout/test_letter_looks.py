"""Letters about one shop have its look; what is fetched at the shop is told once it is ready."""

from __future__ import annotations

import pytest
from django_tenants.utils import schema_context

from checkout.events import OrderPaid
from checkout.fulfilling.advance_part import pack_part
from checkout.fulfilment.models import VendorOrder
from checkout.models import SubOrder
from kit.files import full_media_url
from kit.work import outbox
from notifications.models import Email, TextMessage
from tenants.models import Shop
from tenants.shops.brand import COLOURS, brand_of
from tests.world.clock import NOW
from tests.world.market import Stocked, open_shop, order_request, stock
from tests.world.own_shop import paid_order

READABLE = 4.5  # WCAG AA


@pytest.fixture
def cloth(db: None) -> Stocked:
    shop = open_shop("cloth-hall")
    Shop.objects.filter(pk=shop.pk).update(name="Cloth & <b>Hall</b>", logo="shops/1/logo-200.webp")
    return stock(shop)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", COLOURS)
def test_each_colour_can_be_read_on_white(colour: str) -> None:
    assert 1.05 / (luminance(colour) + 0.05) >= READABLE


@pytest.mark.parametrize("kind", ["flat", "pickup"])
def test_a_letter_about_one_shop_has_its_look_and_says_what_is_ready(cloth: Stocked, kind: str) -> None:
    part = SubOrder.objects.get(number=paid_order(cloth, now=NOW, request=order_request(email="guest@example.com")))
    delivery = {**part.delivery, "kind": kind, "details": "12 Broad Street\nMonday to Friday, 9 to 17"}
    SubOrder.objects.update(delivery=delivery)
    with schema_context(cloth.shop.schema_name):
        VendorOrder.objects.update(delivery=delivery)
    outbox.emit(OrderPaid(part.order_id), now=NOW)
    pack_part(shop=cloth.shop, number=part.number, now=NOW)
    outbox.relay(now=NOW)
    brand = brand_of(Shop.objects.get(pk=cloth.shop.pk))
    paid, packed = Email.objects.filter(to="guest@example.com").order_by("id")
    for letter in (paid, packed):
        assert "Cloth &amp; &lt;b&gt;Hall&lt;/b&gt;" in letter.html
        assert f'src="{full_media_url("shops/1/logo-200.webp")}"' in letter.html
        assert brand.colour in letter.html
    is_ready = kind == "pickup"
    assert packed.subject.startswith("Your order is ready to be picked up") == is_ready
    assert ("Where and when: 12 Broad Street Monday to Friday, 9 to 17" in packed.text) == is_ready
    assert not TextMessage.objects.exists()  # nobody asked for one
