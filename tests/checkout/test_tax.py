"""Tax is frozen with an order, told on each page, letter and body, and belongs to the shop."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from checkout.models import Order, SubOrder
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.start_payment import start_payment
from checkout.pricing.amounts import Amounts
from checkout.pricing.reading import read_quote
from kit.errors import InvalidInputError
from kit.work import outbox
from notifications.models import Email
from paystack_sandbox.testing import SandboxProcess
from tests.world.clock import NOW
from tests.world.market import ADDRESS, Stocked, buy, open_shop, order_request, stock, vendor_orders
from tests.world.payments import pay
from tests.world.tax import register

pytestmark = pytest.mark.django_db
NUMBER = "12345678-0001"


@pytest.fixture
def cloth(db: None) -> Stocked:
    """Goods of a shop that adds tax."""
    item = stock(open_shop("cloth-hall", shipping_minor=150_000), price_minor=1_850_000)
    register(item.shop)
    return item


@pytest.fixture
def pot(db: None) -> Stocked:
    """Goods of a shop whose prices include tax."""
    item = stock(open_shop("pot-house", shipping_minor=0), sku="POT-1", price_minor=640_000)
    register(item.shop, is_included=True)
    return item


@pytest.fixture
def lamp(db: None) -> Stocked:
    """Goods of a shop that charges none."""
    return stock(open_shop("lamp-lane", shipping_minor=0), sku="LAMP-1", price_minor=500_000)


def text(page: Any) -> str:
    return " ".join(page.content.decode().split())


def test_an_order_freezes_the_tax_of_each_part(cloth: Stocked, pot: Stocked, lamp: Stocked) -> None:
    lines = [cloth.line(2), pot.line(), lamp.line()]
    quoted = read_quote(lines, now=NOW, address=ADDRESS)
    order = buy(*lines)
    # 7.5 % of 37,000 and 1,500; 6,400 × 7.5 ÷ 107.5
    assert Amounts.of(Order.objects.get()) == quoted.amounts
    assert (order.tax_minor, order.prices_include_tax) == (288_750, False)
    assert order.total_minor == 3_700_000 + 150_000 + 288_750 + 640_000 + 500_000
    parts = {part.shop.slug: part for part in SubOrder.objects.select_related("shop")}
    records = {record.pk: record for record in vendor_orders([cloth.shop, pot.shop, lamp.shop])}
    found = {slug: (part.tax_minor, part.prices_include_tax) for slug, part in parts.items()}
    assert found == {"cloth-hall": (288_750, False), "pot-house": (44_651, True), "lamp-lane": (0, False)}
    assert all(Amounts.of(part) == Amounts.of(records[part.pk]) for part in parts.values())
    assert parts["lamp-lane"].tax == {}
    assert parts["pot-house"].tax == {
        "country": "NG",
        "number": "123456780001",
        "rates": [{"label": "VAT 7.5%", "rate_bps": 750, "base_minor": 595_349, "tax_minor": 44_651}],
    }
    by_line = {each["variant_id"]: each["amount_minor"] for each in parts["cloth-hall"].adjustments[1:]}
    assert by_line == {str(cloth.variant_id): 277_500, None: 11_250}


def test_the_tax_is_a_part_of_the_shops_share_and_not_of_the_commission(cloth: Stocked, pot: Stocked) -> None:
    buy(cloth.line(), pot.line())
    parts = {part.shop.slug: part for part in SubOrder.objects.select_related("shop")}
    assert parts["cloth-hall"].commission_minor == 148_000  # 8 % of 18,500, tax not counted
    assert parts["cloth-hall"].payable_minor == 2_000_000 + 150_000 - 148_000
    assert parts["pot-house"].commission_minor == 51_200  # 8 % of the price, which includes tax
    assert parts["pot-house"].payable_minor == 640_000 - 51_200


def test_a_later_change_of_the_registration_leaves_orders_alone(cloth: Stocked) -> None:
    order = buy(cloth.line())
    before = (SubOrder.objects.values().get(), Order.objects.values().get())
    register(cloth.shop, country="KE", number="P051234567X", is_included=True)
    assert (SubOrder.objects.values().get(), Order.objects.values().get()) == before
    assert buy(cloth.line()).total_minor != order.total_minor


def test_the_tax_is_shown_wherever_the_price_is(
    client: Client, buyer: Any, cloth: Stocked, pot: Stocked, lamp: Stocked
) -> None:
    client.force_login(buyer)
    for item in (cloth, pot, lamp):
        client.post("/cart/add/", {"variant": str(item.variant_id), "quantity": 1})
    basket, checkout = text(client.get("/cart/")), text(client.get("/checkout/"))
    order = buy(cloth.line(), pot.line(), lamp.line(), request=order_request(user_id=buyer.pk))
    placed = text(client.get(order.get_absolute_url()))
    for page in (basket, checkout):
        assert "VAT 7.5%" in page
        assert "₦1,500" in page
        assert "VAT 7.5%, included" in page
        assert "Tax, included" in page
        assert "₦446.51" in page
    assert "VAT 7.5% ₦1,500 · " in placed
    assert "VAT 7.5%, included ₦446.51 · " in placed
    assert "VAT 7.5% of ₦5,953.49: ₦446.51" in placed
    assert "Tax number of the shop: 123456780001" in placed
    assert placed.count("Tax number of the shop") == 2


def test_the_tax_has_its_french_name_and_the_stored_label_stays(
    client: Client, buyer: Any, cloth: Stocked, pot: Stocked
) -> None:
    client.force_login(buyer)
    for item in (cloth, pot):
        client.post("/cart/add/", {"variant": str(item.variant_id), "quantity": 1})
    order = buy(cloth.line(), pot.line(), request=order_request(user_id=buyer.pk))
    client.cookies["kasuwa_language"] = "fr"
    paths = ("/cart/", "/checkout/", order.get_absolute_url(), f"/products/{pot.product_id}/")
    for page in (client.get(path).content.decode() for path in paths):
        assert "TVA 7,5\xa0%" in page
        assert "VAT" not in page
    assert SubOrder.objects.get(shop=pot.shop).tax["rates"][0]["label"] == "VAT 7.5%"


def test_the_letter_that_thanks_for_the_payment_tells_the_tax(
    client: Client, paystack: SandboxProcess, cloth: Stocked
) -> None:
    order = buy(cloth.line(), request=replace(order_request(), vat_number=NUMBER), now=timezone.now())
    payment = start_payment(order_id=order.pk, now=timezone.now())
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=timezone.now())
    outbox.relay(now=timezone.now())
    letter = Email.objects.get(to=order.email, subject__contains="paid")
    for body in (letter.text, letter.html):
        assert "VAT 7.5%" in body
        assert "Tax number of the shop: 123456780001" in body
        assert "VAT 7.5% of ₦20,000: ₦1,500" in body
        assert "VAT number: 123456780001" in body


def test_a_page_of_a_shop_without_tax_says_nothing_of_it(client: Client, buyer: Any, lamp: Stocked) -> None:
    client.force_login(buyer)
    client.post("/cart/add/", {"variant": str(lamp.variant_id), "quantity": 1})
    order = buy(lamp.line(), request=order_request(user_id=buyer.pk))
    for address in ("/cart/", order.get_absolute_url()):
        page = text(client.get(address))
        assert "Tax" not in page
        assert "VAT" not in page


def test_the_api_tells_amounts_adjustments_and_the_invoice(api_client: APIClient, cloth: Stocked) -> None:
    request = replace(order_request(), vat_number=" 12345678-0002 ")
    order = buy(cloth.line(), request=request)
    body = api_client.get(f"/api/v1/orders/{order.number}/", headers={"X-Order-Key": order.access_key}).json()["data"]
    [part] = body["sub_orders"]
    assert body["vat_number"] == "123456780002"
    assert part["amounts"]["tax_minor"] == body["amounts"]["tax_minor"] == 150_000
    assert [each["amount_minor"] for each in part["adjustments"] if each["kind"] == "tax"] == [138_750, 11_250]
    assert part["tax"]["rates"] == [
        {"label": "VAT 7.5%", "rate_bps": 750, "base_minor": 2_000_000, "tax_minor": 150_000}
    ]


@pytest.mark.parametrize("number", ["12", "ABC", "12345678-00012345", "<b>1234567890</b>"])
def test_a_number_that_cannot_be_one_is_refused_with_an_example(cloth: Stocked, number: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        buy(cloth.line(), request=replace(order_request(), vat_number=number))
    assert refusal.value.details == {"vat_number": ["This is not a valid Tax ID (TIN). Enter it like 12345678-0001."]}
    assert not Order.objects.exists()
    assert cloth.level() == (10, 0)


def test_the_checkout_page_takes_a_number_and_shows_a_wrong_one_beside_its_field(
    client: Client, paystack: Any, cloth: Stocked
) -> None:
    client.post("/cart/add/", {"variant": str(cloth.variant_id), "quantity": 1})
    form = {"email": "ada@example.com", "request_key": "k1", "expected_total_minor": 2_150_000, "vat_number": "12"}
    form |= {f"shipping-{name}": value for name, value in ADDRESS.as_dict().items()}
    assert '<details class="mt-3"> <summary class="link">Buying for a business?' in text(client.get("/checkout/"))
    refused = client.post("/checkout/", form)
    assert refused.status_code == 422
    assert "This is not a valid Tax ID (TIN)." in text(refused)
    assert '<details class="mt-3" open> <summary class="link">Buying for a business?' in text(refused)
    assert not Order.objects.exists()
    assert client.post("/checkout/", form | {"vat_number": NUMBER}).status_code == 302
    assert Order.objects.get().vat_number == "123456780001"


def test_a_number_is_a_part_of_the_request_only_where_one_is_given() -> None:
    plain = order_request(key="k")
    assert replace(plain, vat_number="").fingerprint() == plain.fingerprint()
    assert replace(plain, vat_number="1234567890").fingerprint() != plain.fingerprint()
