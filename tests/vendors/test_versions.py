"""Edited rows: read fresh on every process, and never written over a change that the editor has not seen."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from rest_framework.test import APIClient

from catalogue.selectors.products import get_product
from catalogue.services.stock import adjust_stock
from kit.web.versions import version_of
from tenants.models import Role, Shop
from tests.world.clock import NOW
from tests.world.factories.catalogue import make_categories
from tests.world.own_shop import Staffed, api, member, page_client, staffed

pytestmark = pytest.mark.django_db
SHOP, PRODUCTS, DESK = "/api/v1/shop/", "/api/v1/products/", "/dashboard/settings/"
TOTE: dict[str, Any] = {
    "title": "Tote",
    "variants": [
        {"sku": "A", "price_minor": 500, "options": {"Size": "S"}, "on_hand": 8, "weight_g": 300},
        {"sku": "B", "price_minor": 600, "compare_at_minor": 900, "options": {"Size": "M"}, "on_hand": 2},
    ],
}


@pytest.fixture
def own() -> Staffed:
    make_categories()
    return staffed("indigo-fabrics")


@pytest.fixture
def client(own: Staffed) -> APIClient:
    return api(own.shop, member(own.shop))


@pytest.fixture
def desk(own: Staffed) -> Client:
    return page_client(own.shop, member(own.shop, Role.MANAGER))


@pytest.fixture
def tote(client: APIClient) -> dict[str, Any]:
    made: dict[str, Any] = client.post(PRODUCTS, TOTE).json()["data"]
    return made


def address(product: dict[str, Any]) -> str:
    return f"{PRODUCTS}{product['id']}/"


def variants(client: APIClient, product: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(address(product)).json()["data"]["variants"]
    return found


def fields(page: str) -> dict[str, str]:
    """The hidden and typed values of a page's forms."""
    found = re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', page)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


# The shop


def renamed_in_another_process(shop: Shop, name: str = "Renamed elsewhere") -> None:
    """Change the row without telling this process, whose routing remembers the shop for seconds."""
    Shop.objects.filter(pk=shop.pk).update(name=name)


def test_staff_read_the_shop_as_it_is_and_not_as_routing_remembers_it(
    client: APIClient, desk: Client, own: Staffed
) -> None:
    assert client.get(SHOP).json()["data"]["name"] == own.shop.name
    renamed_in_another_process(own.shop)
    assert client.get(SHOP).json()["data"]["name"] == "Renamed elsewhere"
    assert 'value="Renamed elsewhere"' in desk.get(f"{DESK}profile/").content.decode()


def test_a_status_that_changed_a_moment_ago_counts(client: APIClient, own: Staffed) -> None:
    assert client.get(SHOP).status_code == 200
    Shop.objects.filter(pk=own.shop.pk).update(status="closed")
    answer = client.patch(SHOP, {"tagline": "New"})
    assert (answer.status_code, answer.json()["code"]) == (409, "shop_closed")


@pytest.mark.parametrize("page", ["profile", "policies", "delivery"])
def test_a_page_of_settings_is_not_saved_over_what_somebody_else_has_saved(
    desk: Client, own: Staffed, page: str
) -> None:
    typed = {
        "profile": {"name": "Mine", "tagline": "", "contact_phone": ""},
        "policies": {"delivery_policy": "Mine", "returns_policy": "Mine"},
        "delivery": {"kind": "flat", "amount": "12"},
    }[page]
    changes: dict[str, dict[str, Any]] = {
        "profile": {"name": "Theirs"},
        "policies": {"returns_policy": "Theirs"},
        "delivery": {"shipping_minor": 77_700},
    }
    changed = changes[page]
    shown = fields(desk.get(f"{DESK}{page}/").content.decode())
    Shop.objects.filter(pk=own.shop.pk).update(**changed)
    answer = desk.post(f"{DESK}{page}/", {**shown, **typed})
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "This was changed after you opened it" in body
    assert "Saved meanwhile" in body
    assert "Theirs" in body or "777" in body
    assert Shop.objects.filter(pk=own.shop.pk, **changed).exists()
    assert desk.post(f"{DESK}{page}/", {**fields(body), **typed}).status_code == 302
    assert not Shop.objects.filter(pk=own.shop.pk, **changed).exists()


def test_a_form_with_a_fault_keeps_the_version_it_was_shown_with(desk: Client, own: Staffed) -> None:
    shown = fields(desk.get(f"{DESK}profile/").content.decode())
    renamed_in_another_process(own.shop)
    faulty = desk.post(f"{DESK}profile/", {**shown, "name": ""})
    assert faulty.status_code == 422
    assert desk.post(f"{DESK}profile/", {**fields(faulty.content.decode()), "name": "Mine"}).status_code == 409


