"""A shop registers for tax on its page and over the API: judged by one service, previewed, and never overwritten."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from checkout.fulfilment.services.tax_registration import Registration, read_registration
from checkout.models import ShopTerms
from checkout.pricing.reading import read_quote
from checkout.pricing.terms.tax import TaxTerms, parse
from tenants.models import Role, Shop
from tests.world.clock import NOW
from tests.world.own_shop import Staffed, api, member, page_client, staffed
from tests.world.tax import register

pytestmark = pytest.mark.django_db
API, PAGE = "/api/v1/tax/", "/dashboard/settings/tax/"
ENTERED = {"is_registered": "on", "country": "NG", "number": "12345678-0001", "prices": "added"}
SENT = {"is_registered": True, "country": "NG", "number": "12345678-0001", "prices_include_tax": False}
STORED = Registration("NG", "123456780001", prices_include_tax=False)


@pytest.fixture
def own() -> Staffed:
    return staffed("indigo-fabrics")


@pytest.fixture
def client(own: Staffed) -> APIClient:
    return api(own.shop, member(own.shop))


@pytest.fixture
def desk(own: Staffed) -> Client:
    return page_client(own.shop, member(own.shop, Role.MANAGER))


def stored(shop: Shop) -> tuple[Registration | None, TaxTerms | None]:
    """Return the shop's own row, and what quotes go by."""
    terms = ShopTerms.objects.filter(shop_id=shop.pk).values_list("tax", flat=True).first()
    return read_registration(schema_name=shop.schema_name), parse(terms or {})


def text(page: Any) -> str:
    return " ".join(page.content.decode().split())


def test_a_shop_is_not_registered_until_it_says_so(own: Staffed, client: APIClient, desk: Client) -> None:
    body = client.get(API).json()["data"]
    assert (body["is_registered"], body["country"], body["number"]) == (False, "", "")
    assert [table["country"] for table in body["tables"]] == ["CI", "GH", "KE", "NG", "ZA"]
    assert 'name="is_registered" checked' not in text(desk.get(PAGE))
    assert stored(own.shop) == (None, None)


def test_registering_over_the_api_changes_the_next_quote(own: Staffed, client: APIClient) -> None:
    before = read_quote([own.stocked.line()], now=NOW).amounts
    answer = client.put(API, SENT)
    assert answer.status_code == 200, answer.content
    assert answer.json()["data"]["number"] == "123456780001"
    assert stored(own.shop) == (STORED, TaxTerms("NG", "123456780001", prices_include_tax=False))
    after = read_quote([own.stocked.line()], now=NOW).amounts
    assert after.total_minor == before.total_minor + after.tax_minor
    assert after.tax_minor == (before.total_minor * 75 + 500) // 1_000
    assert client.put(API, {"is_registered": False}).status_code == 200
    assert read_quote([own.stocked.line()], now=NOW).amounts == before
    assert stored(own.shop) == (None, None)


def test_registering_on_the_page(own: Staffed, desk: Client) -> None:
    assert desk.post(PAGE, ENTERED | {"prices": "included"}).status_code == 302
    registration = Registration("NG", "123456780001", prices_include_tax=True)
    assert stored(own.shop)[0] == registration
    page = desk.get(PAGE)
    assert page.context["form"].initial["prices"] == "included"
    desk.post(PAGE, {key: value for key, value in ENTERED.items() if key != "is_registered"})
    assert stored(own.shop) == (None, None)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"country": "FR"}, "country", "no_tax_rates"),
        ({"country": "??"}, "country", "invalid"),
        ({"number": "12"}, "number", "invalid_tax_number"),
        ({"number": "-.-"}, "number", "invalid_tax_number"),
        ({"number": ""}, "number", "blank"),
        ({"country": "KE"}, "number", "invalid_tax_number"),
        ({"country": "ZA", "number": "5220122222"}, "number", "invalid_tax_number"),
        ({"is_registered": "yes please"}, "is_registered", "invalid"),
        ({"prices_include_tax": None}, "prices_include_tax", "null"),
        ({"rate": 5}, "rate", "unknown_field"),
    ],
)
def test_what_cannot_be_a_registration_is_refused(
    own: Staffed, client: APIClient, change: dict[str, Any], field: str, code: str
) -> None:
    register(own.shop)
    before = stored(own.shop)
    answer = client.put(API, SENT | change)
    assert answer.status_code == 400, answer.content
    assert [fault["code"] for fault in answer.json()["errors"][field]] == [code]
    assert stored(own.shop) == before


@pytest.mark.parametrize("missing", ["country", "number", "prices_include_tax"])
def test_a_registration_has_all_its_fields(own: Staffed, client: APIClient, missing: str) -> None:
    answer = client.put(API, {key: value for key, value in SENT.items() if key != missing})
    faults = {field: [fault["code"] for fault in each] for field, each in answer.json()["errors"].items()}
    assert (answer.status_code, faults) == (400, {missing: ["needed_when_registered"]})
    assert stored(own.shop) == (None, None)


@pytest.mark.parametrize(
    ("change", "message"),
    [({"number": "12"}, "This is not a valid Tax ID"), ({"number": ""}, "Enter your registration number.")],
)
def test_the_page_shows_a_refusal_beside_its_field(
    own: Staffed, desk: Client, change: dict[str, str], message: str
) -> None:
    page = desk.post(PAGE, ENTERED | change)
    assert page.status_code == 422
    assert message in text(page)
    assert stored(own.shop) == (None, None)


def test_a_change_of_another_version_is_not_overwritten(own: Staffed, client: APIClient, desk: Client) -> None:
    tag = client.get(API).headers["ETag"]
    version = desk.get(PAGE).context["version"]
    register(own.shop)
    assert client.put(API, {"is_registered": False}, headers={"If-Match": tag}).status_code == 412
    assert desk.post(PAGE, ENTERED | {"prices": "included", "version": version}).status_code == 409
    assert stored(own.shop)[0] == STORED
    again = client.get(API).headers["ETag"]
    assert client.put(API, {"is_registered": False}, headers={"If-Match": again}).status_code == 200


def test_the_page_previews_what_a_buyer_pays(own: Staffed, desk: Client) -> None:
    register(own.shop, is_included=True)
    rows = desk.get(PAGE, {"price": "10,750", "to": "NG"}).context["rows"]
    delivery = own.shop.shipping_minor
    assert [row.amounts.total_minor for row in rows] == [1_075_000 + delivery] * 4
    assert [label for label, _ in rows[0].taxes] == ["VAT 7.5%"]
    assert all(not row.taxes for row in desk.get(PAGE, {"price": "10,750", "to": "GH"}).context["rows"])
    assert "rows" not in desk.get(PAGE, {"price": "free", "to": "NG"}).context
    assert "rows" not in desk.get(PAGE, {"price": "5", "to": "??"}).context


def test_the_preview_is_what_the_quote_charges(own: Staffed, desk: Client) -> None:
    register(own.shop)
    price = own.stocked.price_minor
    rows = desk.get(PAGE, {"price": str(price // 100), "to": "NG"}).context["rows"]
    assert rows[0].amounts == read_quote([own.stocked.line()], now=NOW).amounts


def test_the_page_names_each_source(desk: Client) -> None:
    page = text(desk.get(PAGE))
    assert page.count("check with your accountant") == 5
    assert "Act 1151" in page
