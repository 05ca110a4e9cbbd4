"""Steps of an order are undone and its tracking corrected: who may, what the buyer is told, when it is too late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django_tenants.utils import schema_context

from accounts.models import User
from checkout.fulfilling.advance_part import deliver_part, pack_part, ship_part
from checkout.fulfilling.change_tracking import change_tracking
from checkout.fulfilling.undo_step import undo_step
from checkout.fulfilment.errors import UndoTooLateError, WrongStepError
from checkout.fulfilment.models import Shipment, VendorOrder
from checkout.fulfilment.services import Parcel
from checkout.fulfilment.status import PartStatus
from checkout.models import Order, SubOrder
from kit.errors import NotFoundError
from kit.models import OutboxMessage
from kit.work import outbox
from notifications.models import Email
from tenants.models import Role, ShopEvent
from tests.world.market import Stocked, open_shop, stock
from tests.world.own_shop import api, member, order_status, page_client, paid_order

pytestmark = pytest.mark.django_db
BASE = "/api/v1/vendor-orders/"
GIG = Parcel("GIG Logistics", "GIG-1")


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture
def owner(cloth: Stocked) -> User:
    return member(cloth.shop)


def state_of(cloth: Stocked, number: str) -> dict[str, Any]:
    """Everything that a step changes, in the shop's record and in the buyer's order."""
    part = SubOrder.objects.get(number=number)
    with schema_context(cloth.shop.schema_name):
        own = VendorOrder.objects.get(number=number)
        parcels = list(Shipment.objects.filter(vendor_order=own).values_list("carrier", "tracking_number"))
    return {
        "own": (own.status, own.status_at),
        "market": (part.status, part.status_at, part.tracking, part.step_times),
        "parcels": parcels,
        "events": ShopEvent.objects.filter(subject=number).count(),
        "letters": letters_about(number),
    }


def letters_about(number: str) -> list[str]:
    while OutboxMessage.objects.exists():
        outbox.relay(now=timezone.now())
    order = Order.objects.get(sub_orders__number=number)
    return list(Email.objects.filter(to=order.email).order_by("id").values_list("subject", flat=True))


def shipped(cloth: Stocked, *, hours_ago: float = 1, parcel: Parcel = GIG) -> str:
    sent_at = timezone.now() - timedelta(hours=hours_ago)
    number = paid_order(cloth, now=sent_at - timedelta(hours=2))
    pack_part(shop=cloth.shop, number=number, now=sent_at - timedelta(hours=1))
    ship_part(shop=cloth.shop, number=number, parcel=parcel, now=sent_at)
    return number


def undo(cloth: Stocked, owner: User, number: str, step: str) -> PartStatus:
    return undo_step(shop=cloth.shop, number=number, step=PartStatus(step), actor_id=owner.pk, now=timezone.now())


def test_each_step_is_undone_to_the_state_before_it(cloth: Stocked, owner: User) -> None:
    number = paid_order(cloth, now=timezone.now() - timedelta(hours=3))
    states = [state_of(cloth, number)]
    pack_part(shop=cloth.shop, number=number, now=timezone.now() - timedelta(hours=2))
    states.append(state_of(cloth, number))
    ship_part(shop=cloth.shop, number=number, parcel=GIG, now=timezone.now() - timedelta(hours=1))
    same = ("own", "parcels")
    assert undo(cloth, owner, number, "shipped") == PartStatus.PACKED
    assert [state_of(cloth, number)[key] for key in same] == [states[1][key] for key in same]
    assert undo(cloth, owner, number, "packed") == PartStatus.NEW
    assert [state_of(cloth, number)[key] for key in same] == [states[0][key] for key in same]
    part = SubOrder.objects.get(number=number)
    assert (part.status, part.tracking, set(part.times)) == ("new", {}, {"new"})
    ship_part(shop=cloth.shop, number=number, parcel=GIG, now=timezone.now())
    assert order_status(cloth.shop, number) == ("shipped", "shipped")


def test_a_parcel_that_left_unpacked_goes_back_to_be_packed(cloth: Stocked, owner: User) -> None:
    number = paid_order(cloth)
    ship_part(shop=cloth.shop, number=number, parcel=GIG, now=timezone.now())
    assert undo(cloth, owner, number, "shipped") == PartStatus.NEW
    assert order_status(cloth.shop, number) == ("new", "new")


def test_the_buyer_hears_of_each_correction_and_of_the_step_when_it_is_taken_again(cloth: Stocked, owner: User) -> None:
    number = shipped(cloth)
    undo(cloth, owner, number, "shipped")
    undo(cloth, owner, number, "packed")
    pack_part(shop=cloth.shop, number=number, now=timezone.now())
    ship_part(shop=cloth.shop, number=number, parcel=GIG, now=timezone.now())
    right = Parcel("GIG Logistics", "GIG-2")
    assert change_tracking(shop=cloth.shop, number=number, parcel=right, actor_id=owner.pk, now=timezone.now())
    assert letters_about(number) == [
        "Cloth Hall has packed your parcel",
        "Your parcel from Cloth Hall is on its way",
        "Your parcel from Cloth Hall has not left yet",
        "Your parcel from Cloth Hall is still being packed",
        "Cloth Hall has packed your parcel",
        "Your parcel from Cloth Hall is on its way",
        "The tracking of your parcel from Cloth Hall has changed",
    ]
    last = Email.objects.order_by("id").last()
    assert last is not None
    assert "GIG Logistics brings it; the tracking number is GIG-2." in last.text
    assert SubOrder.objects.get(number=number).tracking == {"carrier": "GIG Logistics", "number": "GIG-2"}


def test_events_that_are_relayed_twice_are_told_once(cloth: Stocked, owner: User) -> None:
    number = shipped(cloth)
    undo(cloth, owner, number, "shipped")
    messages = list(OutboxMessage.objects.order_by("id"))
    before = letters_about(number)
    for message in messages:
        OutboxMessage.objects.create(
            topic=message.topic, shop_id=message.shop_id, payload=message.payload, created_at=message.created_at
        )
    assert letters_about(number) == before


@pytest.mark.parametrize("step", ["new", "packed", "delivered", "expired"])
def test_only_the_step_that_was_seen_is_undone(cloth: Stocked, owner: User, step: str) -> None:
    number = shipped(cloth)
    before = state_of(cloth, number)
    with pytest.raises(WrongStepError):
        undo(cloth, owner, number, step)
    assert state_of(cloth, number) == before


def test_what_has_arrived_is_never_taken_back(cloth: Stocked, owner: User) -> None:
    number = shipped(cloth)
    deliver_part(shop=cloth.shop, number=number, now=timezone.now())
    before = state_of(cloth, number)
    for step in ("delivered", "shipped", "packed"):
        with pytest.raises(WrongStepError):
            undo(cloth, owner, number, step)
    with pytest.raises(WrongStepError):
        change_tracking(shop=cloth.shop, number=number, parcel=Parcel("X", "1"), actor_id=owner.pk, now=timezone.now())
    assert state_of(cloth, number) == before
    assert Order.objects.get().status == "completed"


@pytest.mark.parametrize(("hours", "is_late"), [(23.9, False), (24.1, True)])
def test_shipped_is_undone_within_a_day(cloth: Stocked, owner: User, hours: float, is_late: bool) -> None:
    number = shipped(cloth, hours_ago=hours)
    desk = page_client(cloth.shop, owner)
    assert ("Undo “shipped”" in desk.get(f"/dashboard/orders/{number}/").content.decode()) != is_late
    before = state_of(cloth, number)
    if is_late:
        with pytest.raises(UndoTooLateError):
            undo(cloth, owner, number, "shipped")
        assert state_of(cloth, number) == before
    else:
        assert undo(cloth, owner, number, "shipped") == PartStatus.PACKED


def test_tracking_is_added_later_and_its_earlier_values_are_kept(cloth: Stocked, owner: User) -> None:
    number = shipped(cloth, parcel=Parcel())
    desk = page_client(cloth.shop, member(cloth.shop, Role.FULFILMENT))
    for tracking in ("GIG-7", "GIG-8", "GIG-8"):
        form = {"carrier": "GIG", "tracking_number": tracking}
        page = desk.post(f"/dashboard/orders/{number}/tracking/", form, follow=True)
    assert f"That is the tracking of {number} already." in page.content.decode()
    text = page.content.decode()
    for words in ("– → GIG · GIG-7", "GIG · GIG-7 → GIG · GIG-8", "fulfilment of cloth-hall"):
        assert words in text, words
    buyers = Client(HTTP_HOST=settings.BASE_DOMAIN)
    order = Order.objects.get()
    assert "GIG · GIG-8" in buyers.get(f"/orders/{order.number}/?key={order.access_key}", follow=True).content.decode()
    assert len([subject for subject in letters_about(number) if "tracking" in subject]) == 2
    body = api(cloth.shop, owner).get(f"{BASE}{number}/").json()["data"]
    assert [(each["kind"], each["actor_name"]) for each in body["corrections"]] == [
        ("order.tracking_changed", "fulfilment of cloth-hall")
    ] * 2
    assert [shipment["tracking_number"] for shipment in body["shipments"]] == ["GIG-8"]


def test_the_api_corrects_and_undoes_as_the_pages_do(cloth: Stocked, owner: User) -> None:
    number = shipped(cloth)
    caller = api(cloth.shop, owner)
    changed = caller.put(f"{BASE}{number}/tracking/", {"carrier": "Kwik", "tracking_number": "NG2"})
    assert changed.status_code == 200
    assert changed.json()["data"]["shipments"][0]["tracking_number"] == "NG2"
    for step, status in (("shipped", "packed"), ("packed", "new")):
        answer = caller.post(f"{BASE}{number}/undo/", {"step": step})
        assert (answer.status_code, answer.json()["data"]["status"]) == (200, status)
        again = caller.post(f"{BASE}{number}/undo/", {"step": step})
        assert (again.status_code, again.json()["code"]) == (409, "wrong_step")
    assert caller.post(f"{BASE}{number}/undo/", {"step": "delivered"}).status_code == 400
    refused = caller.put(f"{BASE}{number}/tracking/", {"carrier": "Kwik", "tracking_number": "NG3"})
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_step")
    late = shipped(cloth, hours_ago=30)
    refused = caller.post(f"{BASE}{late}/undo/", {"step": "shipped"})
    assert (refused.status_code, refused.json()["code"]) == (409, "undo_too_late")


def test_another_shop_corrects_nothing(cloth: Stocked) -> None:
    number = shipped(cloth)
    before = state_of(cloth, number)
    other = open_shop("kano-caps")
    actor = member(other)
    with pytest.raises(NotFoundError):
        undo_step(shop=other, number=number, step=PartStatus.SHIPPED, actor_id=actor.pk, now=timezone.now())
    with pytest.raises(NotFoundError):
        change_tracking(shop=other, number=number, parcel=GIG, actor_id=actor.pk, now=timezone.now())
    desk = page_client(other, actor)
    assert desk.post(f"/dashboard/orders/{number}/undo/", {"step": "shipped"}).status_code == 404
    assert desk.post(f"/dashboard/orders/{number}/tracking/", {"carrier": "X"}).status_code == 404
    assert state_of(cloth, number) == before