def test_pages_of_settings_do_not_disturb_each_other(desk: Client, own: Staffed) -> None:
    shown = fields(desk.get(f"{DESK}policies/").content.decode())
    renamed_in_another_process(own.shop)
    words = {"delivery_policy": "Two days", "returns_policy": "Two weeks"}
    assert desk.post(f"{DESK}policies/", {**shown, **words}).status_code == 302
    assert Shop.objects.filter(pk=own.shop.pk, name="Renamed elsewhere", **words).exists()


def test_the_api_refuses_a_change_of_a_shop_that_was_not_read(client: APIClient, own: Staffed) -> None:
    tag = client.get(SHOP)["ETag"]
    renamed_in_another_process(own.shop)
    answer = client.patch(SHOP, {"name": "Mine"}, headers={"If-Match": tag})
    body = answer.json()
    assert (answer.status_code, body["code"]) == (412, "version_mismatch")
    assert body["errors"]["current"]["name"] == "Renamed elsewhere"
    assert Shop.objects.get(pk=own.shop.pk).name == "Renamed elsewhere"
    answer = client.patch(SHOP, {"name": "Mine"}, headers={"If-Match": client.get(SHOP)["ETag"]})
    assert (answer.status_code, answer["ETag"]) == (200, client.get(SHOP)["ETag"])


def test_the_api_refuses_another_rate_than_the_one_that_was_read(client: APIClient, own: Staffed) -> None:
    tag = client.get("/api/v1/delivery/")["ETag"]
    Shop.objects.filter(pk=own.shop.pk).update(shipping_minor=5)
    answer = client.put("/api/v1/delivery/", {"shipping_minor": 7}, headers={"If-Match": tag})
    assert (answer.status_code, answer.json()["errors"]["current"]["shipping_minor"]) == (412, 5)
    assert Shop.objects.get(pk=own.shop.pk).shipping_minor == 5


# Products


def test_a_patch_of_variants_changes_what_it_names_and_deletes_nothing(client: APIClient, tote: dict[str, Any]) -> None:
    first, second = tote["variants"]
    changed = client.patch(
        address(tote),
        {
            "variants": [
                {"sku": "C", "price_minor": 700, "options": {"Size": "L"}},
                {"id": second["id"], "price_minor": 650},
                {"sku": "A", "on_hand": 5},
            ]
        },
    ).json()["data"]["variants"]
    assert [variant["sku"] for variant in changed] == ["B", "A", "C"]
    assert changed[0] == second | {"price_minor": 650}
    assert changed[1] == first | {"on_hand": 5, "available": 5}


def test_a_patch_of_one_variant_moves_none(client: APIClient, tote: dict[str, Any]) -> None:
    client.patch(address(tote), {"variants": [{"sku": "B", "price_minor": 650}]})
    assert [(v["sku"], v["price_minor"]) for v in variants(client, tote)] == [("A", 500), ("B", 650)]


def test_variants_are_deleted_by_name_alone(client: APIClient, tote: dict[str, Any]) -> None:
    first, second = tote["variants"]
    assert client.patch(address(tote), {"removed_variants": [first["id"]]}).status_code == 200
    assert variants(client, tote) == [second]


@pytest.mark.parametrize(
    ("body", "status", "names"),
    [
        ({"variants": [{"sku": "C"}]}, 400, "price_minor"),
        ({"variants": [{"price_minor": 5}]}, 400, "sku"),
        ({"variants": [{}]}, 400, "sku"),
        ({"variants": [{"sku": "A", "price_minor": 5}, {"sku": "A", "price_minor": 6}]}, 400, "same variant"),
        ({"variants": [{"id": str(uuid4()), "price_minor": 5}]}, 404, "variant_not_found"),
        ({"removed_variants": [str(uuid4())]}, 404, "variant_not_found"),
        ({"variants": [{"sku": "A", "on_hand": 3, "if_on_hand": 7}]}, 409, "stock_moved"),
    ],
)
def test_a_patch_that_names_no_variant_changes_nothing(
    client: APIClient, tote: dict[str, Any], body: dict[str, Any], status: int, names: str
) -> None:
    answer = client.patch(address(tote), body)
    assert answer.status_code == status
    assert names in answer.content.decode()
    assert variants(client, tote) == tote["variants"]


def test_a_variant_is_not_changed_and_removed_at_once(client: APIClient, tote: dict[str, Any]) -> None:
    body = {"variants": [{"sku": "A", "price_minor": 5}], "removed_variants": [tote["variants"][0]["id"]]}
    assert client.patch(address(tote), body).status_code == 400
    both = {"removed_variants": [variant["id"] for variant in tote["variants"]]}
    assert client.patch(address(tote), both).status_code == 400
    assert variants(client, tote) == tote["variants"]


