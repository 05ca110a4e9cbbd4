"""Setting several lines of a cart in one call: all of them or none, in one round trip however many shops there are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from checkout.cart import store
from checkout.cart.set_lines import set_lines
from checkout.cart.store import MAX_LINES, CartId
from checkout.errors import CartLinesRefusedError, TooManyLinesError
from checkout.pricing.lines import CartLine
from kit.db.redis import Script
from kit.ids import uuid7
from tenants.models import ShopStatus
from tests.checkout.test_look_up import trips_counted
from tests.world.clock import NOW
from tests.world.market import Stocked, open_shop, stock
from tests.world.shops import drop_schema

ADA = CartId.of_user(7)
ITEMS = "/api/v1/cart/items/"


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture
def pot(db: None) -> Stocked:
    return stock(open_shop("pot-house"), sku="POT-1", price_minor=640_000)


@pytest.fixture
def lamp(db: None) -> Stocked:
    return stock(open_shop("lamp-yard"), sku="LAMP-1", price_minor=90_000)


def line(item: Stocked, quantity: int) -> dict[str, Any]:
    return {"variant_id": str(item.variant_id), "quantity": quantity}


def held(client: APIClient) -> dict[str, int]:
    groups = client.get("/api/v1/cart/").json()["data"]["groups"]
    return {each["variant_id"]: each["quantity"] for group in groups for each in group["lines"]}


def put_in(client: APIClient, *lines: dict[str, Any]) -> Any:
    return client.put(ITEMS, list(lines))


def test_each_named_line_gets_its_quantity_and_others_stay(
    api_client: APIClient, cloth: Stocked, pot: Stocked, lamp: Stocked
) -> None:
    first = put_in(api_client, line(cloth, 2), line(pot, 1))
    assert (first.status_code, first.json()["data"]["units"]) == (200, 3)
    assert [group["shop"]["slug"] for group in first.json()["data"]["groups"]] == ["cloth-hall", "pot-house"]

    second = put_in(api_client, line(pot, 0), line(lamp, 4))
    assert second.json()["data"] == api_client.get("/api/v1/cart/").json()["data"]
    assert held(api_client) == {str(cloth.variant_id): 2, str(lamp.variant_id): 4}
    assert put_in(api_client, line(pot, 0), line(lamp, 4)).json() == second.json()  # again, and nothing changes

    emptied = put_in(api_client, line(cloth, 0), line(lamp, 0)).json()["data"]
    assert (emptied["units"], emptied["groups"]) == (0, [])


@pytest.mark.django_db
def test_a_guest_carries_the_token_on(api_client: APIClient, cloth: Stocked, pot: Stocked) -> None:
    token = put_in(api_client, line(cloth, 1)).headers["X-Cart-Token"]
    elsewhere = APIClient(HTTP_HOST="kasuwa.localhost")
    answer = elsewhere.put(ITEMS, [line(pot, 2)], headers={"X-Cart-Token": token})
    assert (answer.json()["data"]["units"], answer.headers["X-Cart-Token"]) == (3, token)


def test_what_cannot_be_had_is_told_by_line_and_nothing_is_changed(
    api_client: APIClient, cloth: Stocked, pot: Stocked, lamp: Stocked
) -> None:
    put_in(api_client, line(cloth, 2))
    before = api_client.get("/api/v1/cart/").json()
    lamp.shop.status = ShopStatus.HOLIDAY
    lamp.shop.save()
    unknown = {"variant_id": str(uuid7()), "quantity": 1}

    answer = put_in(api_client, line(cloth, 1), line(pot, 11), unknown, line(lamp, 1))

    assert (answer.status_code, answer.json()["code"]) == (409, "cart_lines_refused")
    short, unsold, away = answer.json()["errors"]
    assert {**short, "message": ""} == {
        "variant_id": str(pot.variant_id),
        "code": "insufficient_stock",
        "message": "",
        "wanted": 11,
        "available": 10,
    }
    assert (unsold["variant_id"], unsold["code"]) == (unknown["variant_id"], "variant_not_sold")
    assert (away["variant_id"], away["code"]) == (str(lamp.variant_id), "shop_not_selling")
    assert all(each["message"] for each in (short, unsold, away))
    assert api_client.get("/api/v1/cart/").json() == before


def test_a_line_is_refused_as_the_call_for_it_alone_would(api_client: APIClient, cloth: Stocked) -> None:
    put_in(api_client, line(cloth, 1))
    alone = api_client.patch(f"{ITEMS}{cloth.variant_id}/", {"quantity": 11}).json()
    [among] = put_in(api_client, line(cloth, 11)).json()["errors"]
    assert (among["code"], among["message"]) == (alone["code"], alone["message"])
    assert {"variant_id": among["variant_id"], "wanted": 11, "available": 10} == alone["errors"][0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "at"),
    [
        ([], "body"),
        ([{"variant_id": "x", "quantity": 1}], "variant_id"),
        ([{"variant_id": str(uuid7()), "quantity": -1}], "quantity"),
        ([{"variant_id": str(uuid7()), "quantity": 1000}], "quantity"),
        ([{"variant_id": str(uuid7())}], "quantity"),
        ([{"variant_id": str(uuid7()), "quantity": 1, "price_minor": 1}], "price_minor"),
        (["text"], "0"),
        ([{"variant_id": str(uuid7()), "quantity": 0} for _ in range(MAX_LINES + 1)], "body"),
    ],
)
def test_a_body_that_is_not_right_changes_nothing(api_client: APIClient, cloth: Stocked, body: Any, at: str) -> None:
    put_in(api_client, line(cloth, 3))
    answer = api_client.put(ITEMS, [*body, line(cloth, 1)] if body and len(body) <= MAX_LINES else body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid"), answer.content
    errors = answer.json()["errors"]
    found = errors.get("0", errors)
    assert list(found if isinstance(found, dict) else errors) == [at]
    assert held(api_client) == {str(cloth.variant_id): 3}


def test_a_variant_is_named_once(api_client: APIClient, cloth: Stocked) -> None:
    answer = put_in(api_client, line(cloth, 1), line(cloth, 2))
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["1"])
    [fault] = answer.json()["errors"]["1"]["variant_id"]
    assert fault["code"] == "repeated_value"
    assert held(api_client) == {}


@pytest.mark.parametrize("body", [b'{"variant_id": "x"}', b"null", b'"text"', b"1", b'[{"a": 1, "a": 2}]', b"[1"])
def test_the_body_is_a_list(api_client: APIClient, cloth: Stocked, body: bytes) -> None:
    answer = api_client.generic("PUT", ITEMS, body, content_type="application/json")  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


@pytest.mark.parametrize("shops", [1, 3])
@pytest.mark.django_db
def test_it_takes_one_round_trip_however_many_shops(shops: int, monkeypatch: pytest.MonkeyPatch) -> None:
    items = [stock(open_shop(f"shop-number-{number}")) for number in range(shops)]
    quantities = {item.variant_id: 2 for item in items}
    set_lines(cart=ADA, now=NOW, quantities=quantities, is_new=True)  # from then on the process knows where they are
    scripts = scripts_counted(monkeypatch)
    for quantity in (3, 1):
        changed = dict.fromkeys(quantities, quantity)
        with trips_counted(monkeypatch) as trips, CaptureQueriesContext(connection) as queries:
            set_lines(cart=ADA, now=NOW, quantities=changed)
        assert trips == [1 + shops]  # the sellers, and each shop's offers
        assert len(queries) == 1 + shops
    assert len(scripts) == 2 * 2  # what is held, and the change


def scripts_counted(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    scripts: list[Any] = []
    run = Script.__call__

    def counted(self: Script, **call: Any) -> Any:
        scripts.append(self)
        return run(self, **call)

    monkeypatch.setattr(Script, "__call__", counted)
    return scripts


def fill(lines: int) -> list[UUID]:
    """Fill Ada's cart with lines of a shop that nobody looks up."""
    variants = [uuid7() for _ in range(lines)]
    for variant_id in variants:
        store.write_line(ADA, CartLine(variant_id, 1, 1, 100))
    return variants


