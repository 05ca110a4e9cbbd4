"""Operators keep the pick-up stations: on their page and over their API, each act with a reason in the audit log."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from checkout.models import Station
from console.models import AuditEntry
from tests.world.books import make_operator
from tests.world.own_shop import api

pytestmark = pytest.mark.django_db
LIST, API = "/operator/stations/", "/api/v1/operator/stations/"
ENTERED = {
    "name": "Ikeja counter",
    "address": "23 Allen Avenue",
    "town": "Ikeja",
    "subdivision": "Lagos",
    "country": "NG",
    "opening_hours": "Monday to Saturday, 9 to 18",
    "is_open": "on",
    "reason": "A new partner",
}


def acts() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_a_station_is_added_changed_and_closed_with_a_reason(console: Client) -> None:
    assert "No stations yet" in console.get(LIST).content.decode()
    assert console.post(f"{LIST}new/", ENTERED)["Location"] == LIST
    station = Station.objects.get()
    assert station.subdivision == "NG-LA"
    page = f"{LIST}{station.pk}/"
    version = console.get(page).content.decode().split('name="version" value="')[1].split('"')[0]
    closed = {name: value for name, value in ENTERED.items() if name != "is_open"}
    assert console.post(page, closed | {"version": version}).status_code == 302
    assert console.post(page, ENTERED | {"name": "Late", "version": version}).status_code == 409
    station.refresh_from_db()
    assert (station.is_open, station.name) == (False, "Ikeja counter")
    assert acts() == ["station.added", "station.closed"]
    assert "closed the pick-up station Ikeja counter." in console.get(page).content.decode()
    assert "Closed" in console.get(LIST).content.decode()


@pytest.mark.parametrize("wrong", [{"subdivision": "NG-XX"}, {"name": ""}, {"reason": ""}, {"country": "XX"}])
def test_what_is_wrong_is_said_and_nothing_is_added(console: Client, wrong: dict[str, Any]) -> None:
    assert console.post(f"{LIST}new/", ENTERED | wrong).status_code == 422
    assert not Station.objects.exists()
    assert acts() == []


def test_the_states_are_those_of_the_country_and_need_no_script(console: Client) -> None:
    assert '<option value="NG-LA">Lagos</option>' in console.get(f"{LIST}new/").content.decode()
    again = console.post(f"{LIST}new/", ENTERED | {"country": "GH", "shows_states": "1"}).content.decode()
    assert '<option value="GH-AH">Ashanti</option>' in again
    assert '<option value="NG-LA">' not in again
    assert 'value="23 Allen Avenue"' in again
    assert not Station.objects.exists()
    assert console.post(f"{LIST}new/", ENTERED | {"subdivision": ""}).status_code == 422
    console.post(f"{LIST}new/", ENTERED | {"subdivision": "NG-LA"})
    page = f"{LIST}{Station.objects.get().pk}/"
    assert '<option value="NG-LA" selected>Lagos</option>' in console.get(page).content.decode()
    moved = console.post(page, ENTERED | {"country": "GH", "shows_states": "1"}).content.decode()
    assert '<option value="GH-AH">Ashanti</option>' in moved


def test_a_country_without_states_is_asked_for_none(console: Client) -> None:
    shown = console.post(f"{LIST}new/", ENTERED | {"country": "XK", "subdivision": "", "shows_states": "1"})
    assert 'type="hidden" name="subdivision"' in shown.content.decode()
    pristina = {"country": "XK", "town": "Prishtina", "subdivision": ""}
    assert console.post(f"{LIST}new/", ENTERED | pristina).status_code == 302
    assert (Station.objects.get().country, Station.objects.get().subdivision) == ("XK", "")


def test_the_api_keeps_stations_too() -> None:
    program = api(None, make_operator())
    added = program.post(API, ENTERED | {"is_open": True}, format="json")
    assert (added.status_code, added.headers["Location"]) == (201, f"{API}{added.json()['data']['id']}/")
    address = added.headers["Location"]
    tag = program.get(address).headers["ETag"]
    changed = program.patch(
        address, {"is_open": False, "reason": "It moved out"}, format="json", headers={"If-Match": tag}
    )
    assert changed.json()["data"]["is_open"] is False
    stale = program.patch(address, {"name": "Old", "reason": "It moved out"}, format="json", headers={"If-Match": tag})
    assert stale.status_code == 412
    assert program.get(f"{API}?page_size=1").json()["data"]["count"] == 1
    assert acts() == ["station.added", "station.closed"]
