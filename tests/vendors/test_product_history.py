"""History of a product: what moved its stock, by whom, and the prices until now."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from accounts.models import User
from catalogue.services.imports.running import confirm_import
from catalogue.services.prices import set_price
from catalogue.services.stock import set_on_hand
from tenants.models import Role
from tests.world.imports import run_all, upload
from tests.world.own_shop import Staffed, api, counted, member, page_client, paid_order, staffed

pytestmark = pytest.mark.django_db


@pytest.fixture
def own() -> Staffed:
    return staffed("indigo-fabrics")


@pytest.fixture
def owner(own: Staffed) -> User:
    return member(own.shop)


def recount(own: Staffed, on_hand: int, source: str) -> None:
    set_on_hand(shop=own.shop, variant_id=own.stocked.variant_id, on_hand=on_hand, source=source, now=timezone.now())


def rows_of(page: Any) -> list[tuple[str, int, int, str]]:
    return [(each.movement.kind, each.movement.quantity, each.on_hand, each.source) for each in page.context["changes"]]


def test_each_change_has_its_reason_and_what_was_left(own: Staffed, owner: User) -> None:
    shop, desk = own.shop, page_client(own.shop, owner)
    opened = rows_of(desk.get(f"/dashboard/products/{own.stocked.product_id}/history/"))
    sold = paid_order(own.stocked, quantity=2)
    recount(own, 40, f"user {owner.pk}")
    recount(own, 41, "user 987654")
    set_price(shop=shop, variant_id=own.stocked.variant_id, price_minor=777_700, now=timezone.now())
    page = desk.get(f"/dashboard/products/{own.stocked.product_id}/history/")
    found = rows_of(page)
    assert found[3:] == opened
    before = opened[0][2]
    assert found[:3] == [
        ("adjustment", 1, 41, "A person who has left"),
        ("adjustment", 40 - (before - 2), 40, str(owner)),
        ("sale", -2, before - 2, sold),
    ]
    text = page.content.decode()
    assert f"/dashboard/orders/{sold}/" in text
    assert "₦7,777" in text
    assert page.context["prices"][0].price_minor == 777_700


def test_an_import_is_named_and_leads_to_its_page_for_those_who_may_open_it(own: Staffed, owner: User) -> None:
    made = upload(own.shop, f"sku,on_hand\nSECRET-{own.shop.slug},7\n".encode())
    confirm_import(shop=own.shop, import_id=made.pk, actor_id=owner.pk, now=timezone.now())
    run_all()
    address = f"/dashboard/products/{own.stocked.product_id}/history/"
    shown = page_client(own.shop, owner).get(address)
    assert rows_of(shown)[0][2:] == (7, made.file_name)
    assert f"/dashboard/products/import/{made.pk}/" in shown.content.decode()
    viewer = page_client(own.shop, member(own.shop, Role.VIEWER)).get(address)
    assert made.file_name in viewer.content.decode()
    assert f"/dashboard/products/import/{made.pk}/" not in viewer.content.decode()


def test_a_long_history_has_pages_whose_counts_go_on(own: Staffed, owner: User) -> None:
    for on_hand in range(60, 90):
        recount(own, on_hand, f"user {owner.pk}")
    desk, address = page_client(own.shop, owner), f"/dashboard/products/{own.stocked.product_id}/history/"
    with counted() as few:
        first = desk.get(address)
    assert [each[2] for each in rows_of(first)] == list(range(89, 64, -1))
    second = desk.get(address + first.context["next_url"])
    assert [each[2] for each in rows_of(second)][:5] == [64, 63, 62, 61, 60]
    assert desk.get(address + second.context["previous_url"]).context["changes"][0].on_hand == 89
    assert desk.get(f"{address}?cursor=nonsense").status_code == 404
    assert len(few) <= 14, "no statement a row"


def test_programs_read_the_same(own: Staffed, owner: User) -> None:
    sold, client, variant = paid_order(own.stocked, quantity=2), api(own.shop, owner), own.stocked.variant_id
    [latest, *_] = client.get(f"/api/v1/stock/{variant}/movements/").json()["data"]["results"]
    assert (latest["kind"], latest["quantity"], latest["source"]) == ("sale", -2, sold)
    assert latest["on_hand"] == client.get("/api/v1/products/").json()["data"]["results"][0]["variants"][0]["on_hand"]
    set_price(shop=own.shop, variant_id=variant, price_minor=777_700, now=timezone.now())
    page = client.get(f"/api/v1/prices/{variant}/changes/?page_size=1").json()["data"]
    assert [(each["price_minor"], each["currency"]) for each in page["results"]] == [(777_700, "NGN")]
    assert client.get(page["next"]).json()["data"]["results"][0]["price_minor"] != 777_700
    for address in (f"stock/{UUID(int=7)}/movements/", f"prices/{UUID(int=7)}/changes/"):
        assert client.get(f"/api/v1/{address}").json()["code"] == "variant_not_found"
    assert client.get(f"/api/v1/stock/{variant}/movements/?cursor=nonsense").status_code == 400
