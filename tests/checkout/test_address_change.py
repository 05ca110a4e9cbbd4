"""Another delivery address of a paid order: before it is packed, to a place with the same delivery, fee and tax."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django_tenants.utils import schema_context
from rest_framework.test import APIClient

from accounts.services.personal_data import Subject
from catalogue.models import Product
from checkout import personal_data
from checkout.errors import AddressNotChangeableError, AlreadyPackedError, OtherChargesError
from checkout.fulfilling.advance_part import pack_part, ship_part
from checkout.fulfilling.send_parcel import send_parcel
from checkout.fulfilling.undo_step import undo_step
from checkout.fulfilment.models import VendorOrder
from checkout.fulfilment.services import Parcel
from checkout.fulfilment.services.zones import STANDARD_ZONE, Method, Zone, read_zones
from checkout.fulfilment.status import PartStatus
from checkout.models import Order, ReversedBy, SubOrder
from checkout.payments.confirm_payment import confirm_payment
from checkout.placing.request import Address
from checkout.readdressing.change_address import MOST_CHANGES, AddressChange, change_address
from checkout.zones.change_zones import add_zone, remove_zone
from console.models import AuditEntry
from kit.errors import InvalidInputError, NotFoundError
from kit.ids import uuid7
from kit.work import outbox
from notifications.models import Email
from paystack_sandbox.testing import SandboxProcess
from tests.world.books import make_operator
from tests.world.clock import NOW
from tests.world.market import ADDRESS, Stocked, open_shop, stock
from tests.world.own_shop import api, member, page_client
from tests.world.payments import pay, started
from tests.world.tax import register

pytestmark = pytest.mark.django_db
NEXT_DOOR = replace(ADDRESS, line1="14 Bode Thomas St", name="Bola Obi")
IN_KANO = replace(ADDRESS, line1="3 Zoo Road", city="Kano", state="Kano")
IN_ACCRA = replace(
    ADDRESS, line1="1 Oxford St", city="Accra", state="Greater Accra", country="GH", phone="+233244123456"
)


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture
def pot(db: None) -> Stocked:
    return stock(open_shop("pot-house"), sku="POT-1")


@pytest.fixture
def order(cloth: Stocked, pot: Stocked, paystack: SandboxProcess) -> Order:
    payment = started(cloth.line(2), pot.line())
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=NOW)
    outbox.relay(now=timezone.now())
    return Order.objects.get()


def part_of(item: Stocked) -> SubOrder:
    return SubOrder.objects.select_related("shop").get(shop=item.shop)


def own_record(item: Stocked) -> VendorOrder:
    with schema_context(item.shop.schema_name):
        return VendorOrder.objects.get()


def change(order: Order, address: Address, *, part: str = "", by: ReversedBy = ReversedBy.BUYER) -> list[SubOrder]:
    return change_address(AddressChange(order.pk, address, by, sub_order=part), now=NOW)


def lines_of(*items: Stocked) -> list[str]:
    return [own_record(item).shipping_address["line1"] for item in items]


def test_the_whole_order_goes_elsewhere_in_every_shop(order: Order, cloth: Stocked, pot: Stocked) -> None:
    assert len(change(order, NEXT_DOOR)) == 2
    fresh = Order.objects.get()
    assert fresh.shipping_address["line1"] == NEXT_DOOR.line1
    assert lines_of(cloth, pot) == [NEXT_DOOR.line1] * 2
    assert own_record(cloth).buyer_name == "Bola Obi"
    assert [part.own_address for part in fresh.sub_orders.all()] == [None, None]
    kept = fresh.address_changes
    assert [(each["before"]["line1"], each["by"]) for each in kept] == [(ADDRESS.line1, "buyer")] * 2
    assert fresh.billing_address == order.billing_address


def test_one_part_goes_elsewhere_and_back_with_the_rest(order: Order, cloth: Stocked, pot: Stocked) -> None:
    change(order, NEXT_DOOR, part=part_of(pot).number)
    assert Order.objects.get().shipping_address == order.shipping_address
    assert lines_of(cloth, pot) == [ADDRESS.line1, NEXT_DOOR.line1]
    assert part_of(pot).own_address is not None
    change(order, replace(ADDRESS, line1="1 Marina"))
    assert lines_of(cloth, pot) == ["1 Marina"] * 2
    assert part_of(pot).own_address is None


def test_the_same_address_again_changes_nothing_and_tells_nobody(order: Order) -> None:
    assert change(order, ADDRESS) == []
    assert Order.objects.get().address_changes == []
    before = Email.objects.count()
    outbox.relay(now=timezone.now())
    assert Email.objects.count() == before


@pytest.mark.parametrize("step", ["pack", "ship", "send a part of it"])
def test_a_part_that_is_packed_or_sent_keeps_its_address(order: Order, cloth: Stocked, pot: Stocked, step: str) -> None:
    part = part_of(cloth)
    if step == "pack":
        pack_part(shop=part.shop, number=part.number, now=NOW)
    elif step == "send a part of it":
        send_parcel(shop=part.shop, number=part.number, parcel=Parcel(), lines={cloth.variant_id: 1}, now=NOW)
    else:
        ship_part(shop=part.shop, number=part.number, parcel=Parcel(), now=NOW)
    for number in ("", part.number):
        with pytest.raises(AlreadyPackedError) as refused:
            change(order, NEXT_DOOR, part=number)
        assert refused.value.details == {"sub_orders": (part.number,)}
    assert lines_of(cloth, pot) == [ADDRESS.line1] * 2
    change(order, NEXT_DOOR, part=part_of(pot).number)
    assert lines_of(cloth, pot) == [ADDRESS.line1, NEXT_DOOR.line1]


def test_a_part_that_is_unpacked_again_can_go_elsewhere(order: Order, cloth: Stocked) -> None:
    part = part_of(cloth)
    pack_part(shop=part.shop, number=part.number, now=NOW)
    undo_step(shop=part.shop, number=part.number, step=PartStatus.PACKED, actor_id=member(part.shop).pk, now=NOW)
    assert len(change(order, NEXT_DOOR)) == 2


@pytest.mark.parametrize("status", ["pending", "expired", "cancelled", "completed"])
def test_an_order_that_is_not_paid_or_has_ended_keeps_its_address(order: Order, cloth: Stocked, status: str) -> None:
    Order.objects.update(status=status)
    with pytest.raises(AddressNotChangeableError):
        change(order, NEXT_DOOR)
    assert lines_of(cloth) == [ADDRESS.line1]


def test_an_unknown_part_is_not_found(order: Order) -> None:
    with pytest.raises(NotFoundError):
        change(order, NEXT_DOOR, part="KS-NOBODY-1")


@pytest.mark.parametrize("wrong", [{"phone": "12"}, {"state": "Atlantis"}, {"line1": " "}], ids=str)
def test_an_address_is_judged_as_at_checkout(order: Order, cloth: Stocked, wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidInputError) as refused:
        change(order, replace(ADDRESS, **wrong))
    assert refused.value.details.keys() <= {*wrong, "subdivision"}
    assert lines_of(cloth) == [ADDRESS.line1]


def test_it_is_changed_so_many_times(order: Order, cloth: Stocked) -> None:
    Order.objects.update(address_changes=[{}] * MOST_CHANGES)
    with pytest.raises(AddressNotChangeableError):
        change(order, NEXT_DOOR)


def test_a_shop_that_delivers_everywhere_alike_delivers_to_another_state(order: Order, cloth: Stocked) -> None:
    change(order, IN_KANO)
    assert own_record(cloth).shipping_address["city"] == "Kano"


def deliver_by_zones(item: Stocked) -> None:
    """Let a shop deliver in Lagos by a rider, in Kano by another for another fee, and nowhere else."""
    for name, code, price in (("Lagos", "NG-LA", 150_000), ("Kano", "NG-KN", 250_000)):
        rider = Method(name=f"Rider {name}", price_minor=price)
        zone = Zone(name=name, country="NG", subdivisions=(code,), methods=(rider,))
        add_zone(shop=item.shop, zone=zone, actor_id=None, now=NOW)
    remove_zone(shop=item.shop, zone_id=STANDARD_ZONE.id, actor_id=None, now=NOW)


@pytest.fixture
def zoned(cloth: Stocked, paystack: SandboxProcess) -> Order:
    deliver_by_zones(cloth)
    payment = started(cloth.line(2))
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=NOW)
    return Order.objects.get()


@pytest.mark.parametrize("address", [IN_KANO, IN_ACCRA], ids=["another fee", "not delivered"])
def test_a_place_with_another_delivery_is_refused(zoned: Order, cloth: Stocked, address: Address) -> None:
    with pytest.raises(OtherChargesError) as refused:
        change(zoned, address)
    assert refused.value.details == {"sub_orders": (part_of(cloth).number,)}
    assert lines_of(cloth) == [ADDRESS.line1]
    assert Order.objects.get().address_changes == []


def test_another_town_of_the_same_zone_has_the_same_delivery(zoned: Order, cloth: Stocked) -> None:
    change(zoned, replace(ADDRESS, city="Ikeja"))
    assert own_record(cloth).shipping_address["city"] == "Ikeja"


def test_what_was_dearer_or_is_off_sale_since_does_not_matter(zoned: Order, cloth: Stocked) -> None:
    cloth.set_price(9_900_000)
    with schema_context(cloth.shop.schema_name):
        Product.objects.update(status="draft")
    change(zoned, replace(ADDRESS, city="Ikeja"))
    assert own_record(cloth).shipping_address["city"] == "Ikeja"


def test_a_shop_that_has_given_up_the_zone_still_corrects_the_house(zoned: Order, cloth: Stocked) -> None:
    for zone in read_zones(schema_name=cloth.shop.schema_name)[1:]:
        remove_zone(shop=cloth.shop, zone_id=zone.id, actor_id=None, now=NOW)
    change(zoned, NEXT_DOOR)
    assert lines_of(cloth) == [NEXT_DOOR.line1]


def test_an_export_does_not_become_a_sale_at_home_nor_the_other_way(cloth: Stocked, paystack: SandboxProcess) -> None:
    register(cloth.shop)
    payment = started(cloth.line())
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=NOW)
    order = Order.objects.get()
    with pytest.raises(OtherChargesError):
        change(order, IN_ACCRA)
    change(order, IN_KANO)
    assert own_record(cloth).shipping_address["city"] == "Kano"


def letters() -> dict[str, str]:
    outbox.relay(now=timezone.now())
    return {each.to: each.text for each in Email.objects.filter(dedup_key__startswith="address-")}


@pytest.mark.parametrize("by", [ReversedBy.BUYER, ReversedBy.SHOP, ReversedBy.OPERATOR])
def test_the_other_side_is_told_and_the_buyer_always(order: Order, cloth: Stocked, by: ReversedBy) -> None:
    owner = member(cloth.shop)
    change(order, NEXT_DOOR, part=part_of(cloth).number, by=by)
    told = letters()
    assert "14 Bode Thomas St" in told[order.email]
    assert (owner.email in told) == (by != ReversedBy.SHOP)
    assert all("14 Bode Thomas St" in text for text in told.values())


def test_a_forgotten_buyer_leaves_no_address(order: Order, pot: Stocked) -> None:
    change(order, NEXT_DOOR, part=part_of(pot).number)
    SubOrder.objects.update(status="delivered")
    personal_data.erase(Subject(None, order.email, is_email_theirs=True), "nobody@gone", NOW)
    fresh = Order.objects.get()
    assert fresh.address_changes == []
    assert "Bola" not in str(part_of(pot).shipping_address)
    assert "14 Bode" not in str(part_of(pot).shipping_address)


def guest(order: Order) -> Client:
    client = Client(HTTP_HOST=settings.BASE_DOMAIN)
    client.get(f"{order.get_absolute_url()}?key={order.access_key}")
    return client


def entered(address: Address, **more: str) -> dict[str, str]:
    return {**address.as_dict(), **more}


def test_a_guest_changes_it_on_the_orders_page(order: Order, cloth: Stocked) -> None:
    client, page = guest(order), f"/orders/{order.number}/address/"
    assert page in client.get(order.get_absolute_url()).text
    assert "12 Bode Thomas St" in client.get(page).text
    assert client.post(page, entered(NEXT_DOOR))["Location"] == order.get_absolute_url()
    assert "14 Bode Thomas St" in client.get(order.get_absolute_url()).text
    assert client.post(page, entered(NEXT_DOOR, phone="1")).status_code == 422
    assert lines_of(cloth) == [NEXT_DOOR.line1]


def test_the_page_offers_the_parts_that_are_not_packed(order: Order, cloth: Stocked, pot: Stocked) -> None:
    part = part_of(cloth)
    pack_part(shop=part.shop, number=part.number, now=NOW)
    client, page = guest(order), f"/orders/{order.number}/address/"
    shown = client.get(order.get_absolute_url()).text
    assert f"{page}?part={part_of(pot).number}" in shown
    assert f"{page}?part={part.number}" not in shown
    client.post(page, entered(NEXT_DOOR, part=part_of(pot).number))
    assert lines_of(cloth, pot) == [ADDRESS.line1, NEXT_DOOR.line1]
    assert "The items from Pot House go to:" in client.get(order.get_absolute_url()).text
    assert client.post(page, entered(NEXT_DOOR)).status_code == 409
    assert client.get(page, {"part": "KS-NOBODY-1"}).status_code == 404


def test_the_shop_changes_its_part_alone(order: Order, cloth: Stocked, pot: Stocked) -> None:
    number = part_of(cloth).number
    client, page = page_client(cloth.shop, member(cloth.shop)), f"/dashboard/orders/{number}/address/"
    assert page in client.get(f"/dashboard/orders/{number}/").text
    assert client.get(page).status_code == 200
    assert client.post(page, entered(NEXT_DOOR)).status_code == 302
    assert lines_of(cloth, pot) == [NEXT_DOOR.line1, ADDRESS.line1]


def test_an_operator_gives_a_reason_that_the_log_keeps_without_the_address(order: Order, cloth: Stocked) -> None:
    client = Client(HTTP_HOST=settings.BASE_DOMAIN)
    client.force_login(make_operator())
    page = f"/operator/orders/{order.number}/address/"
    assert page in client.get(f"/operator/orders/{order.number}/").text
    assert client.post(page, entered(NEXT_DOOR)).status_code == 422
    assert client.post(page, entered(NEXT_DOOR, reason="The buyer asked by phone")).status_code == 302
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.reason) == ("order.address_changed", "The buyer asked by phone")
    assert "Bode" not in str(entry.details)
    assert "14 Bode Thomas St" in client.get(f"/operator/orders/{order.number}/").text


def send(client: Any, path: str, body: dict[str, Any]) -> Any:
    return client.post(path, body, format="json", headers={"Idempotency-Key": uuid7().hex})


def test_the_api_changes_it_on_every_host(order: Order, cloth: Stocked, pot: Stocked) -> None:
    buyer = APIClient(HTTP_HOST=settings.BASE_DOMAIN, headers={"X-Order-Key": order.access_key})
    path, body = f"/api/v1/orders/{order.number}/address/", {"shipping_address": NEXT_DOOR.as_dict()}
    told = send(buyer, path, {**body, "sub_order": part_of(pot).number}).json()["data"]
    assert told["shipping_address"]["line1"] == ADDRESS.line1
    shown = {each["number"]: each["shipping_address"] for each in told["sub_orders"]}
    assert shown[part_of(cloth).number] is None
    assert shown[part_of(pot).number]["line1"] == NEXT_DOOR.line1
    shop = api(cloth.shop, member(cloth.shop))
    own = send(shop, f"/api/v1/vendor-orders/{part_of(cloth).number}/address/", body)
    assert own.json()["data"]["shipping_address"]["line1"] == NEXT_DOOR.line1
    operator = APIClient(HTTP_HOST=settings.BASE_DOMAIN)
    operator.force_login(make_operator())
    there = {"shipping_address": replace(ADDRESS, line1="1 Marina").as_dict(), "reason": "Asked by phone"}
    assert send(operator, f"/api/v1/operator/orders/{order.number}/address/", there).status_code == 200
    assert lines_of(cloth, pot) == ["1 Marina"] * 2
    pack_part(shop=cloth.shop, number=part_of(cloth).number, now=NOW)
    refused = send(buyer, path, body)
    assert (refused.status_code, refused.json()["code"]) == (409, "already_packed")
    assert refused.json()["errors"] == {"sub_orders": [part_of(cloth).number]}


def test_a_refusal_of_the_api_names_the_parts(zoned: Order, cloth: Stocked) -> None:
    buyer = APIClient(HTTP_HOST=settings.BASE_DOMAIN, headers={"X-Order-Key": zoned.access_key})
    path = f"/api/v1/orders/{zoned.number}/address/"
    refused = send(buyer, path, {"shipping_address": IN_KANO.as_dict()}).json()
    assert (refused["code"], refused["errors"]) == ("other_charges", {"sub_orders": [part_of(cloth).number]})
    assert send(buyer, path, {}).status_code == 400
