"""Faults of a product's variants over the API: of one under its place in the body, of all where the list stands."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.world.own_shop import Staffed, api, member, staffed

pytestmark = pytest.mark.django_db
PRODUCTS = "/api/v1/products/"


@pytest.fixture
def own() -> Staffed:
    return staffed("indigo-fabrics")


@pytest.fixture
def client(own: Staffed) -> APIClient:
    return api(own.shop, member(own.shop))


@pytest.fixture
def tote(client: APIClient) -> dict[str, Any]:
    variants = [{"sku": sku, "price_minor": 500, "options": {"Size": sku}} for sku in "ABC"]
    made: dict[str, Any] = client.post(PRODUCTS, {"title": "Tote", "variants": variants}).json()["data"]
    return made


def variant_faults(answer: Any) -> Any:
    """Return the codes of the faults, in the shape in which they were sent."""
    assert answer.status_code == 400, answer.content

    def codes(part: Any) -> Any:
        if isinstance(part, list):
            return [each["code"] for each in part]
        return {name: codes(each) for name, each in part.items()}

    return codes(answer.json()["errors"]["variants"])


A: dict[str, Any] = {"sku": "A", "price_minor": 5}
SMALL: dict[str, Any] = {**A, "options": {"Size": "S"}}
LARGE: dict[str, Any] = {**A, "sku": "B", "options": {"Size": "L"}}
ID = "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d11"


@pytest.mark.parametrize(
    ("variants", "faults"),
    [
        ([], ["empty"]),
        ("A", ["not_a_list"]),
        (["A"], {"0": ["invalid"]}),
        ([A, {"sku": "B"}], {"1": {"price_minor": ["required"]}}),
        ([A, {"sku": "B", "price_minor": 0}], {"1": {"price_minor": ["min_value"]}}),
        ([A, {"sku": "B", "price_minor": 5, "options": 7}], {"1": {"options": ["invalid"]}}),
        # Found by the service:
        ([A, {"sku": "B", "price_minor": 5}], ["repeated_value"]),
        ([{**SMALL, "id": ID}, {**LARGE, "id": ID}], ["repeated_value"]),
        (
            [{**A, "options": {"Size": "S"}}, {**A, "sku": "B", "options": {"Size": "L"}, "compare_at_minor": 4}],
            {"1": {"compare_at_minor": ["not_reduced"]}},
        ),
    ],
)
def test_faults_have_one_shape_whoever_finds_them(client: APIClient, variants: Any, faults: Any) -> None:
    before = client.get(PRODUCTS).json()
    assert variant_faults(client.post(PRODUCTS, {"title": "Tote", "variants": variants})) == faults
    assert client.get(PRODUCTS).json() == before


@pytest.mark.parametrize(
    ("variants", "faults"),
    [
        ([{"sku": "C", "compare_at_minor": 4}], {"0": {"compare_at_minor": ["not_reduced"]}}),
        (
            [{"sku": "B", "price_minor": 7}, {"sku": "A", "compare_at_minor": 4}],
            {"1": {"compare_at_minor": ["not_reduced"]}},
        ),
        (
            [{"sku": "C"}, {"sku": "D", "price_minor": 7, "options": {"Size": "D"}, "compare_at_minor": 4}],
            {"1": {"compare_at_minor": ["not_reduced"]}},
        ),
        ([{"sku": "C"}, {"sku": "D"}], {"1": {"price_minor": ["required"]}}),
    ],
)
def test_a_change_names_variants_by_their_places_in_the_body(
    client: APIClient, tote: dict[str, Any], variants: Any, faults: Any
) -> None:
    address = f"{PRODUCTS}{tote['id']}/"
    assert variant_faults(client.patch(address, {"variants": variants})) == faults
    assert client.get(address).json()["data"] == tote


def test_a_price_above_the_old_price_is_refused_in_words(client: APIClient, tote: dict[str, Any]) -> None:
    address = f"{PRODUCTS}{tote['id']}/"
    assert client.patch(address, {"variants": [{"sku": "B", "compare_at_minor": 900}]}).status_code == 200
    before = client.get(address).json()
    refused = client.patch(address, {"variants": [{"sku": "B", "price_minor": 1000}]})
    assert variant_faults(refused) == {"0": {"price_minor": ["not_reduced"]}}
    assert client.get(address).json() == before
