"""Amounts are frozen with an order as adjustments that add up, and the database holds them to it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.test import Client
from django_tenants.utils import schema_context
from rest_framework.test import APIClient

from checkout.fulfilment.models import VendorOrder
from checkout.models import Order, SubOrder
from checkout.pricing.amounts import Amounts, amounts_body
from checkout.pricing.reading import read_quote
from kit.money.columns import AMOUNT_COLUMNS
from tests.checkout.pricing.tax.test_charging import amounts_of
from tests.world.clock import NOW
from tests.world.market import Stocked, buy, open_shop, order_request, stock, vendor_orders

pytestmark = pytest.mark.django_db
KEY = "X-Order-Key"


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall", shipping_minor=150_000), price_minor=1_850_001)


@pytest.fixture
def pot(db: None) -> Stocked:
    return stock(open_shop("pot-house", shipping_minor=0), sku="POT-1", price_minor=640_000)


def test_a_part_has_the_amounts_of_its_lines_and_its_own_adjustments(cloth: Stocked, pot: Stocked) -> None:
    quoted = read_quote([cloth.line(2), pot.line(3)], now=NOW)
    for part in quoted.parts:
        [own] = [each for each in part.adjustments if each.variant_id is None]
        of_lines = [amounts_of(part, line) for line in part.counted]
        assert sum(each.total_minor for each in of_lines) + own.amount_minor == part.amounts.total_minor
    assert quoted.amounts == Amounts("NGN", items_minor=2 * 1_850_001 + 3 * 640_000, shipping_minor=150_000)
    assert quoted.totals == (quoted.amounts,)


def test_an_order_freezes_what_was_quoted_in_each_of_its_records(cloth: Stocked, pot: Stocked) -> None:
    quoted = read_quote([cloth.line(2), pot.line(3)], now=NOW)
    order = buy(cloth.line(2), pot.line(3))

    assert Amounts.of(Order.objects.get()) == Amounts.of(order) == quoted.amounts
    parts = {part.shop.slug: part for part in SubOrder.objects.filter(order=order)}
    records = {record.pk: record for record in vendor_orders([cloth.shop, pot.shop])}
    for quoted_part in quoted.parts:
        part = parts[quoted_part.shop.slug]
        assert Amounts.of(part) == Amounts.of(records[part.pk]) == quoted_part.amounts
        assert part.adjustments == [each.as_dict() for each in quoted_part.adjustments]
    assert parts["cloth-hall"].adjustments == [
        {
            "kind": "delivery",
            "source": "flat",
            "label": "Delivery",
            "funded_by": "buyer",
            "amount_minor": 150_000,
            "variant_id": None,
        }
    ]


def test_the_api_shows_them(api_client: APIClient, cloth: Stocked) -> None:
    order = buy(cloth.line(2))
    body = api_client.get(f"/api/v1/orders/{order.number}/", headers={KEY: order.access_key}).json()["data"]
    amounts = Amounts("NGN", items_minor=2 * 1_850_001, shipping_minor=150_000)
    [part] = body["sub_orders"]
    assert {name: body[name] for name in AMOUNT_COLUMNS} == amounts.columns()
    assert {name: part[name] for name in AMOUNT_COLUMNS} == amounts.columns()
    together = amounts_body(amounts.columns())
    assert body["amounts"] == part["amounts"] == {**together, "refunded_minor": 0}
    assert together["delivery_minor"] == 150_000
    [delivery] = part["adjustments"]
    assert (delivery["label"], delivery["funded_by"], delivery["line"]) == ("Delivery", "buyer", None)
    assert body["adjustments"] == part["adjustments"]


@pytest.mark.parametrize(
    ("adjustments", "shown"),
    [
        ([("delivery", "Delivery", 150_000), ("delivery", "Gift wrap", 50_000)], "delivery ₦1,500 · Gift wrap ₦500 ·"),
        ([], "delivery ₦1,500 ·"),  # placed before adjustments were kept
    ],
)
def test_a_part_shows_each_adjustment_by_its_own_label(
    client: Client, buyer: Any, cloth: Stocked, adjustments: list[tuple[str, str, int]], shown: str
) -> None:
    order = buy(cloth.line(2), request=order_request(user_id=buyer.pk))
    kept = [{"kind": kind, "label": label, "amount_minor": amount} for kind, label, amount in adjustments]
    SubOrder.objects.update(adjustments=kept)
    client.force_login(buyer)
    assert shown in client.get(order.get_absolute_url()).content.decode()


# What each constraint refuses, as changes of an order of 3,700,002 with a delivery of 150,000.
BREAKS: list[tuple[dict[str, Any], str]] = [
    ({"total_minor": 1}, "total_adds_up"),
    ({"discount_minor": 1}, "total_adds_up"),
    ({"delivery_discount_minor": 1}, "total_adds_up"),
    ({"tax_minor": 1}, "total_adds_up"),
    ({"tax_minor": 1, "prices_include_tax": True, "total_minor": 3_850_003}, "total_adds_up"),
    ({"discount_minor": -1, "total_minor": 3_850_003}, "amounts_not_negative"),
    ({"shipping_minor": -1, "delivery_discount_minor": -1, "total_minor": 3_700_002}, "amounts_not_negative"),
    ({"delivery_discount_minor": -1, "total_minor": 3_850_003}, "amounts_not_negative"),
    ({"tax_minor": -1, "total_minor": 3_850_001}, "amounts_not_negative"),
    ({"discount_minor": 3_700_003, "total_minor": 149_999}, "amounts_within"),
    ({"delivery_discount_minor": 150_001, "total_minor": 3_700_001}, "amounts_within"),
    ({"tax_minor": 3_850_003, "prices_include_tax": True}, "amounts_within"),
]


@pytest.mark.parametrize(("change", "constraint"), BREAKS)
@pytest.mark.parametrize(
    ("model", "prefix"), [(Order, "order"), (SubOrder, "sub_order"), (VendorOrder, "vendor_order")]
)
def test_the_database_refuses_amounts_that_cannot_be(
    cloth: Stocked, model: type[models.Model], prefix: str, change: dict[str, Any], constraint: str
) -> None:
    buy(cloth.line(2))
    with (
        schema_context(cloth.shop.schema_name),
        pytest.raises(IntegrityError, match=f'"{prefix}_{constraint}"'),
        transaction.atomic(),
    ):
        model._default_manager.update(**change)


@pytest.mark.parametrize("model", [Order, SubOrder, VendorOrder])
@pytest.mark.parametrize(
    "amounts",
    [
        Amounts("NGN", 3_700_002, 700_000, 150_000, 150_000, 225_000),
        Amounts("NGN", 3_700_002, 700_000, 150_000, 0, 219_767, prices_include_tax=True),
        Amounts("NGN", 3_700_002, 3_700_002, 150_000, 150_000),
    ],
)
def test_the_database_takes_all_that_adds_up(cloth: Stocked, model: type[models.Model], amounts: Amounts) -> None:
    buy(cloth.line(2))
    SubOrder.objects.update(commission_minor=0)
    with schema_context(cloth.shop.schema_name):
        assert model._default_manager.update(**amounts.columns()) == 1
        assert Amounts.of(model._default_manager.get()) == amounts  # type: ignore[arg-type]
