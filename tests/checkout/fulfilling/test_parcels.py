"""A part of an order leaves in several parcels: what is in each, what is left, and what may still be cancelled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tenants.utils import schema_context

from accounts.models import User
from checkout.errors import AlreadySentError, UnitsNotLeftError
from checkout.fulfilling.advance_part import deliver_part, pack_part, ship_part
from checkout.fulfilling.change_tracking import change_tracking
from checkout.fulfilling.deliver_parcels import deliver_parcel
from checkout.fulfilling.send_parcel import send_parcel
from checkout.fulfilling.undo_step import undo_parcel, undo_step
from checkout.fulfilment.errors import UndoTooLateError, WrongStepError
from checkout.fulfilment.models import Shipment, VendorOrder, VendorOrderLine
from checkout.fulfilment.selectors import get_vendor_order
from checkout.fulfilment.services import Parcel
from checkout.fulfilment.status import PartStatus
from checkout.models import Order, OrderStatus, ReversedBy, SubOrder
from checkout.payments.confirm_payment import confirm_payment
from checkout.readdressing.change_address import AddressChange, change_address
from checkout.reversals.cancel_units import Cancellation, cancel_units
from checkout.reversals.choosing import choose_units
from checkout.reversals.reverse import Actor
from kit.errors import NotFoundError
from kit.models import OutboxMessage
from kit.work import outbox
from notifications.models import Email
from paystack_sandbox.testing import SandboxProcess
from tests.world.market import ADDRESS, Stocked, open_shop, stock
from tests.world.own_shop import api, member, order_status, page_client, paid_order
from tests.world.payments import pay, started

pytestmark = pytest.mark.django_db
GIG = Parcel("GIG Logistics", "GIG-1", "https://gig.example/t/GIG-1")
KWIK = Parcel("Kwik", "KW-2")


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture
def owner(cloth: Stocked) -> User:
    return member(cloth.shop)


def paid_by_card(cloth: Stocked, paystack: SandboxProcess, count: int) -> str:
    payment = started(cloth.line(count))
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=timezone.now())
    return SubOrder.objects.get(order=payment.order_id).number


def part_of(number: str) -> SubOrder:
    return SubOrder.objects.get(number=number)


def parcels_of(cloth: Stocked, number: str) -> list[tuple[int, str, int]]:
    """Return the number, tracking and units of each parcel; the two records say the same."""
    own, market = get_vendor_order(shop=cloth.shop, number=number), part_of(number)
    assert own.sent_parcels == market.sent_parcels
    assert own.to_send == market.to_send
    assert own.status == market.status
    return [(each.number, each.tracking_number, sum(each.lines.values())) for each in own.sent_parcels]


def send(cloth: Stocked, number: str, count: int | None, parcel: Parcel = GIG) -> int:
    lines = None if count is None else {cloth.variant_id: count}
    return send_parcel(shop=cloth.shop, number=number, parcel=parcel, lines=lines, now=timezone.now()).number


def letters(number: str) -> list[Email]:
    while OutboxMessage.objects.exists():
        outbox.relay(now=timezone.now())
    order = Order.objects.get(sub_orders__number=number)
    return list(Email.objects.filter(to=order.email).order_by("id"))


def cancel(number: str, count: int | None, variant_id: Any = None) -> None:
    part = part_of(number)
    lines = None if count is None else [(variant_id, count)]
    units = choose_units([part], sub_order=number, lines=lines)
    cancel_units(Cancellation(part.order_id, units, Actor(ReversedBy.SHOP)), now=timezone.now())


def test_a_part_is_shipped_with_its_last_unit_and_delivered_with_its_last_parcel(cloth: Stocked) -> None:
    number = paid_order(cloth, quantity=3)
    assert send(cloth, number, 1) == 1
    assert parcels_of(cloth, number) == [(1, "GIG-1", 1)]
    assert order_status(cloth.shop, number) == ("new", "new")
    assert part_of(number).is_partly_sent
    deliver_parcel(shop=cloth.shop, number=number, parcel=1, now=timezone.now())
    assert order_status(cloth.shop, number) == ("new", "new"), "two units are still with the shop"
    pack_part(shop=cloth.shop, number=number, now=timezone.now())
    ship_part(shop=cloth.shop, number=number, parcel=KWIK, now=timezone.now())
    assert parcels_of(cloth, number) == [(1, "GIG-1", 1), (2, "KW-2", 2)]
    assert order_status(cloth.shop, number) == ("shipped", "shipped")
    assert part_of(number).parcel == {"carrier": "Kwik", "tracking_number": "KW-2"}, "for earlier releases"
    deliver_parcel(shop=cloth.shop, number=number, parcel=2, now=timezone.now())
    assert order_status(cloth.shop, number) == ("delivered", "delivered")
    assert Order.objects.get().status == OrderStatus.COMPLETED


def test_delivering_the_part_delivers_what_is_on_its_way(cloth: Stocked) -> None:
    number = paid_order(cloth, quantity=2)
    send(cloth, number, 1)
    with pytest.raises(WrongStepError):
        deliver_part(shop=cloth.shop, number=number, now=timezone.now())
    send(cloth, number, 1, KWIK)
    deliver_part(shop=cloth.shop, number=number, now=timezone.now())
    assert [each.status for each in part_of(number).sent_parcels] == ["delivered", "delivered"]
    assert parcels_of(cloth, number) == [(1, "GIG-1", 1), (2, "KW-2", 1)]


@pytest.mark.parametrize("count", [0, 3, 4])
def test_no_more_than_is_left_is_sent(cloth: Stocked, count: int) -> None:
    number = paid_order(cloth, quantity=3)
    send(cloth, number, 1)
    with pytest.raises(UnitsNotLeftError):
        send(cloth, number, count)
    assert parcels_of(cloth, number) == [(1, "GIG-1", 1)]


def test_what_was_cancelled_is_not_sent_and_what_was_sent_is_not_cancelled(
    cloth: Stocked, paystack: SandboxProcess
) -> None:
    number = paid_by_card(cloth, paystack, 4)
    send(cloth, number, 1)
    with pytest.raises(AlreadySentError) as refused:
        cancel(number, 4, cloth.variant_id)
    assert refused.value.details == {"sub_orders": (number,)}
    cancel(number, 1, cloth.variant_id)
    with pytest.raises(UnitsNotLeftError):
        send(cloth, number, 3)
    cancel(number, None)
    assert order_status(cloth.shop, number) == ("shipped", "shipped"), "what was sent is on its way"
    assert parcels_of(cloth, number) == [(1, "GIG-1", 1)]
    assert part_of(number).cancelled_units == {str(cloth.variant_id): 3}
    deliver_part(shop=cloth.shop, number=number, now=timezone.now())
    assert Order.objects.get().status == OrderStatus.COMPLETED


def test_cancelling_the_rest_after_all_parcels_have_arrived_ends_the_part(
    cloth: Stocked, paystack: SandboxProcess
) -> None:
    number = paid_by_card(cloth, paystack, 2)
    send(cloth, number, 1)
    deliver_parcel(shop=cloth.shop, number=number, parcel=1, now=timezone.now())
    cancel(number, None)
    assert order_status(cloth.shop, number) == ("delivered", "delivered")
    assert Order.objects.get().status == OrderStatus.COMPLETED


def test_the_whole_order_is_not_cancelled_once_some_of_it_has_left(cloth: Stocked) -> None:
    number = paid_order(cloth, quantity=2)
    send(cloth, number, 1)
    part = part_of(number)
    wish = Cancellation(part.order_id, choose_units([part]), Actor(ReversedBy.BUYER))
    with pytest.raises(AlreadySentError):
        cancel_units(wish, now=timezone.now())
    assert part_of(number).cancelled_units == {}


def test_a_parcel_is_taken_back_within_a_day(cloth: Stocked, owner: User) -> None:
    number, now = paid_order(cloth, quantity=2), timezone.now()
    send(cloth, number, 1)
    send(cloth, number, 1, KWIK)
    later = now + timedelta(hours=25)
    with pytest.raises(UndoTooLateError):
        undo_parcel(shop=cloth.shop, number=number, parcel=1, actor_id=owner.pk, now=later)
    undo_parcel(shop=cloth.shop, number=number, parcel=1, actor_id=owner.pk, now=now)
    assert parcels_of(cloth, number) == [(2, "KW-2", 1)]
    assert order_status(cloth.shop, number) == ("new", "new")
    with pytest.raises(NotFoundError):
        undo_parcel(shop=cloth.shop, number=number, parcel=1, actor_id=owner.pk, now=now)
    assert send(cloth, number, None) == 3
    undone = undo_step(shop=cloth.shop, number=number, step=PartStatus.SHIPPED, actor_id=owner.pk, now=timezone.now())
    assert undone == PartStatus.NEW
    assert parcels_of(cloth, number) == [(2, "KW-2", 1)], "the last parcel alone is taken back"
    deliver_parcel(shop=cloth.shop, number=number, parcel=2, now=now)
    with pytest.raises(WrongStepError):
        undo_parcel(shop=cloth.shop, number=number, parcel=2, actor_id=owner.pk, now=now)


def test_no_number_is_given_twice_so_that_an_old_page_acts_on_no_other_parcel(cloth: Stocked, owner: User) -> None:
    number, now = paid_order(cloth), timezone.now()
    assert send(cloth, number, None) == 1
    undo_parcel(shop=cloth.shop, number=number, parcel=1, actor_id=owner.pk, now=now)

    assert send(cloth, number, None, KWIK) == 2

    with pytest.raises(NotFoundError):
        deliver_parcel(shop=cloth.shop, number=number, parcel=1, now=now)


@pytest.mark.parametrize("meanwhile", ["sent", "cancelled", "readdressed", "nothing"])
def test_a_form_that_was_opened_before_something_changed_sends_nothing(
    cloth: Stocked, owner: User, paystack: SandboxProcess, meanwhile: str
) -> None:
    number = paid_by_card(cloth, paystack, 2)
    desk, path = page_client(cloth.shop, owner), f"/dashboard/orders/{number}/"
    page = desk.get(path).content.decode()
    form = page.split(f'action="{path}ship/"')[1]
    version = form.split('name="version" value="')[1].split('"')[0]
    posted = {"version": version, f"units-{cloth.variant_id.hex}": "1", "tracking_number": "T1"}
    if meanwhile == "sent":
        desk.post(f"{path}ship/", posted)
    if meanwhile == "cancelled":
        cancel(number, 1, cloth.variant_id)
    if meanwhile == "readdressed":
        order = Order.objects.get(sub_orders__number=number)
        there = replace(ADDRESS, line1="14 Bode Thomas St")
        change_address(AddressChange(order.pk, there, ReversedBy.BUYER), now=timezone.now())
    before = parcels_of(cloth, number)

    answer = desk.post(f"{path}ship/", posted, follow=True).content.decode()

    assert ("have changed since you opened this page" in answer) == (meanwhile != "nothing")
    assert (parcels_of(cloth, number) == before) == (meanwhile != "nothing")


def test_tracking_is_changed_of_the_parcel_that_is_named(cloth: Stocked, owner: User) -> None:
    number, now = paid_order(cloth, quantity=2), timezone.now()
    send(cloth, number, 1)
    send(cloth, number, 1, KWIK)
    right = Parcel("GIG Logistics", "GIG-9")
    assert change_tracking(shop=cloth.shop, number=number, shipment=1, parcel=right, actor_id=owner.pk, now=now)
    assert parcels_of(cloth, number) == [(1, "GIG-9", 1), (2, "KW-2", 1)]


def test_each_parcel_has_a_letter_with_what_is_in_it_and_its_link(cloth: Stocked) -> None:
    number = paid_order(cloth, quantity=3)
    send(cloth, number, 1)
    send(cloth, number, None, KWIK)
    deliver_parcel(shop=cloth.shop, number=number, parcel=1, now=timezone.now())
    deliver_parcel(shop=cloth.shop, number=number, parcel=2, now=timezone.now())
    sent = letters(number)
    assert [letter.subject for letter in sent] == [
        "A part of your order from Cloth Hall is on its way",
        "The rest of your order from Cloth Hall is on its way",
        "A part of your order from Cloth Hall has arrived",
        "Your parcel from Cloth Hall has arrived",
    ]
    assert "Follow it here: https://gig.example/t/GIG-1" in sent[0].text
    assert ["1 ×" in letter.text for letter in sent] == [True, False, True, False]
    assert ["2 ×" in letter.text for letter in sent] == [False, True, False, True]


def test_letters_about_packing_name_the_units_that_have_not_left(cloth: Stocked, owner: User) -> None:
    number = paid_order(cloth, quantity=3)
    send(cloth, number, 1)
    pack_part(shop=cloth.shop, number=number, now=timezone.now())
    undo_step(shop=cloth.shop, number=number, step=PartStatus.PACKED, actor_id=owner.pk, now=timezone.now())
    send(cloth, number, None)
    assert ["2 ×" in letter.text for letter in letters(number)] == [False, True, True, True]


def test_no_line_holds_more_units_than_are_left(cloth: Stocked) -> None:
    number = paid_order(cloth, quantity=2)
    send(cloth, number, 1)
    with schema_context(cloth.shop.schema_name):
        for change in ({"sent_quantity": 3}, {"sent_quantity": -1}, {"cancelled_quantity": 2}):
            with pytest.raises(IntegrityError), transaction.atomic():
                VendorOrderLine.objects.update(**change)
        order = VendorOrder.objects.get()
        with pytest.raises(IntegrityError, match="parcel_of_order"), transaction.atomic():
            Shipment.objects.create(vendor_order=order, shipped_at=timezone.now())


def test_a_parcel_of_an_earlier_release_holds_all_that_is_in_no_other(cloth: Stocked, owner: User) -> None:
    number, now = paid_order(cloth, quantity=2), timezone.now()
    tracking = {"carrier": "Kwik", "number": "OLD-1"}
    SubOrder.objects.filter(number=number).update(status=PartStatus.SHIPPED, status_at=now, tracking=tracking)
    with schema_context(cloth.shop.schema_name):
        VendorOrder.objects.update(status=PartStatus.SHIPPED, status_at=now)
        order = VendorOrder.objects.get()
        Shipment.objects.create(vendor_order=order, carrier="Kwik", tracking_number="OLD-1", shipped_at=now)
    assert parcels_of(cloth, number) == [(1, "OLD-1", 2)]
    change_tracking(shop=cloth.shop, number=number, parcel=KWIK, actor_id=owner.pk, now=now)
    assert parcels_of(cloth, number) == [(1, "KW-2", 2)]
    undo_step(shop=cloth.shop, number=number, step=PartStatus.SHIPPED, actor_id=owner.pk, now=now)
    assert parcels_of(cloth, number) == []
    send(cloth, number, 1)
    assert parcels_of(cloth, number) == [(2, "GIG-1", 1)]


def test_parcels_over_the_api(cloth: Stocked, owner: User) -> None:
    number, client = paid_order(cloth, quantity=3), api(cloth.shop, owner)
    address = f"/api/v1/vendor-orders/{number}/shipments/"
    line = {"line_id": str(cloth.variant_id), "quantity": 1}
    body = {"lines": [line], "carrier": "GIG", "tracking_number": "G1", "tracking_url": "https://gig.example/G1"}
    made = client.post(address, body, format="json", HTTP_IDEMPOTENCY_KEY="first")
    assert made.status_code == 201, made.json()
    assert made.json() == client.post(address, body, format="json", HTTP_IDEMPOTENCY_KEY="first").json(), "once"
    data = made.json()["data"]
    assert (data["id"], data["status"], data["lines"]) == (1, "shipped", [line])
    assert made["Location"].endswith(f"{address}1/")
    for url in (
        "http://gig.example/G1",
        "javascript:alert(1)",
        "https://10.0.0.1/",
        "https://a@b.example/",
        "https://x",
    ):
        refused = client.patch(f"{address}1/", {"tracking_url": url}, format="json")
        assert refused.status_code == 400, url
        assert "tracking_url" in refused.json()["errors"]
    changed = client.patch(f"{address}1/", {"tracking_number": "G2"}, format="json").json()["data"]
    assert (changed["carrier"], changed["tracking_number"], changed["tracking_url"]) == (
        "GIG",
        "G2",
        body["tracking_url"],
    )
    too_many = client.post(address, {"lines": [{**line, "quantity": 3}]}, format="json")
    assert (too_many.status_code, too_many.json()["code"]) == (409, "units_not_left")
    order = client.get(f"/api/v1/vendor-orders/{number}/").json()["data"]
    assert [(each["quantity"], each["sent_quantity"]) for each in order["lines"]] == [(3, 1)]
    assert {"pack", "ship", "cancel"} <= set(order["allowed_moves"])
    assert client.post(f"{address}1/deliver/", {}, format="json").json()["data"]["status"] == "delivered"
    again = client.post(f"{address}1/deliver/", {}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "wrong_step")
    assert client.post(address, {}, format="json").status_code == 201, "all that is left"
    assert client.post(f"{address}2/undo/").json()["data"][0]["id"] == 1
    assert client.get(f"{address}2/").status_code == 404
    assert order_status(cloth.shop, number) == ("new", "new")
