"""Options are taken in every shape in which they are given out, cleaned before they are judged."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from catalogue.discovery.models import Listing
from catalogue.services.inputs import ProductInput, VariantInput
from catalogue.services.products import create_product
from kit.errors import InvalidInputError
from tests.world.clock import NOW
from tests.world.market import open_shop
from tests.world.own_shop import api, member

pytestmark = pytest.mark.django_db
PRODUCTS = "/api/v1/products/"
PAIRS = [("Size", "M"), ("Colour", "Deep blue"), ("items", "2 x 3")]
SHAPES: dict[str, Any] = {
    "an object": dict(PAIRS),
    "names and values": [{"name": name, "value": value} for name, value in PAIRS],
    "pairs": [list(pair) for pair in PAIRS],
    "an object with characters nobody sees": {f"\u200b{name}": f" {value}\u202e" for name, value in PAIRS},
}
REFUSED: dict[str, Any] = {
    "two of a name": [["Size", "M"], ["Size", "L"]],
    "two names that are one without invisible characters": {"Size": "M", "Size\u200b": "L"},
    "a name of nothing": {"\u200b": "M"},
    "a value of nothing": [{"name": "Size", "value": "\u2060"}],
    "a field too many": [{"name": "Size", "value": "M", "unit": "cm"}],
    "half a pair": [["Size"]],
    "a text": "Size: M",
    "a list of texts": ["Size", "M"],
    "an object within": {"Size": {"EU": "40"}},
    "a NUL": {"Si\0ze": "M"},
}


@pytest.fixture
def program() -> APIClient:
    shop = open_shop("indigo-fabrics")
    return api(shop, member(shop))


def tote(options: Any) -> dict[str, Any]:
    return {"title": "Tote", "variants": [{"sku": "TOTE", "price_minor": 1_850_000, "options": options}]}


@pytest.mark.parametrize("shape", SHAPES)
def test_options_come_back_in_order_from_every_shape(program: APIClient, shape: str) -> None:
    made = program.post(PRODUCTS, tote(SHAPES[shape]), format="json")
    assert made.status_code == 201, made.content
    [variant] = made.json()["data"]["variants"]
    assert list(variant["options"].items()) == PAIRS


def test_what_is_given_out_is_taken_back(program: APIClient) -> None:
    product = program.post(PRODUCTS, tote(SHAPES["pairs"]), format="json").json()["data"]
    address = f"{PRODUCTS}{product['id']}/"
    given = program.get(address).json()["data"]["variants"][0]
    sent = {"variants": [{"id": given["id"], "options": given["options"]}]}
    again = program.patch(address, sent, format="json")
    assert again.status_code == 200, again.content
    assert list(again.json()["data"]["variants"][0]["options"].items()) == PAIRS
    turned = [{"name": name, "value": value} for name, value in reversed(PAIRS)]
    program.patch(address, {"variants": [{"id": given["id"], "options": turned}]}, format="json")
    assert list(program.get(address).json()["data"]["variants"][0]["options"].items()) == PAIRS[::-1]


@pytest.mark.parametrize("fault", REFUSED)
def test_options_that_are_none_are_refused(program: APIClient, fault: str) -> None:
    answer = program.post(PRODUCTS, tote(REFUSED[fault]), format="json")
    assert answer.status_code == 400, answer.content
    assert "options" in answer.json()["errors"]["variants"]["0"]
    assert not Listing.objects.exists()


@pytest.mark.parametrize(
    ("variants", "field"),
    [
        ([{"options": {"Size": "M", "Size\u200b": "L"}}], "options"),
        ([{"options": {"Size": "\u200b"}}], "options"),
        ([{"options": {"Size": "M"}}, {"sku": "B", "options": {"Size\u200b": "M\u200b"}}], "variants"),
        ([{"options": {"Size": "M"}}, {"sku": "A\u200b", "options": {"Size": "L"}}], "sku"),
        ([{"sku": "\u200b", "options": {}}], "sku"),
    ],
)
def test_a_program_is_judged_by_what_would_be_stored(variants: list[dict[str, Any]], field: str) -> None:
    shop = open_shop("indigo-fabrics")
    given: dict[str, Any] = {"sku": "A", "price_minor": 5_000}
    inputs = [VariantInput(**given | variant) for variant in variants]
    with pytest.raises(InvalidInputError) as refused:
        create_product(shop=shop, data=ProductInput(title="Tote", variants=inputs), now=NOW)
    assert field in str(refused.value.details)
    assert not Listing.objects.exists()
