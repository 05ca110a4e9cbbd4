"""The pick-up code is the buyer's: in their letter and on their page, asked for by staff, hidden from them, limited."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from checkout.errors import PickupCodeLockedError, PickupCodeNeededError, WrongPickupCodeError
from checkout.fulfilling.advance_part import deliver_part, ship_part
from checkout.fulfilment.errors import WrongStepError
from checkout.fulfilment.services import Parcel
from checkout.models import PickupCode, SubOrder
from checkout.models.stations import CODE_ALPHABET
from console.models import AuditEntry
from kit.models import OutboxMessage
from kit.work import outbox
from notifications.models import Email
from tests.checkout.stations.world import RIDER, choice, ordered_to, station, station_shop
from tests.world.books import make_operator
from tests.world.market import Stocked
from tests.world.own_shop import api, member, order_status, page_client

pytestmark = pytest.mark.django_db
WRONG = "AAAAAAAA"


@pytest.fixture
def cloth() -> Stocked:
    return station_shop()


@pytest.fixture
def number(cloth: Stocked) -> str:
    """A parcel on its way to a station."""
    number = ordered_to(cloth, choice(station()))
    assert not PickupCode.objects.exists()
    ship_part(shop=cloth.shop, number=number, parcel=Parcel(), now=timezone.now())
    return number


@pytest.fixture
def owner(cloth: Stocked) -> User:
    return member(cloth.shop)


def code() -> str:
    return PickupCode.objects.get().code


def deliver(cloth: Stocked, number: str, told: str = "", **more: Any) -> None:
    deliver_part(shop=cloth.shop, number=number, code=told, now=timezone.now(), **more)


def test_the_buyer_reads_the_code_in_letter_page_and_api(client: Client, number: str) -> None:
    assert len(code()) == 8
    assert set(code()) <= set(CODE_ALPHABET)
    while OutboxMessage.objects.exists():
        outbox.relay(now=timezone.now())
    letter = Email.objects.get(subject__contains="on its way")
    assert f"Your pick-up code is {code()}." in letter.text
    assert "Ikeja counter, 23 Allen Avenue, Ikeja, Lagos, Nigeria" in letter.text
    order = SubOrder.objects.get().order
    page = client.get(f"/orders/{order.number}/?key={order.access_key}", follow=True).content.decode()
    assert code() in page
    answer = client.get(f"/api/v1/orders/{order.number}/", headers={"X-Order-Key": order.access_key})
    assert answer.json()["data"]["sub_orders"][0]["pickup_code"] == code()


def test_staff_never_see_the_code(cloth: Stocked, number: str, owner: User) -> None:
    desk = page_client(cloth.shop, owner)
    shown = desk.get(f"/dashboard/orders/{number}/").content.decode()
    assert "Pick-up code" in shown
    assert "Ikeja counter" in shown
    answered = api(cloth.shop, owner).get(f"/api/v1/vendor-orders/{number}/").content.decode()
    packing = desk.get("/dashboard/orders/packing-list/", {"ids": number}).content.decode()
    assert number in packing
    assert code() not in shown + answered + packing


def test_a_parcel_is_handed_out_for_its_code(cloth: Stocked, number: str, owner: User) -> None:
    desk = page_client(cloth.shop, owner)
    told = f" {code()[:4].lower()}-{code()[4:]} "
    desk.post(f"/dashboard/orders/{number}/deliver/", {"code": told})
    assert order_status(cloth.shop, number) == ("delivered", "delivered")


def test_without_the_code_nothing_is_delivered(cloth: Stocked, number: str, owner: User) -> None:
    with pytest.raises(PickupCodeNeededError):
        deliver(cloth, number)
    desk = page_client(cloth.shop, owner)
    said = desk.post("/dashboard/orders/bulk/", {"ids": [number], "action": "deliver"}, follow=True)
    assert "Ask the buyer for the pick-up code" in unescape(said.content.decode())
    assert order_status(cloth.shop, number) == ("shipped", "shipped")
    assert PickupCode.objects.get().wrong_tries == 0


def test_wrong_codes_are_counted_over_the_api_and_lock_it(cloth: Stocked, number: str, owner: User) -> None:
    program, address = api(cloth.shop, owner), f"/api/v1/vendor-orders/{number}/deliver/"
    for left in (4, 3, 2, 1, 0):
        with_key = {"Idempotency-Key": f"key-of-a-try-that-is-wrong-{left}"}
        answer = program.post(address, {"code": WRONG}, format="json", headers=with_key)
        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_pickup_code")
        assert PickupCode.objects.get().wrong_tries == 5 - left
    locked = program.post(address, {"code": code()}, format="json")
    assert (locked.status_code, locked.json()["code"]) == (409, "pickup_code_locked")
    assert order_status(cloth.shop, number) == ("shipped", "shipped")
    with pytest.raises(PickupCodeLockedError):
        deliver(cloth, number, code())
    with pytest.raises(IntegrityError, match="pickup_code_tries_limited"), transaction.atomic():
        PickupCode.objects.update(wrong_tries=6)


def test_many_are_delivered_over_the_api_with_their_codes(cloth: Stocked, number: str, owner: User) -> None:
    other = ordered_to(cloth, str(RIDER.id))
    ship_part(shop=cloth.shop, number=other, parcel=Parcel(), now=timezone.now())
    assert PickupCode.objects.count() == 1
    body = {"numbers": [number, other], "codes": [{"number": number, "code": code()}]}
    answer = api(cloth.shop, owner).post("/api/v1/vendor-orders/bulk/deliver/", body, format="json")
    assert answer.json()["data"]["done"] == [number, other]


def test_a_code_is_asked_for_only_once_the_parcel_is_on_its_way(cloth: Stocked) -> None:
    number = ordered_to(cloth, choice(station()))
    with pytest.raises(WrongStepError):
        deliver(cloth, number, WRONG)


def test_an_operator_delivers_without_the_code_and_says_why(client: Client, cloth: Stocked, number: str) -> None:
    for _ in range(5):
        with pytest.raises(WrongPickupCodeError):
            deliver(cloth, number, WRONG)
    client.force_login(make_operator())
    order = SubOrder.objects.get().order
    address = f"/operator/orders/{order.number}/parts/{number}/deliver/"
    client.post(address, {"reason": ""})
    assert order_status(cloth.shop, number) == ("shipped", "shipped")
    assert "Ikeja counter" in client.get(f"/operator/orders/{order.number}/").content.decode()
    client.post(address, {"reason": "Showed a passport"})
    assert order_status(cloth.shop, number) == ("delivered", "delivered")
    assert AuditEntry.objects.get().action == "order.part_delivered"


def test_an_operator_delivers_without_the_code_over_the_api(cloth: Stocked, number: str) -> None:
    program, order = api(None, make_operator()), SubOrder.objects.get().order
    address = f"/api/v1/operator/orders/{order.number}/parts/{number}/deliver/"
    for refused in ({}, {"reason": ""}, {"reason": "  "}):
        assert program.post(address, refused, format="json").status_code == 400
    other = f"/api/v1/operator/orders/{order.number}/parts/{number}9/deliver/"
    assert program.post(other, {"reason": "Showed a passport"}, format="json").status_code == 404
    assert order_status(cloth.shop, number) == ("shipped", "shipped")
    answer = program.post(address, {"reason": "Showed a passport"}, format="json")
    assert answer.status_code == 200, answer.content
    assert order_status(cloth.shop, number) == ("delivered", "delivered")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.reason) == ("order.part_delivered", "Showed a passport")
    assert api(None, None).post(address, {"reason": "Showed a passport"}, format="json").status_code in {401, 403}


def test_what_is_not_on_its_way_is_not_handed_out(cloth: Stocked) -> None:
    number = ordered_to(cloth, choice(station()))
    order = SubOrder.objects.get().order
    address = f"/api/v1/operator/orders/{order.number}/parts/{number}/deliver/"
    assert api(None, make_operator()).post(address, {"reason": "Too early"}, format="json").status_code == 409
    assert not AuditEntry.objects.exists()