def test_a_full_cart_takes_one_in_for_one_out(cloth: Stocked, pot: Stocked) -> None:
    first, *_ = fill(MAX_LINES)
    before = store.read_basket(ADA)
    with pytest.raises(TooManyLinesError):
        set_lines(cart=ADA, now=NOW, quantities={cloth.variant_id: 1})
    with pytest.raises(TooManyLinesError):
        set_lines(cart=ADA, now=NOW, quantities={cloth.variant_id: 1, pot.variant_id: 1, first: 0})
    assert store.read_basket(ADA) == before

    set_lines(cart=ADA, now=NOW, quantities={cloth.variant_id: 1, first: 0})
    after = store.read_basket(ADA)
    assert (len(after.lines), after.id) == (MAX_LINES, before.id)
    assert set_lines(cart=ADA, now=NOW, quantities={cloth.variant_id: 2}).lines == store.read_lines(ADA)


def test_an_emptied_cart_begins_another_basket(cloth: Stocked) -> None:
    set_lines(cart=ADA, now=NOW, quantities={cloth.variant_id: 1})
    first = store.read_basket(ADA).id
    assert set_lines(cart=ADA, now=NOW, quantities={cloth.variant_id: 0}).lines == []
    assert store.read_basket(ADA).id == ""
    set_lines(cart=ADA, now=NOW, quantities={cloth.variant_id: 1})
    assert store.read_basket(ADA).id not in {"", first}


def test_shops_that_cannot_be_read_are_refused_and_others_of_the_cart_stay(live_database: str) -> None:
    cloth, pot = stock(open_shop("adire-house"), sku="CLOTH"), stock(open_shop("brass-house"), sku="POT")
    set_lines(cart=ADA, now=NOW, quantities={pot.variant_id: 1})
    drop_schema(pot.shop.schema_name)

    with pytest.raises(CartLinesRefusedError) as refused:
        set_lines(cart=ADA, now=NOW, quantities={pot.variant_id: 2, cloth.variant_id: 1})
    assert [each["variant_id"] for each in refused.value.details] == [str(pot.variant_id)]

    lines = set_lines(cart=ADA, now=NOW, quantities={cloth.variant_id: 1}).lines
    assert {(each.variant_id, each.quantity) for each in lines} == {(pot.variant_id, 1), (cloth.variant_id, 1)}
