"""The shop's API: products, pictures, stock, orders, balance."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django_tenants.utils import schema_context
from rest_framework.test import APIClient

from accounts.models import User
from catalogue.discovery.models import Listing
from catalogue.models import StockMovement
from checkout.fulfilment.models import VendorOrder
from checkout.models import SubOrder
from payouts.capabilities import VIEW_BALANCE
from tenants.access import can
from tenants.models import Role
from tests.world.factories.catalogue import make_categories, picture
from tests.world.market import buy
from tests.world.own_shop import Staffed, api, counted, member, order_status, page_client, paid_order, staffed

pytestmark = pytest.mark.django_db
BASE = "/api/v1"
MAX_STATEMENTS = 12
TOTE: dict[str, Any] = {
    "title": "Hand-woven tote",
    "category": "leather-bags",
    "status": "active",
    "variants": [
        {"sku": "T-IND", "price_minor": 1_850_029, "options": {"Colour": "Indigo"}, "on_hand": 8, "weight_g": 300},
        {"sku": "T-RUS", "price_minor": 2_100_000, "compare_at_minor": 2_400_000, "options": {"Colour": "Rust"}},
    ],
}


OTHER_SKU = {"sku": "T-OTHER", "price_minor": 5}


@pytest.fixture
def own() -> Staffed:
    make_categories()
    return staffed("indigo-fabrics")


@pytest.fixture
def owner(own: Staffed) -> User:
    return member(own.shop)


@pytest.fixture
def client(own: Staffed, owner: User) -> APIClient:
    return api(own.shop, owner)


def data(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    body = answer.json()
    assert body["status"] == "success"
    return body["data"]


def refusal(answer: Any) -> tuple[int, str]:
    body = answer.json()
    assert body.keys() == {"status", "code", "message", "errors", "request_id"}
    assert body["status"] == "error"
    return answer.status_code, body["code"]


def test_a_product_is_created_read_changed_and_deleted(client: APIClient) -> None:
    made = data(client.post(f"{BASE}/products/", TOTE), 201)
    address = f"{BASE}/products/{made['id']}/"
    assert data(client.get(address)) == made
    assert (made["category"], made["currency"], made["status"]) == ("leather-bags", "NGN", "active")
    first, second = made["variants"]
    assert (first["price_minor"], first["on_hand"], first["reserved"], first["available"]) == (1_850_029, 8, 0, 8)
    assert (second["compare_at_minor"], second["on_hand"]) == (2_400_000, 0)
    assert Listing.objects.filter(pk=made["id"]).get().title == "Hand-woven tote"

    changed = data(client.patch(address, {"title": "Tote", "category": None}))
    assert (changed["title"], changed["category"]) == ("Tote", None)
    assert changed["variants"] == made["variants"]

    dearer = [{"id": first["id"], "sku": "T-IND", "price_minor": 1_900_000, "options": {"Colour": "Indigo"}}]
    left, kept = data(client.patch(address, {"variants": dearer}))["variants"]
    assert (left["id"], left["price_minor"], left["on_hand"]) == (first["id"], 1_900_000, 8)
    assert kept == second

    assert client.delete(address).status_code == 204
    assert refusal(client.get(address)) == (404, "product_not_found")
    assert not Listing.objects.filter(pk=made["id"]).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"category": "no-such"}, "category"),
        ({"status": "sold"}, "status"),
        ({"tax_class": "luxury"}, "tax_class"),
        ({"variants": []}, "variants"),
        ({"variants": [{"sku": "A", "price_minor": 0}]}, "variants"),
        ({"variants": [{"sku": "A", "price_minor": 18.5}]}, "variants"),
        ({"variants": [{"sku": "A", "price_minor": 10**13}]}, "variants"),
        ({"variants": [{"sku": "A", "price_minor": 5, "compare_at_minor": 5}]}, "variants"),
        ({"variants": [{"sku": "A", "price_minor": 5}, {"sku": "B", "price_minor": 5}]}, "variants"),
        ({"variants": [{"sku": "A", "price_minor": 5, "options": {"Si\0ze": "S"}}]}, "variants"),
        ({"variants": [{"sku": "SECRET-indigo-fabrics", "price_minor": 5}]}, "sku"),
    ],
)
def test_a_product_that_cannot_be_sold_is_refused(client: APIClient, changes: dict[str, Any], field: str) -> None:
    before = Listing.objects.count()
    answer = client.post(f"{BASE}/products/", TOTE | changes)
    assert answer.status_code == (409 if field == "sku" else 400)
    assert field in answer.json()["errors"]
    assert Listing.objects.count() == before


def test_a_product_has_a_tax_class_which_a_change_of_another_field_keeps(client: APIClient) -> None:
    assert data(client.post(f"{BASE}/products/", TOTE), 201)["tax_class"] == "standard"
    made = data(client.post(f"{BASE}/products/", {**TOTE, "tax_class": "zero", "variants": [OTHER_SKU]}), 201)
    address = f"{BASE}/products/{made['id']}/"
    before = client.get(address).headers["ETag"]
    assert data(client.patch(address, {"title": "Tote"}))["tax_class"] == "zero"
    assert data(client.patch(address, {"tax_class": "exempt"}))["tax_class"] == "exempt"
    assert client.patch(address, {"tax_class": "zero"}, headers={"If-Match": before}).status_code == 412


def test_products_are_listed_by_page_words_and_status(client: APIClient, own: Staffed) -> None:
    data(client.post(f"{BASE}/products/", TOTE | {"status": "draft"}), 201)
    page = data(client.get(f"{BASE}/products/?page_size=1"))
    assert (page["count"], len(page["results"]), page["previous"]) == (2, 1, None)
    assert page["results"][0]["title"] == "Hand-woven tote"
    rest = data(client.get(page["next"]))
    assert (rest["results"][0]["id"], rest["next"]) == (str(own.stocked.product_id), None)
    assert data(client.get(f"{BASE}/products/?search=T-RUS"))["count"] == 1
    assert data(client.get(f"{BASE}/products/?status=draft"))["count"] == 1
    assert data(client.get(f"{BASE}/products/?low_stock=true"))["count"] == 1
    assert refusal(client.get(f"{BASE}/products/?page=9")) == (404, "not_found")
    assert refusal(client.get(f"{BASE}/products/?page=x")) == (400, "invalid")
    assert refusal(client.get(f"{BASE}/products/?page_size=101")) == (400, "invalid")


def test_pictures_come_and_go(client: APIClient, own: Staffed) -> None:
    address = f"{BASE}/products/{own.stocked.product_id}/images/"
    upload = picture()
    upload.name = "tote.jpg"
    image = data(client.post(address, {"image": upload, "alt": "The tote"}, format="multipart"), 201)
    assert image["alt"] == "The tote"
    assert image["small_url"].endswith("-400.webp")
    bad = picture()
    bad.write(b"no picture")
    bad.name = "bad.jpg"
    bad.seek(0)
    bad.truncate(20)
    assert refusal(client.post(address, {"image": bad}, format="multipart")) == (400, "invalid")
    assert refusal(client.post(address, {}, format="multipart")) == (400, "invalid")
    assert client.delete(f"{address}{image['id']}/").status_code == 204
    assert refusal(client.delete(f"{address}{image['id']}/")) == (404, "image_not_found")


def test_stock_is_counted_and_adjusted(client: APIClient, own: Staffed, owner: User) -> None:
    address = f"{BASE}/stock/{own.stocked.variant_id}/"
    assert data(client.patch(address, {"on_hand": 12})) == {
        "variant_id": str(own.stocked.variant_id),
        "on_hand": 12,
        "reserved": 0,
        "available": 12,
    }
    assert data(client.patch(address, {"delta": -5}))["on_hand"] == 7
    with schema_context(own.shop.schema_name):
        last = StockMovement.objects.order_by("-id")[0]
    assert (last.quantity, last.source) == (-5, f"user {owner.pk}")
    for body in ({}, {"on_hand": 3, "delta": 1}, {"on_hand": -1}, {"on_hand": "many"}, {"delta": 1.5}):
        assert refusal(client.patch(address, body)) == (400, "invalid"), body
    assert refusal(client.patch(f"{BASE}/stock/{uuid4()}/", {"on_hand": 1})) == (404, "variant_not_found")
    assert own.stocked.level() == (7, 0)


def test_stock_below_what_is_promised_is_refused(client: APIClient, own: Staffed) -> None:
    buy(own.stocked.line(3))
    address = f"{BASE}/stock/{own.stocked.variant_id}/"
    for body in ({"on_hand": 2}, {"delta": -7}):
        answer = client.patch(address, body)
        assert refusal(answer) == (409, "stock_below_reserved")
        assert answer.json()["errors"]["reserved"] == 3
    assert own.stocked.level() == (9, 3)


def test_an_order_is_packed_shipped_and_delivered(client: APIClient, own: Staffed) -> None:
    address = f"{BASE}/vendor-orders/{own.number}/"
    order = data(client.get(address))
    assert (order["status"], order["commission_minor"], order["payable_minor"]) == ("new", 148_000, 1_852_000)
    assert order["shipping_address"]["city"] == "Surulere"
    assert [line["sku"] for line in order["lines"]] == ["SECRET-indigo-fabrics"]
    assert refusal(client.post(f"{address}deliver/")) == (409, "wrong_step")
    assert data(client.post(f"{address}pack/"))["status"] == "packed"
    assert refusal(client.post(f"{address}pack/")) == (409, "wrong_step")
    shipped = data(client.post(f"{address}ship/", {"carrier": "GIG Logistics", "tracking_number": "GIG-1"}))
    assert [parcel["tracking_number"] for parcel in shipped["shipments"]] == ["GIG-1"]
    assert SubOrder.objects.get(number=own.number).tracking == {"carrier": "GIG Logistics", "number": "GIG-1"}
    assert data(client.post(f"{address}deliver/"))["status"] == "delivered"
    assert order_status(own.shop, own.number) == ("delivered", "delivered")
    assert SubOrder.objects.get(number=own.number).order.status == "completed"


def test_an_order_ships_without_being_packed_and_without_a_body(client: APIClient, own: Staffed) -> None:
    assert data(client.post(f"{BASE}/vendor-orders/{own.number}/ship/"))["status"] == "shipped"
    assert order_status(own.shop, own.number) == ("shipped", "shipped")


def test_an_unpaid_order_is_not_packed(client: APIClient, own: Staffed) -> None:
    number = SubOrder.objects.get(order=buy(own.stocked.line())).number
    for step in ("pack", "ship", "deliver"):
        assert refusal(client.post(f"{BASE}/vendor-orders/{number}/{step}/")) == (409, "wrong_step")
    assert order_status(own.shop, number) == ("pending", "pending")


def test_a_parcel_of_too_many_letters_is_refused(client: APIClient, own: Staffed) -> None:
    answer = client.post(f"{BASE}/vendor-orders/{own.number}/ship/", {"carrier": "x" * 81})
    assert refusal(answer) == (400, "invalid")
    assert order_status(own.shop, own.number) == ("new", "new")


def test_orders_are_listed_by_status_and_words(client: APIClient, own: Staffed) -> None:
    second = paid_order(own.stocked, quantity=2)
    client.post(f"{BASE}/vendor-orders/{own.number}/pack/")
    everything = data(client.get(f"{BASE}/vendor-orders/"))
    assert [row["number"] for row in everything["results"]] == [second, own.number]
    assert [row["units"] for row in everything["results"]] == [2, 1]
    assert [row["number"] for row in data(client.get(f"{BASE}/vendor-orders/?status=packed"))["results"]] == [
        own.number
    ]
    assert len(data(client.get(f"{BASE}/vendor-orders/?search={second[3:8].lower()}"))["results"]) == 1
    assert data(client.get(f"{BASE}/vendor-orders/?search=nobody"))["results"] == []
    assert len(data(client.get(f"{BASE}/vendor-orders/?search=BUYER@Example.com"))["results"]) == 2
    assert refusal(client.get(f"{BASE}/vendor-orders/KS-NOBODY-1/")) == (404, "not_found")


def test_orders_are_listed_by_the_time_of_their_placing(client: APIClient, own: Staffed) -> None:
    second = paid_order(own.stocked)
    with schema_context(own.shop.schema_name):
        VendorOrder.objects.filter(number=own.number).update(placed_at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC))
        VendorOrder.objects.filter(number=second).update(placed_at=datetime(2026, 3, 2, tzinfo=UTC))

    def found(**asked: str) -> list[str]:
        return [row["number"] for row in data(client.get(f"{BASE}/vendor-orders/", asked))["results"]]

    assert found(placed_from="2026-03-02") == [second]
    assert found(placed_before="2026-03-02") == [own.number]
    assert found(placed_from="2026-03-02T00:30:00+01:00", placed_before="2026-03-02T00:00:00Z") == [own.number]
    assert found(placed_from="2026-03-02T00:30:01+01:00", placed_before="2026-03-02T00:00:00Z") == []
    assert found(placed_from="2026-03-01", status="packed") == []
    client.post(f"{BASE}/vendor-orders/{second}/pack/")
    client.post(f"{BASE}/vendor-orders/{own.number}/pack/")
    first = data(client.get(f"{BASE}/vendor-orders/?status=packed&page_size=1"))
    rest = data(client.get(first["next"]))
    assert [row["number"] for row in first["results"] + rest["results"]] == [own.number, second]  # the oldest first
    for wrong in ({"placed_from": "2026-03-02T00:00:00"}, {"placed_from": "2026-03-02", "placed_before": "2026-03-02"}):
        assert refusal(client.get(f"{BASE}/vendor-orders/", wrong)) == (400, "invalid")


def test_the_balance_says_what_is_owed_and_why(client: APIClient, own: Staffed) -> None:
    second = paid_order(own.stocked)
    assert data(client.get(f"{BASE}/balance/")) == {
        "currency": "NGN",
        "pending_minor": 2 * 1_852_000,
        "available_minor": 0,
        "reserved_minor": 0,
        "in_transit_minor": 0,
        "receivable_minor": 0,
        "total_minor": 2 * 1_852_000,
        "disputed_minor": 0,
        "next_releases": [],
        "held": {"orders": 0, "amount_minor": 0},
        "is_held": False,
    }
    page = data(client.get(f"{BASE}/balance/entries/?page_size=1"))
    [entry] = page["results"]
    assert (entry["order_number"], entry["balance"], entry["kind"]) == (second, "pending", "sale")
    assert entry["total_minor"] - entry["commission_minor"] == entry["amount_minor"] == 1_852_000
    last = data(client.get(page["next"]))
    assert ([each["order_number"] for each in last["results"]], last["next"]) == ([own.number], None)
    assert data(client.get(last["previous"]))["results"] == [entry]
    assert refusal(client.get(f"{BASE}/balance/entries/?cursor=x")) == (400, "invalid")


def test_the_shop_says_what_it_is_and_who_asks(client: APIClient) -> None:
    shop = data(client.get(f"{BASE}/shop/"))
    assert (shop["slug"], shop["role"], shop["commission_bps"], shop["shipping_minor"]) == (
        "indigo-fabrics",
        "owner",
        800,
        150_000,
    )


def test_reading_takes_few_statements_however_much_there_is(client: APIClient, own: Staffed) -> None:
    for _ in range(3):
        paid_order(own.stocked)
    for number in range(3):
        data(client.post(f"{BASE}/products/", TOTE | {"variants": [{"sku": f"N-{number}", "price_minor": 5}]}), 201)
    paths = ("products/", f"products/{own.stocked.product_id}/", "vendor-orders/", "balance/", "balance/entries/")
    for path in (*paths, f"vendor-orders/{own.number}/", "shop/"):
        client.get(f"{BASE}/{path}")
        with counted() as queries:
            data(client.get(f"{BASE}/{path}"))
        assert len(queries) <= MAX_STATEMENTS, (path, len(queries))


def test_a_missing_method_is_said_to_be_missing(client: APIClient, own: Staffed) -> None:
    assert refusal(client.post(f"{BASE}/balance/")) == (405, "method_not_allowed")
    assert client.options(f"{BASE}/balance/").status_code == 200
    with schema_context(own.shop.schema_name):
        assert VendorOrder.objects.count() == 1


@pytest.mark.parametrize("role", Role)
def test_only_roles_that_see_the_balance_read_an_order_s_commission(own: Staffed, role: Role) -> None:
    """Over the API, and on its page, which hides the same."""
    person = member(own.shop, role=role)
    client, desk = api(own.shop, person), page_client(own.shop, person)
    is_allowed = can(role, VIEW_BALANCE)
    order = data(client.get(f"{BASE}/vendor-orders/{own.number}/"))
    names = ("commission_bps", "commission_minor", "commission_tax_minor", "payable_minor")
    assert [order[name] is not None for name in names] == [is_allowed] * 4
    assert client.get(f"{BASE}/vendor-orders/{own.number}/commission/").status_code == (200 if is_allowed else 403)
    page = desk.get(f"/dashboard/orders/{own.number}/").content.decode()
    assert [words in page for words in (">Commission<", "You get", "/commission/")] == [is_allowed] * 3
    commission = desk.get(f"/dashboard/orders/{own.number}/commission/")
    assert commission.status_code == (200 if is_allowed else 403)
