"""Buyers choose a station at checkout; closed, unknown and far ones are refused, and other orders cost nothing more."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from checkout.errors import StationGoneError, StationNeededError
from checkout.models import Order, Station, SubOrder
from kit.errors import InvalidInputError
from kit.ids import uuid7
from tests.checkout.stations.world import AT_STATION, RIDER, choice, ordered_to, station, station_shop
from tests.world.coupons import coupon
from tests.world.market import Stocked
from tests.world.own_shop import counted
from tests.world.plain_browser import PlainBrowser

pytestmark = pytest.mark.django_db


@pytest.fixture
def cloth() -> Stocked:
    return station_shop()


def test_the_order_keeps_name_and_address_of_the_station(cloth: Stocked) -> None:
    chosen = station()
    number = ordered_to(cloth, choice(chosen))
    Station.objects.update(name="Moved", address="Elsewhere")
    part = SubOrder.objects.get(number=number)
    assert part.chosen_delivery is not None
    assert part.chosen_delivery["station"] == {
        "id": str(chosen.pk),
        "name": "Ikeja counter",
        "address": "23 Allen Avenue, Ikeja, Lagos, Nigeria",
        "opening_hours": "Monday to Saturday, 9 to 18",
    }
    assert (part.delivery["kind"], part.shipping_minor) == ("station", 70_000)


@pytest.mark.parametrize("which", ["closed", "unknown", "outside", "no id"])
def test_a_station_that_is_not_offered_is_refused(cloth: Stocked, which: str) -> None:
    makers: dict[str, Callable[[], Station | str]] = {
        "closed": lambda: station(is_open=False),
        "unknown": lambda: str(uuid7()),
        "outside": lambda: station(subdivision="NG-KN", town="Kano"),
        "no id": lambda: "x' OR 1",
    }
    asked = makers[which]()
    with pytest.raises(StationGoneError) as refused:
        ordered_to(cloth, choice(asked))
    assert refused.value.details == {"shops": ["cloth-hall"]}
    assert not Order.objects.exists()


@pytest.mark.parametrize("value", [str(AT_STATION.id), f"{AT_STATION.id}:"], ids=["method alone", "no station"])
def test_a_station_has_to_be_chosen(cloth: Stocked, value: str) -> None:
    station()
    with pytest.raises(StationNeededError):
        ordered_to(cloth, value)
    assert not Order.objects.exists()


def test_stations_are_looked_up_only_where_one_was_chosen(cloth: Stocked) -> None:
    chosen = station()
    found = {}
    for value in (str(RIDER.id), choice(chosen)):
        with counted() as statements:
            ordered_to(cloth, value)
        found[value] = sum("checkout_station" in each["sql"] for each in statements)
    assert found == {str(RIDER.id): 0, choice(chosen): 1}


def test_a_station_needs_a_name_in_the_database() -> None:
    chosen = station()
    with pytest.raises(IntegrityError, match="station_can_be_found"), transaction.atomic():
        Station.objects.filter(pk=chosen.pk).update(name="")


@pytest.mark.parametrize("subdivision", ["", "NG-XX", "GH-AA"])
def test_a_station_is_in_a_subdivision_of_its_country(subdivision: str) -> None:
    with pytest.raises(InvalidInputError):
        station(subdivision=subdivision)
    assert not Station.objects.exists()
    assert station(subdivision="lagos").subdivision == "NG-LA"


def test_the_api_lists_open_stations_and_names_what_is_wrong(client: Client, cloth: Stocked, paystack: Any) -> None:
    ikeja, closed = station(), station(name="Old counter", is_open=False)
    station(subdivision="NG-KN", town="Kano")
    listed = client.get("/api/v1/stations/?country=NG&subdivision=Lagos").json()
    assert [each["id"] for each in listed["data"]["results"]] == [str(ikeja.pk)]

    client.post("/cart/add/", {"variant": str(cloth.variant_id), "quantity": "1"})
    place = {"country": "NG", "state": "NG-LA", "city": "Ikeja"}
    address = {**place, "name": "Ada", "line1": "12 Allen", "phone": "08012345678"}
    asked = {"email": "ada@example.com", "shipping_address": address}

    def order(value: str, key: str) -> Any:
        body = asked | {"delivery": {"cloth-hall": value}}
        return client.post("/api/v1/checkout/", body, "application/json", headers={"Idempotency-Key": key})

    refused = order(choice(closed), "k1")
    assert (refused.status_code, refused.json()["code"]) == (409, "station_gone")
    placed = order(choice(ikeja), "k2")
    assert placed.status_code == 201
    assert placed.json()["data"]["sub_orders"][0]["delivery"]["station"]["name"] == "Ikeja counter"


@pytest.mark.usefixtures("paystack")
def test_a_coupon_and_a_station_are_bought_with_without_scripts(client: Client, cloth: Stocked) -> None:
    station(town="Surulere", name="Surulere counter")
    chosen, code = station(), coupon(cloth.shop)
    client.post("/cart/add/", {"variant": str(cloth.variant_id), "quantity": "1"})
    browser = PlainBrowser(client, "localhost").open("/checkout/")
    typed = {
        "E-mail": "ada@example.com", "Full name": "Ada Obi", "Phone": "+234 801 234 5678",
        "Street and number": "12 Allen Avenue", "Town or city": "Ikeja",
    }  # fmt: skip
    for label, value in typed.items():
        browser.fill(label, value)
    browser.choose("State", "Lagos").press("Show what delivery costs")
    offered = [each for each in browser.page.controls if each.name == "delivery-cloth-hall"]
    assert [each.value for each in offered][1] == choice(chosen)  # that of the buyer's own town comes first
    for each in offered:
        each.is_ticked = each.value == choice(chosen)
    browser.fill("Coupon code", code.code).press("Use")
    kept = [each.value for each in browser.page.controls if each.name == "delivery-cloth-hall" and each.is_ticked]
    assert kept == [choice(chosen)]
    button = next(each for each in browser.page.controls if each.name == "expected_total_minor")
    assert button.value == str(1_850_000 - 185_000 + 70_000)
    browser.press("Order and pay ₦17,350")
    part = SubOrder.objects.get()
    assert (part.total_minor, part.delivery["station"]["name"]) == (1_735_000, "Ikeja counter")


def test_a_page_without_an_address_says_when_stations_show(client: Client, cloth: Stocked) -> None:
    station()
    client.post("/cart/add/", {"variant": str(cloth.variant_id), "quantity": "1"})
    page = unescape(client.get("/checkout/").content.decode())
    assert "Stations appear here once we know your address" in page
