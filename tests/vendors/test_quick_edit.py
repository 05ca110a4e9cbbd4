"""Price and stock are changed in the list, judged as anywhere else, and never over a value that nobody saw."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from catalogue.discovery.models import Listing
from catalogue.models import PriceChange, StockMovement, Variant
from catalogue.services.prices import set_price
from catalogue.services.stock import set_on_hand
from tenants.models import Role
from tests.world.clock import NOW
from tests.world.market import buy, open_shop, stock
from tests.world.own_shop import Staffed, api, member, page_client, staffed

pytestmark = pytest.mark.django_db


@pytest.fixture
def own() -> Staffed:
    return staffed("indigo-fabrics")


@pytest.fixture
def desk(own: Staffed) -> Client:
    return page_client(own.shop, member(own.shop))


def saved(own: Staffed) -> tuple[int, int, int, int]:
    """Price, stock on hand, and how often each was written."""
    with schema_context(own.shop.schema_name):
        variant = Variant.objects.select_related("stock").get(pk=own.stocked.variant_id)
        prices, counts = PriceChange.objects.count(), StockMovement.objects.filter(kind="adjustment").count()
        return variant.price_minor, variant.stock.on_hand, prices, counts


def typed(own: Staffed, *, price: str | None = None, on_hand: str | None = None) -> dict[str, str]:
    was_price, was_on_hand, _, _ = saved(own)
    return {
        "price": str(was_price // 100) if price is None else price,
        "on_hand": str(was_on_hand) if on_hand is None else on_hand,
        "shown_price": str(was_price),
        "shown_on_hand": str(was_on_hand),
    }


def address(own: Staffed) -> str:
    return f"/dashboard/products/variants/{own.stocked.variant_id}/"


def text_of(page: Any) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.content.decode())))


def test_price_and_stock_are_saved_and_reach_the_market(own: Staffed, desk: Client) -> None:
    _, _, prices, counts = saved(own)
    back = "/dashboard/products/?status=active"
    answer = desk.post(address(own), typed(own, price="20,500.50", on_hand="7") | {"back": back})
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{back}#p-{own.stocked.product_id}"
    assert saved(own) == (2_050_050, 7, prices + 1, counts + 1)
    assert Listing.objects.get().price_minor == 2_050_050
    assert "SECRET-indigo-fabrics is saved." in text_of(desk.get(back))


def test_what_is_the_same_is_not_written(own: Staffed, desk: Client) -> None:
    before = saved(own)
    desk.post(address(own), typed(own))
    assert saved(own) == before


def test_only_what_was_changed_is_compared_and_written(own: Staffed, desk: Client) -> None:
    form = typed(own, price="20000")
    set_on_hand(shop=own.shop, variant_id=own.stocked.variant_id, on_hand=3, source="a sale", now=NOW)
    assert desk.post(address(own), form).status_code == 302
    assert saved(own)[:2] == (2_000_000, 3)


@pytest.mark.parametrize(
    ("change", "words", "status"),
    [
        ({"price": "0"}, "A price is more than zero", 400),
        ({"price": "cheap"}, "", 422),
        ({"price": "99999999999999"}, "", 422),
        ({"on_hand": "-1"}, "Stock is a whole number, zero or more.", 422),
        ({"on_hand": "1.5"}, "Stock is a whole number, zero or more.", 422),
        ({"on_hand": "many"}, "Stock is a whole number, zero or more.", 422),
        ({"price": "20000", "on_hand": "many"}, "Stock is a whole number, zero or more.", 422),
    ],
)
def test_what_cannot_be_is_refused_beside_what_was_typed(
    own: Staffed, desk: Client, change: dict[str, str], words: str, status: int
) -> None:
    before = saved(own)
    page = desk.post(address(own), typed(own, **change))
    assert page.status_code == status
    assert words in text_of(page)
    html = page.content.decode()
    for value in change.values():
        assert f'value="{value}"' in html
    assert 'role="alert"' in html
    assert saved(own) == before


def test_a_value_that_moved_meanwhile_is_told_and_saved_by_the_second_press(own: Staffed, desk: Client) -> None:
    form = typed(own, price="20000", on_hand="6")
    set_price(shop=own.shop, variant_id=own.stocked.variant_id, price_minor=1_990_000, now=NOW)
    before = saved(own)
    page = desk.post(address(own), form)
    assert page.status_code == 409
    assert "In the meantime, the price was changed to ₦19,900. Save again to overwrite it." in text_of(page)
    assert saved(own) == before, "Neither the price nor the count is written."
    assert 'name="shown_price" value="1990000"' in page.content.decode()
    set_on_hand(shop=own.shop, variant_id=own.stocked.variant_id, on_hand=4, source="a sale", now=NOW)
    page = desk.post(address(own), form | {"shown_price": "1990000"})
    assert page.status_code == 409
    assert "have changed the stock to 4" in text_of(page)
    assert saved(own)[:2] == (1_990_000, 4)
    assert desk.post(address(own), form | {"shown_price": "1990000", "shown_on_hand": "4"}).status_code == 302
    assert saved(own)[:2] == (2_000_000, 6)


def test_stock_that_is_promised_is_kept(own: Staffed, desk: Client) -> None:
    buy(own.stocked.line(3))
    before = saved(own)
    page = desk.post(address(own), typed(own, price="20000", on_hand="2"))
    assert page.status_code == 409
    assert "3 of this variant are reserved" in text_of(page)
    assert saved(own) == before


def test_who_only_counts_changes_no_price(own: Staffed) -> None:
    desk = page_client(own.shop, member(own.shop, Role.FULFILMENT))
    assert "shown_price" not in desk.get("/dashboard/products/").content.decode()
    price, *_ = saved(own)
    assert desk.post(address(own), typed(own, price="1", on_hand="6")).status_code == 302
    assert saved(own)[:2] == (price, 6)


def test_who_only_looks_gets_no_fields(own: Staffed) -> None:
    desk = page_client(own.shop, member(own.shop, Role.VIEWER))
    assert "quick-edit" in (page := desk.get("/dashboard/products/").content.decode())
    assert 'name="on_hand"' not in page
    before = saved(own)
    assert desk.post(address(own), typed(own, on_hand="1")).status_code == 403
    assert saved(own) == before


def test_another_shops_variant_is_not_found(own: Staffed) -> None:
    other = open_shop("kano-caps")
    before = saved(own)
    assert page_client(other, member(other)).post(address(own), typed(own, on_hand="1")).status_code == 404
    assert saved(own) == before


def test_the_row_that_htmx_takes_is_on_the_page_of_both_answers(own: Staffed, desk: Client) -> None:
    """The form's targets are there after a redirect as after a refusal, so that the row is renewed in place."""
    key, product = own.stocked.variant_id, own.stocked.product_id
    answers = (
        desk.post(address(own), typed(own, on_hand="5"), follow=True),
        desk.post(address(own), typed(own, on_hand="x")),
    )
    for page in answers:
        html = page.content.decode()
        for found in (f'id="edit-{key}"', f'id="available-{product}"', f'id="status-{product}"', 'id="toasts"'):
            assert found in html, found


