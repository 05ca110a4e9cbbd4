"""Operators keep the tree of categories: what they do to it, what becomes of products, and what stays refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from accounts.models import User
from catalogue.discovery.models import Category, Listing
from catalogue.discovery.selectors.categories import category_slugs, category_tree, read_tree
from catalogue.discovery.selectors.requests import read_query
from catalogue.discovery.services.drift import find_drift
from catalogue.selectors.products import get_product
from console.models import AuditEntry
from kit.models import OutboxMessage
from kit.work import outbox
from tenants.models import Shop
from tests.world.books import make_operator
from tests.world.factories.catalogue import add_product, make_categories
from tests.world.market import open_shop
from tests.world.own_shop import api, member

pytestmark = pytest.mark.django_db
LIST, API = "/operator/categories/", "/api/v1/operator/categories/"
WHY = {"reason": "Asked for by shops"}


@pytest.fixture
def ids() -> dict[str, int]:
    return make_categories()


@pytest.fixture
def shop() -> Shop:
    return open_shop("indigo-fabrics")


@pytest.fixture
def operator() -> User:
    return make_operator()


@pytest.fixture
def console(client: Client, operator: User) -> Client:
    client.force_login(operator)
    return client


@pytest.fixture
def program(api_client: APIClient, operator: User) -> APIClient:
    api_client.credentials(HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(operator)}")
    return api_client


def hidden_version(page: str) -> str:
    return page.split('name="version" value="', 1)[1].split('"', 1)[0]


def slugs() -> list[str]:
    return sorted(Category.objects.filter(is_retired=False).values_list("slug", flat=True))


def relay_all() -> None:
    while OutboxMessage.objects.exists():
        assert outbox.relay(now=timezone.now())


def test_the_tree_is_shown_with_how_many_products_are_in_it(console: Client, shop: Shop, ids: dict[str, int]) -> None:
    add_product(shop, category_id=ids["leather-bags"])
    page = console.get(LIST).content.decode()
    assert page.index("Fashion") < page.index("Bags") < page.index("Leather bags")
    assert "Leather bags" in console.get(f"{LIST}{ids['bags']}/").content.decode()


def test_a_category_is_added_renamed_and_moved_with_its_reason_in_the_log(
    console: Client, operator: User, ids: dict[str, int]
) -> None:
    assert (
        console.post(LIST, {"name": " Tea  & coffee ", "parent_id": ids["home"], "position": 2, **WHY}).status_code
        == 302
    )
    added = Category.objects.get(slug="tea-coffee")
    assert (added.name, added.parent_id, added.position) == ("Tea & coffee", ids["home"], 2)
    page = f"{LIST}{added.pk}/"
    assert console.post(page, {"name": "Tea", "parent_id": "", "position": 0, **WHY}).status_code == 302
    added.refresh_from_db()
    assert (added.name, added.slug, added.parent_id) == ("Tea", "tea-coffee", None)
    entries = AuditEntry.objects.filter(subject="category:tea-coffee", actor=operator).order_by("id")
    assert list(entries.values_list("action", "reason")) == [
        ("category.added", WHY["reason"]),
        ("category.changed", WHY["reason"]),
    ]
    assert entries[1].details["before"] == {"name": "Tea & coffee", "parent": ids["home"], "position": 2}
    assert f"{operator} changed the category tea-coffee." in console.get(page).content.decode()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"name": ""}, "required"),
        ({"name": "\u200b"}, "required"),
        ({"name": "\u202e---"}, "letter or digit"),
        ({"name": "x" * 81}, "80"),
        ({"position": -1}, "greater than or equal"),
        ({"parent_id": "999999"}, "valid choice"),
        ({"reason": ""}, "required"),
    ],
)
def test_what_is_no_category_is_refused(console: Client, ids: dict[str, int], typed: dict[str, Any], says: str) -> None:
    before = slugs()
    answer = console.post(LIST, {"name": "Tea", "parent_id": "", "position": 0, **WHY, **typed})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert slugs() == before
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("below", ["fashion", "bags", "leather-bags"])
def test_a_category_does_not_go_below_itself(console: Client, ids: dict[str, int], below: str) -> None:
    typed = {"name": "Fashion", "parent_id": ids[below], "position": 0, **WHY}
    answer = console.post(f"{LIST}{ids['fashion']}/", typed)
    assert answer.status_code == 422
    assert "below itself" in answer.content.decode()
    assert Category.objects.get(slug="fashion").parent_id is None
    assert not AuditEntry.objects.exists()


def test_the_tree_is_no_deeper_than_eight(program: APIClient) -> None:
    parent: int | None = None
    for depth in range(8):
        answer = program.post(API, {"name": f"Level {depth}", "parent_id": parent, **WHY})
        assert answer.status_code == 201
        parent = answer.json()["data"]["id"]
    answer = program.post(API, {"name": "Too deep", "parent_id": parent, **WHY})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["parent_id"])
    top = program.post(API, {"name": "Another top", **WHY}).json()["data"]["id"]
    root = Category.objects.get(slug="level-0").pk
    assert program.patch(f"{API}{root}/", {"parent_id": top, **WHY}).status_code == 400


def test_a_merged_category_s_products_are_in_the_other_without_touching_shops(
    console: Client, shop: Shop, ids: dict[str, int]
) -> None:
    on_sale = add_product(shop, "Satchel", category_id=ids["leather-bags"])
    draft = add_product(shop, "Draft", sku="D", category_id=ids["leather-bags"], status="draft")
    answer = console.post(f"{LIST}{ids['leather-bags']}/remove/", {"into_id": ids["kitchen"], **WHY})
    assert answer.status_code == 302
    relay_all()
    listing = Listing.objects.get(pk=on_sale.id)
    assert [node.slug for node in category_tree().path_to(listing.category_id)] == ["home", "kitchen"]
    assert f"'c:{ids['kitchen']}'" in str(listing.search)
    assert f"'c:{ids['fashion']}'" not in str(listing.search)
    assert "'leather'" not in str(listing.search)
    assert find_drift(shop_id=shop.pk) == []
    client = api(shop, member(shop))
    for product in (on_sale, draft):
        told = client.get(f"/api/v1/products/{product.id}/").json()["data"]
        assert told["category"] == "kitchen"
        assert client.patch(f"/api/v1/products/{product.id}/", {"title": "Renamed"}).status_code == 200
    assert category_slugs([ids["leather-bags"]]) == {ids["leather-bags"]: "kitchen"}
    asked = read_query({"category": "leather-bags"})
    assert asked.category is not None
    assert asked.category.slug == "kitchen"
    assert AuditEntry.objects.get().action == "category.merged"


def test_what_was_merged_into_a_merged_category_goes_on_to_the_last(program: APIClient, ids: dict[str, int]) -> None:
    for gone, into in (("leather-bags", "kitchen"), ("kitchen", "lighting"), ("lighting", "fashion")):
        assert program.post(f"{API}{ids[gone]}/remove/", {"into_id": ids[into], **WHY}).status_code == 204
    relay_all()
    for gone in ("leather-bags", "kitchen", "lighting"):
        assert read_tree().by_id[ids[gone]].slug == "fashion"
    assert program.post(f"{API}{ids['fashion']}/remove/", WHY).status_code == 204
    assert ids["kitchen"] not in read_tree().by_id
    assert slugs() == ["bags", "home"]
    assert Category.objects.get(slug="bags").parent_id is None


def test_a_deleted_category_freezes_none_of_its_products(console: Client, shop: Shop, ids: dict[str, int]) -> None:
    product = add_product(shop, "Satchel", category_id=ids["leather-bags"])
    assert console.post(f"{LIST}{ids['leather-bags']}/remove/", {"into_id": "", **WHY}).status_code == 302
    relay_all()
    client = api(shop, member(shop))
    address = f"/api/v1/products/{product.id}/"
    assert client.get(address).json()["data"]["category"] is None
    assert client.patch(address, {"title": "Renamed"}).json()["data"]["title"] == "Renamed"
    assert client.patch(address, {"category": "leather-bags"}).status_code == 400
    assert get_product(shop=shop, product_id=product.id).title == "Renamed"
    assert client.patch(address, {"category": "bags"}).json()["data"]["category"] == "bags"
    assert AuditEntry.objects.get().action == "category.deleted"


def test_a_category_is_not_merged_into_what_is_below_it_or_gone(program: APIClient, ids: dict[str, int]) -> None:
    before = slugs()
    for into in (ids["fashion"], ids["leather-bags"]):
        answer = program.post(f"{API}{ids['fashion']}/remove/", {"into_id": into, **WHY})
        assert (answer.status_code, answer.json()["code"]) == (409, "category_cycle")
    assert program.post(f"{API}{ids['fashion']}/remove/", {"into_id": 999_999, **WHY}).status_code == 404
    assert slugs() == before
    assert program.post(f"{API}{ids['fashion']}/remove/", {"into_id": ids["home"], **WHY}).status_code == 204
    assert program.get(f"{API}{ids['fashion']}/").status_code == 404
    assert program.post(f"{API}{ids['fashion']}/remove/", WHY).status_code == 404
    assert program.patch(f"{API}{ids['home']}/", {"parent_id": ids["fashion"], **WHY}).status_code == 404


def test_a_retired_category_gives_its_slug_to_a_new_one(program: APIClient, ids: dict[str, int]) -> None:
    assert program.post(f"{API}{ids['lighting']}/remove/", {"into_id": ids["kitchen"], **WHY}).status_code == 204
    again = program.post(API, {"name": "Lighting", **WHY}).json()["data"]
    assert again["slug"] == "lighting"
    assert program.post(API, {"name": "Lighting", **WHY}).json()["data"]["slug"] == "lighting-2"
    assert category_tree().by_id[ids["lighting"]].slug == "kitchen"


def test_two_operators_do_not_write_over_each_other(console: Client, program: APIClient, ids: dict[str, int]) -> None:
    address, page = f"{API}{ids['bags']}/", f"{LIST}{ids['bags']}/"
    tag, version = program.get(address)["ETag"], hidden_version(console.get(page).content.decode())
    assert program.patch(address, {"name": "Carriers", **WHY}).status_code == 200
    answer = program.patch(address, {"name": "Sacks", **WHY}, headers={"If-Match": tag})
    assert (answer.status_code, answer.json()["errors"]["current"]["name"]) == (412, "Carriers")
    typed = {"name": "Sacks", "parent_id": ids["fashion"], "position": 0, "version": version, **WHY}
    told = console.post(page, typed)
    assert told.status_code == 409
    assert "Saved meanwhile: “Carriers”." in told.content.decode()
    removed = console.post(f"{page}remove/", {"into_id": "", "version": version, **WHY})
    assert removed.status_code == 422
    assert Category.objects.get(pk=ids["bags"]).name == "Carriers"
    typed["version"] = hidden_version(told.content.decode())
    assert console.post(page, typed).status_code == 302
    assert Category.objects.get(pk=ids["bags"]).name == "Sacks"


def test_listings_are_written_anew_some_at_a_time(
    shop: Shop, program: APIClient, ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalogue.discovery.services.category_listings.AT_ONCE", 2)
    for each in (shop, open_shop("copper-kitchen")):
        for number in range(3):
            add_product(each, f"Bag {number}", sku=f"B{number}", category_id=ids["bags"])
    assert program.patch(f"{API}{ids['bags']}/", {"name": "Carriers", **WHY}).status_code == 200
    relay_all()
    assert all("'carrier'" in str(listing.search) for listing in Listing.objects.all())


def test_operators_alone_keep_the_tree(client: Client, api_client: APIClient, ids: dict[str, int], buyer: User) -> None:
    assert api_client.get(API).status_code == 401
    client.force_login(buyer)
    assert client.get(LIST).status_code == 404
    assert client.post(LIST, {"name": "Tea", "position": 0, **WHY}).status_code == 404
    api_client.credentials(HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(buyer)}")
    assert api_client.post(API, {"name": "Tea", **WHY}).status_code == 403
    assert "tea" not in slugs()
