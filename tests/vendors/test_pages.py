"""The shop's pages: what they show, in how many statements, and what acting on them does."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_tenants.utils import schema_context

from accounts.models import User
from catalogue.models import Product
from tenants.models import Role
from tests.world.factories.catalogue import add_product
from tests.world.market import buy, open_shop
from tests.world.own_shop import Staffed, counted, member, order_status, page_client, paid_order, staffed

pytestmark = pytest.mark.django_db
# As many as four of them move the search path and the role; one reads what is in the orders of a list.
MAX_STATEMENTS = 17  # on an order's page, with its messages


@pytest.fixture
def own() -> Staffed:
    return staffed("indigo-fabrics")


@pytest.fixture
def owner(own: Staffed) -> User:
    return member(own.shop)


@pytest.fixture
def desk(own: Staffed, owner: User) -> Client:
    return page_client(own.shop, owner)


def addresses(own: Staffed) -> list[str]:
    return [
        "/dashboard/",
        "/dashboard/products/",
        "/dashboard/products/?status=active&q=product",
        "/dashboard/products/?stock=low",
        "/dashboard/products/new/",
        f"/dashboard/products/{own.stocked.product_id}/",
        f"/dashboard/products/{own.stocked.product_id}/history/",
        f"/dashboard/products/{own.stocked.product_id}/delete/",
        "/dashboard/orders/",
        "/dashboard/orders/?status=all",
        "/dashboard/orders/?late=yes",
        "/dashboard/orders/?q=zzz",
        f"/dashboard/orders/{own.number}/",
        "/dashboard/balance/",
        "/dashboard/commission/",
    ]


def test_every_page_in_few_statements_however_much_there_is(own: Staffed, desk: Client) -> None:
    few: dict[str, int] = {}
    for address in addresses(own):
        desk.get(address)  # caches
        with counted() as queries:
            assert desk.get(address).status_code == 200, address
        few[address] = len(queries)
    for index in range(4):
        add_product(own.shop, f"Lamp {index}")
        paid_order(own.stocked)
    for address in addresses(own):
        with counted() as queries:
            desk.get(address)
        assert len(queries) <= few[address] + 2, address  # an empty list asks for no variants and pictures
        assert len(queries) <= MAX_STATEMENTS, (address, [each["sql"][:80] for each in queries])


def test_today_shows_the_queue_before_the_chart(own: Staffed, desk: Client) -> None:
    paid_order(own.stocked, quantity=7, now=timezone.now() - timedelta(days=4))
    page = desk.get("/dashboard/")
    assert page.context["to_pack"] == 2
    assert page.context["late"] == 1
    assert page.context["oldest"] == "4 d"
    assert [variant.sku for variant in page.context["low"]] == ["SECRET-indigo-fabrics"]
    text = page.content.decode()
    assert text.index("To pack") < text.index("Sales by day")
    assert '<span class="count">2</span>' in text


def test_today_of_a_new_shop_says_what_to_do() -> None:
    shop = open_shop("quiet-corner")
    page = page_client(shop, member(shop)).get("/dashboard/")
    assert page.status_code == 200
    assert "Get ready to sell" in page.content.decode()
    for address in ("products", "orders", "balance"):
        assert 'class="empty"' in page_client(shop, User.objects.get()).get(f"/dashboard/{address}/").content.decode()


def test_the_root_leads_staff_in_and_others_to_the_market(own: Staffed, desk: Client) -> None:
    assert desk.get("/").headers["Location"] == "/dashboard/"
    assert page_client(own.shop).get("/").headers["Location"].endswith("localhost:8000/shops/indigo-fabrics/")


def test_sign_in_leads_back_to_the_page(own: Staffed) -> None:
    location = page_client(own.shop).get("/dashboard/orders/?status=all").headers["Location"]
    assert location == (
        "http://kasuwa.localhost:8000/account/sign-in/"
        "?next=http%3A%2F%2Findigo-fabrics.kasuwa.localhost%3A8000%2Fdashboard%2Forders%2F%3Fstatus%3Dall"
    )


def test_orders_are_packed_in_bulk(own: Staffed, desk: Client) -> None:
    second = paid_order(own.stocked)
    shipped = paid_order(own.stocked)
    desk.post(f"/dashboard/orders/{shipped}/ship/", {})
    answer = desk.post(
        "/dashboard/orders/bulk/",
        {"ids": [own.number, second, shipped, "KS-NOBODY-1"], "back": "/dashboard/orders/?status=all"},
        follow=True,
    )
    assert answer.redirect_chain == [("/dashboard/orders/?status=all", 302)]
    assert [order_status(own.shop, number)[0] for number in (own.number, second, shipped)] == [
        "packed",
        "packed",
        "shipped",
    ]
    assert "2 orders are packed." in answer.content.decode()
    assert "status is “" in answer.content.decode()


def test_bulk_goes_back_to_nothing_but_its_list(own: Staffed, desk: Client) -> None:
    for back in ("https://evil.test/", "//evil.test", "/dashboard/orders/../../account/"):
        answer = desk.post("/dashboard/orders/bulk/", {"back": back})
        assert answer.headers["Location"] == "/dashboard/orders/"


def test_an_order_goes_all_the_way_and_the_market_follows(own: Staffed, desk: Client) -> None:
    address = f"/dashboard/orders/{own.number}/"
    assert "Mark packed" in desk.get(address).content.decode()
    desk.post(f"{address}pack/")
    assert order_status(own.shop, own.number) == ("packed", "packed")
    desk.post(f"{address}ship/", {"carrier": "GIG Logistics", "tracking_number": "GIG-1"})
    assert order_status(own.shop, own.number) == ("shipped", "shipped")
    assert "GIG Logistics · GIG-1" in desk.get(address).content.decode()
    desk.post(f"{address}deliver/")
    assert order_status(own.shop, own.number) == ("delivered", "delivered")
    answer = desk.post(f"{address}pack/", follow=True)
    assert "status is “" in answer.content.decode()
    assert order_status(own.shop, own.number) == ("delivered", "delivered")


def test_an_order_page_adds_up(own: Staffed, desk: Client) -> None:
    part = desk.get(f"/dashboard/orders/{own.number}/").context["part"]
    assert (part.amounts.items_minor, part.amounts.shipping_minor, part.commission_minor) == (
        1_850_000,
        150_000,
        148_000,
    )
    assert part.payable_minor == 1_852_000


def test_an_order_that_sold_nothing_promises_no_money_and_no_slip(own: Staffed, desk: Client) -> None:
    number = f"{buy(own.stocked.line(), now=timezone.now()).number}-1"
    page = desk.get(f"/dashboard/orders/{number}/").content.decode()
    assert ("The buyer has not paid yet." in page, "You get" in page, "Packing slip" in page) == (True, True, False)
    desk.post(f"/dashboard/orders/{number}/release/")
    page = desk.get(f"/dashboard/orders/{number}/").content.decode()
    assert "nothing is paid out" in page
    assert [
        words for words in ("You get", "The buyer pays you", "On items only", "Packing slip") if words in page
    ] == []
    sold = desk.get(f"/dashboard/orders/{own.number}/").content.decode()
    assert ("You get" in sold, "Packing slip" in sold, "Nothing was sold" in sold) == (True, True, False)


def test_balance_goes_order_by_order_and_page_by_page(
    own: Staffed, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vendors.views.balance.PAGE_SIZE", 2)
    numbers = [own.number, paid_order(own.stocked), paid_order(own.stocked)]
    first = desk.get("/dashboard/balance/")
    second = desk.get("/dashboard/balance/" + first.context["next_url"])
    seen = [each.row.part.number for page in (first, second) for each in page.context["movements"]]
    assert seen == numbers[::-1]
    assert second.context["next_url"] == ""
    assert first.context["balances"].pending_minor == 3 * 1_852_000


def test_products_are_put_on_sale_and_taken_off_in_bulk(own: Staffed, desk: Client) -> None:
    draft = add_product(own.shop, "Lamp", status="draft")
    ids = [str(draft.pk), str(own.stocked.product_id), "nonsense"]
    desk.post("/dashboard/products/bulk/", {"ids": ids, "action": "publish"})
    assert _statuses(own) == {"active"}
    desk.post("/dashboard/products/bulk/", {"ids": ids, "action": "archive"})
    assert _statuses(own) == {"archived"}
    assert desk.post("/dashboard/products/bulk/", {"ids": ids, "action": "explode"}).status_code == 404


def test_products_are_found_by_words_status_and_stock(own: Staffed, desk: Client) -> None:
    add_product(own.shop, "Copper lamp", status="draft", sku="LAMP-1")

    def found(query: str) -> list[str]:
        rows: list[dict[str, Any]] = desk.get(f"/dashboard/products/?{query}").context["rows"]
        return [row["product"].title for row in rows]

    assert found("q=lamp") == ["Copper lamp"]
    assert found("q=secret") == ["Product SECRET-indigo-fabrics"]
    assert found("status=draft") == ["Copper lamp"]
    assert found("stock=low") == []


def test_deleting_asks_first(own: Staffed, desk: Client) -> None:
    address = f"/dashboard/products/{own.stocked.product_id}/delete/"
    assert "Delete this product?" in desk.get(address).content.decode()
    with schema_context(own.shop.schema_name):
        assert Product.objects.get(pk=own.stocked.product_id).deleted_at is None
    desk.post(address)
    with schema_context(own.shop.schema_name):
        assert Product.objects.get(pk=own.stocked.product_id).deleted_at is not None
    assert desk.get(address).status_code == 404


def test_fulfilment_staff_count_stock_and_change_nothing_else(own: Staffed) -> None:
    desk = page_client(own.shop, member(own.shop, Role.FULFILMENT))
    address = f"/dashboard/products/{own.stocked.product_id}/"
    assert "Save the counts" in desk.get(address).content.decode()
    assert desk.post(address, {"title": "Mine"}).status_code == 403
    assert own.stocked.level() == (9, 0)
    desk.post(f"{address}stock/", {f"on_hand_{own.stocked.variant_id}": "25"})
    assert own.stocked.level() == (25, 0)
    desk.post(f"{address}stock/", {f"on_hand_{own.stocked.variant_id}": "-3"})
    assert own.stocked.level() == (25, 0)


def _statuses(own: Staffed) -> set[str]:
    with schema_context(own.shop.schema_name):
        return set(Product.objects.values_list("status", flat=True))