def test_the_api_changes_a_price_as_the_list_does(own: Staffed) -> None:
    caller = api(own.shop, member(own.shop))
    where = f"/api/v1/prices/{own.stocked.variant_id}/"
    price, *_ = saved(own)
    answer = caller.patch(where, {"price_minor": 5_000, "if_price_minor": price}, format="json")
    assert answer.status_code == 200
    assert answer.json()["data"]["price_minor"] == 5_000
    before = saved(own)
    refused = caller.patch(where, {"price_minor": 6_000, "if_price_minor": price}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "price_moved")
    for body in ({}, {"price_minor": 0}, {"price_minor": 10**13}, {"price_minor": "cheap"}):
        assert caller.patch(where, body, format="json").status_code == 400
    assert saved(own) == before
    lower = api(own.shop, member(own.shop, Role.FULFILMENT))
    assert lower.patch(where, {"price_minor": 1}, format="json").status_code == 403
    assert saved(own) == before


def test_a_product_is_previewed_by_staff_alone(own: Staffed, desk: Client) -> None:
    draft = stock(own.shop, sku="DRAFT")
    with schema_context(own.shop.schema_name):
        Variant.objects.get(pk=draft.variant_id).product.__class__.objects.filter(pk=draft.product_id).update(
            status="draft"
        )
    where = f"/dashboard/products/{draft.product_id}/preview/"
    assert "It is a draft: buyers see it once you put it on sale." in text_of(desk.get(where))
    assert where in desk.get(f"/dashboard/products/{draft.product_id}/").content.decode()
    assert page_client(own.shop).get(where).status_code == 302
    other = open_shop("kano-caps")
    assert page_client(other, member(other)).get(where).status_code == 404
    assert page_client(own.shop, member(other, Role.MANAGER)).get(where).status_code == 404


def test_the_preview_of_an_empty_shop_cannot_be_confirmed(own: Staffed) -> None:
    empty = open_shop("quiet-corner")
    owner = member(empty)
    desk = page_client(empty, owner)
    assert "This is right" not in text_of(desk.get("/dashboard/setup/preview/"))
    assert "Put a product on sale" in text_of(desk.post("/dashboard/setup/preview/", follow=True))
    refused = api(empty, owner).post("/api/v1/setup/preview/")
    assert (refused.status_code, refused.json()["code"]) == (409, "preview_empty")
    steps = {step["key"]: step["is_done"] for step in api(empty, owner).get("/api/v1/setup/").json()["data"]["steps"]}
    assert steps["preview"] is False
    stock(empty)
    assert "This is right" in text_of(desk.get("/dashboard/setup/preview/"))
    assert "that step is done" in text_of(desk.post("/dashboard/setup/preview/", follow=True)).lower()
