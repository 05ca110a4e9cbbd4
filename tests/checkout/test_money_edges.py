"""Amounts are read, judged and shown in the currency that they are in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from catalogue.selectors.products import get_product
from catalogue.services.inputs import ProductInput, VariantInput
from catalogue.services.products import create_product
from checkout.models import SubOrder
from checkout.orders.sales import NO_SALES, sales_by_day
from kit.errors import InvalidInputError
from kit.money import format_minor
from kit.money.amounts import parse_amount
from payouts.selectors import shop_balances
from tenants.life.provisioning import provision_shop
from tenants.models import Shop
from tenants.shops.checklist_steps import set_delivery_rate
from tests.vendors.test_product_form import NEW, only_product, typed
from tests.world.clock import NOW
from tests.world.factories.people import person
from tests.world.market import buy, stock
from tests.world.own_shop import member, page_client

pytestmark = pytest.mark.django_db


def selling_in(currency: str, slug: str = "accra-beads") -> Shop:
    return provision_shop(
        slug=slug, name="Shop", owner_id=None, now=NOW, status="live", shipping_minor=0, currency=currency
    )


@pytest.mark.parametrize(
    ("currency", "text", "minor"),
    [
        ("GHS", "GH₵25.50", 2_550),
        ("GHS", "25.50 GHS", 2_550),
        ("XOF", "CFA 1,500", 150_000),
        ("XOF", "1500 FCFA", 150_000),
        ("XOF", "1500.00", 150_000),
        ("ETB", "Br 12.25", 1_225),
        ("RWF", "FRw 5,000", 500_000),
        ("EGP", "E£ 99.95", 9_995),
        ("USD", "$3.99", 399),
    ],
)
def test_an_amount_is_read_in_its_currency(currency: str, text: str, minor: int) -> None:
    assert parse_amount(text, currency) == minor
    assert parse_amount(format_minor(minor, currency), currency) == minor


@pytest.mark.parametrize(
    ("currency", "text", "word"),
    [
        ("GHS", "₦25.50", "NGN"),
        ("NGN", "GH₵25.50", "GHS"),
        ("NGN", "25 KES", "KES"),
        ("USD", "E£5", "EGP"),
        ("XOF", "12.50", "no smaller unit"),
        ("RWF", "0.01", "no smaller unit"),
        ("XOF", "abc", "18500."),
    ],
)
def test_an_amount_of_another_currency_is_refused_with_a_clear_word(currency: str, text: str, word: str) -> None:
    with pytest.raises(ValueError, match=word.replace(".", r"\.")):
        parse_amount(text, currency)


def test_the_product_form_reads_prices_in_the_shops_currency() -> None:
    shop = selling_in("GHS")
    desk = page_client(shop, member(shop))
    refused = desk.post(NEW, typed({"sku": "BEADS", "price": "₦25.50"}))
    assert refused.status_code == 422
    assert "GHS" in refused.content.decode()
    assert desk.post(NEW, typed({"sku": "BEADS", "price": "GH₵25.50"})).status_code == 302
    product = get_product(shop=shop, product_id=only_product(shop).pk)
    assert [each.price_minor for each in product.variants.all()] == [2_550]


def test_a_currency_without_smaller_units_has_whole_prices_and_rates() -> None:
    shop = selling_in("XOF")

    def product(**prices: Any) -> ProductInput:
        return ProductInput(title="Beads", variants=[VariantInput(sku="B", **prices)])

    for prices in ({"price_minor": 150_050}, {"price_minor": 150_000, "compare_at_minor": 160_001}):
        with pytest.raises(InvalidInputError):
            create_product(shop=shop, data=product(**prices), now=NOW)
    with pytest.raises(InvalidInputError):
        set_delivery_rate(shop_id=shop.pk, shipping_minor=50, actor_id=None, now=NOW)
    assert create_product(shop=shop, data=product(price_minor=150_000), now=NOW).pk
    assert Shop.objects.get(pk=shop.pk).shipping_minor == 0


def test_a_shop_that_sold_nothing_is_owed_nothing_of_its_own_currency() -> None:
    assert shop_balances(shop_id=selling_in("GHS").pk).currency == "GHS"


def test_the_operators_figures_are_told_by_currency(client: Client) -> None:
    for currency, slug in (("NGN", "lagos-cloth"), ("GHS", "accra-beads")):
        order = buy(stock(selling_in(currency, slug), sku=slug.upper(), price_minor=10_000).line())
        SubOrder.objects.filter(order=order).update(status="new")
        type(order).objects.filter(pk=order.pk).update(status="paid", paid_at=timezone.now())
    sales = {
        currency: sum(days.values(), start=NO_SALES)
        for currency, days in sales_by_day(since=timezone.now() - timedelta(days=1)).items()
    }
    assert {currency: each.gross_minor for currency, each in sales.items()} == {"NGN": 10_000, "GHS": 10_000}
    client.force_login(person(email="op@example.com", is_operator=True))
    page = client.get("/operator/").content.decode()
    assert 'data-currency="NGN"' in page
    assert 'data-currency="GHS"' in page
    assert "GH₵100" in page
