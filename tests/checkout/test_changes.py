"""What has changed since the buyer last looked at a basket is named, on pages, over the API and in refusals."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from django_tenants.utils import schema_context

from catalogue.models import StockLevel
from checkout.cart.shown_changes import changes_between, shown_state
from checkout.models import AutomaticOffer, Coupon, Order
from checkout.offers.keeping import change_offer
from checkout.pricing.choices import Choices
from checkout.pricing.reading import read_quote
from tenants.models import Shop
from tests.checkout.test_pages import ADDRESS, fill
from tests.world.coupons import coupon
from tests.world.market import Stocked, open_shop, stock
from tests.world.offers import automatic_offer
from tests.world.tax import register

pytestmark = pytest.mark.django_db
V1 = "/api/v1"


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"), price_minor=1_200_000)


def told(client: Client) -> list[str]:
    """What the basket's page names as changed."""
    page = client.get("/cart/").content.decode()
    found = re.search(r"Changed since you last looked.*?<ul>(.*?)</ul>", page, flags=re.DOTALL)
    return [html.unescape(each) for each in re.findall(r"<li>(.*?)</li>", found[1])] if found else []


def title_of(item: Stocked) -> str:
    [line] = read_quote([item.line()], now=timezone.now()).lines
    assert line.offer is not None
    return line.offer.title


def test_a_price_that_has_changed_is_named_once(client: Client, cloth: Stocked) -> None:
    fill(client, cloth)
    assert told(client) == []
    cloth.set_price(1_450_000)
    assert told(client) == [f"{title_of(cloth)}: now ₦14,500, was ₦12,000."]
    assert told(client) == []


def test_offers_coupons_tax_and_availability_are_named(client: Client, cloth: Stocked) -> None:
    fill(client, cloth, 3)
    ten = coupon(cloth.shop)
    client.post("/cart/change/", {"coupon": "TEN"})
    offer = automatic_offer(cloth.shop)
    told(client)
    now = timezone.now()
    change_offer(shop=cloth.shop, offer_id=offer.pk, changes={"is_paused": True}, actor_id=None, now=now)
    assert told(client) == [
        "Coupon TEN at Cloth Hall: now −₦3,600, was −₦2,400.",
        "Two and one at Cloth Hall: no more, was −₦12,000.",
    ]
    Coupon.objects.filter(pk=ten.pk).update(is_paused=True)
    assert told(client) == ["Coupon TEN at Cloth Hall: no more, was −₦3,600."]
    register(cloth.shop)
    assert told(client) == ["VAT 7.5% at Cloth Hall: now ₦2,812.50."]
    with schema_context(cloth.shop.schema_name):
        StockLevel.objects.update(on_hand=2)
    assert told(client) == [f"{title_of(cloth)}: only 2 left."]
    with schema_context(cloth.shop.schema_name):
        StockLevel.objects.update(on_hand=9)
    assert told(client) == [f"{title_of(cloth)} is available again."]


def test_what_the_buyer_changes_is_not_named(client: Client, cloth: Stocked) -> None:
    automatic_offer(cloth.shop)
    coupon(cloth.shop)
    fill(client, cloth, 2)
    told(client)
    fill(client, cloth, 1)
    assert told(client) == [], "the offer counts with the third piece"
    client.post("/cart/change/", {"coupon": "TEN"})
    assert told(client) == []


def test_another_language_is_no_change(cloth: Stocked) -> None:
    register(cloth.shop)
    coupon(cloth.shop)
    automatic_offer(cloth.shop)
    choices = Choices(coupons=("TEN",))
    quoted = read_quote([cloth.line(3)], now=timezone.now(), choices=choices)
    before = shown_state(quoted)
    with override("fr"):
        assert "Livraison" in [row[1] for row in shown_state(quoted)["parts"]["cloth-hall"]["rows"]]
        assert changes_between(before, quoted) == []
    cheaper = Shop.objects.filter(pk=cloth.shop.pk).update(shipping_minor=50_000)
    assert cheaper
    now = read_quote([cloth.line(3)], now=timezone.now(), choices=choices)
    assert ("Delivery at Cloth Hall: now ₦500, was ₦1,500.") in [each.message for each in changes_between(before, now)]


def test_rows_of_the_release_before_are_compared_with_none(cloth: Stocked) -> None:
    quoted = read_quote([cloth.line()], now=timezone.now())
    before = shown_state(quoted)
    before["parts"]["cloth-hall"]["rows"] = [["delivery:Livraison", "Livraison", 1]]
    assert changes_between(before, quoted) == []


def test_the_api_names_changes_where_the_cart_is_read(client: Client, cloth: Stocked) -> None:
    fill(client, cloth)
    assert client.get(f"{V1}/cart/").json()["data"]["changes"] == []
    cloth.set_price(1_450_000)
    assert client.get(f"{V1}/cart/").json()["data"]["changes"] == [
        {
            "kind": "price",
            "message": f"{title_of(cloth)}: now ₦14,500, was ₦12,000.",
            "variant_id": str(cloth.variant_id),
            "was_minor": 1_200_000,
            "now_minor": 1_450_000,
        }
    ]


def test_a_refused_checkout_names_them_and_orders_nothing(client: Client, cloth: Stocked, paystack: Any) -> None:
    fill(client, cloth)
    client.get("/checkout/")
    cloth.set_price(1_450_000)
    form = {"email": "ada@example.com", "request_key": "k1", "expected_total_minor": 1_350_000}
    sent = form | {f"shipping-{name}": value for name, value in ADDRESS.items()}
    refused = client.post("/checkout/", sent)
    text = f"{title_of(cloth)}: now ₦14,500, was ₦12,000."
    assert refused.status_code == 409
    assert text in html.unescape(refused.content.decode())
    assert (Order.objects.count(), cloth.level()) == (0, (10, 0))
    body = {"email": "ada@example.com", "shipping_address": ADDRESS, "expected_total_minor": 1_350_000}
    cloth.set_price(1_500_000)
    over_api = client.post(
        f"{V1}/checkout/", body, content_type="application/json", headers={"Idempotency-Key": "another"}
    ).json()
    assert over_api["code"] == "price_changed"
    assert f"{title_of(cloth)}: now ₦15,000, was ₦14,500." in over_api["message"]
    assert [each["kind"] for each in over_api["errors"]["changes"]] == ["price"]
    assert over_api["errors"]["total_minor"] == 1_650_000


def test_a_look_compared_with_itself_has_no_changes(cloth: Stocked) -> None:
    automatic_offer(cloth.shop)
    quoted = read_quote([cloth.line(3)], now=timezone.now())
    assert changes_between(shown_state(quoted), quoted) == []
    assert AutomaticOffer.objects.count() == 1