@pytest.mark.parametrize("act", ["patch", "delete"])
def test_the_api_refuses_a_change_of_a_product_that_was_not_read(
    client: APIClient, tote: dict[str, Any], act: str
) -> None:
    tag = client.get(address(tote))["ETag"]
    newer = client.patch(address(tote), {"variants": [{"sku": "B", "price_minor": 650}]})["ETag"]
    assert newer != tag
    change = {"title": "Mine"} if act == "patch" else None
    answer = getattr(client, act)(address(tote), change, headers={"If-Match": tag})
    body = answer.json()
    assert (answer.status_code, body["code"]) == (412, "version_mismatch")
    assert body["errors"]["current"]["variants"][1]["price_minor"] == 650
    assert client.get(address(tote)).json()["data"]["title"] == "Tote"
    answer = getattr(client, act)(address(tote), change, headers={"If-Match": f'"x", W/{newer}'})
    assert answer.status_code in {200, 204}


@pytest.mark.parametrize("header", ['"nope"', "nope", 'W/"nope"', ""])
def test_a_version_that_never_was_is_refused(client: APIClient, tote: dict[str, Any], header: str) -> None:
    assert client.patch(address(tote), {"title": "Mine"}, headers={"If-Match": header}).status_code == 412


def test_any_version_is_accepted_by_a_star(client: APIClient, tote: dict[str, Any]) -> None:
    assert client.patch(address(tote), {"title": "Mine"}, headers={"If-Match": "*"}).status_code == 200


def test_a_sale_is_no_new_version(client: APIClient, own: Staffed, tote: dict[str, Any]) -> None:
    tag = client.get(address(tote))["ETag"]
    adjust_stock(shop=own.shop, variant_id=tote["variants"][0]["id"], change=-1, source="sold", now=NOW)
    assert client.get(address(tote))["ETag"] == tag


def test_a_product_s_page_is_not_saved_over_what_somebody_else_has_saved(
    client: APIClient, desk: Client, own: Staffed, tote: dict[str, Any]
) -> None:
    page = f"/dashboard/products/{tote['id']}/"
    shown = fields(desk.get(page).content.decode())
    mine = {**shown, "title": "Mine", "status": "draft"}
    theirs = {"title": "Theirs", "variants": [{"sku": "C", "price_minor": 700, "options": {"Size": "L"}}]}
    assert client.patch(address(tote), theirs).status_code == 200
    answer = desk.post(page, mine)
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "Saved meanwhile: “Theirs”." in body
    assert "Added meanwhile, and kept: variant C." in body
    assert client.get(address(tote)).json()["data"]["title"] == "Theirs"
    assert desk.post(page, {**mine, "version": fields(body)["version"]}).status_code == 302
    saved = get_product(shop=own.shop, product_id=tote["id"])
    assert (saved.title, [v.sku for v in saved.variants.all()]) == ("Mine", ["A", "B", "C"])


# Counts


def test_a_count_is_not_written_over_a_sale(client: APIClient, own: Staffed) -> None:
    stock = f"/api/v1/stock/{own.stocked.variant_id}/"
    read = own.stocked.level()[0]
    adjust_stock(shop=own.shop, variant_id=own.stocked.variant_id, change=-3, source="sold", now=NOW)
    answer = client.patch(stock, {"on_hand": read + 5, "if_on_hand": read})
    assert (answer.status_code, answer.json()["code"]) == (409, "stock_moved")
    assert answer.json()["errors"]["current"] == read - 3
    assert own.stocked.level()[0] == read - 3
    assert client.patch(stock, {"on_hand": read + 5, "if_on_hand": read - 3}).status_code == 200
    assert client.patch(stock, {"delta": 1, "if_on_hand": 3}).status_code == 400


def test_counts_that_were_not_touched_on_the_page_put_no_sold_stock_back(own: Staffed) -> None:
    packer = page_client(own.shop, member(own.shop, Role.FULFILMENT))
    page = f"/dashboard/products/{own.stocked.product_id}/"
    shown = fields(packer.get(page).content.decode())
    read = own.stocked.level()[0]
    adjust_stock(shop=own.shop, variant_id=own.stocked.variant_id, change=-3, source="sold", now=NOW)
    packer.post(f"{page}stock/", shown)
    assert own.stocked.level()[0] == read - 3
    typed = {**shown, f"on_hand_{own.stocked.variant_id}": str(read + 9)}
    answer = packer.post(f"{page}stock/", typed, follow=True)
    assert "moved this stock" in answer.content.decode()
    assert own.stocked.level()[0] == read - 3


@pytest.mark.parametrize(("one", "other"), [({"a": 1}, {"a": "1"}), ({"a": ""}, {"a": None}), ({"a": "x"}, {"b": "x"})])
def test_different_values_make_different_versions(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert version_of(one) != version_of(other)
    assert version_of(one) == version_of(dict(one))
