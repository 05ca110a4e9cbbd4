"""Deletions, and a parcel's tracking, are held to the version that they were made from, as other changes are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from checkout.fulfilling.advance_part import pack_part, ship_part
from checkout.fulfilment.services import Parcel
from tenants.models import Role
from tests.world.own_shop import Staffed, api, member, page_client, staffed

pytestmark = pytest.mark.django_db
V1 = "/api/v1"
STALE = '"0123456789abcdef0123"'
ADDRESS = {
    "name": "Ada Obi",
    "line1": "1 Road",
    "city": "Aba",
    "state": "Abia",
    "country": "NG",
    "phone": "08031234567",
}


@pytest.fixture
def own() -> Staffed:
    return staffed("indigo-fabrics")


@pytest.fixture
def owner(own: Staffed) -> APIClient:
    return api(own.shop, member(own.shop))


def shipped(own: Staffed) -> str:
    """Ship the shop's order, and return its address."""
    pack_part(shop=own.shop, number=own.number, now=timezone.now())
    ship_part(shop=own.shop, number=own.number, parcel=Parcel("GIG", "1"), now=timezone.now())
    return f"{V1}/vendor-orders/{own.number}/"


def a_member(own: Staffed, owner: APIClient) -> tuple[str, str, str]:
    """Return a membership: what lists it, its own address, and its version."""
    member(own.shop, Role.VIEWER)
    found = next(each for each in owner.get(f"{V1}/members/").json()["data"] if each["role"] == "viewer")
    return f"{V1}/members/", f"{V1}/members/{found['id']}/", found["version"]


def a_picture(own: Staffed, owner: APIClient) -> tuple[str, str, str]:
    product = f"{V1}/products/{own.stocked.product_id}/"
    return product, f"{product}images/{own.image_id}/", owner.get(product)["ETag"]


def a_coupon(own: Staffed, owner: APIClient) -> tuple[str, str, str]:
    made = owner.post(f"{V1}/coupons/", {"code": f"{own.shop.slug[:3]}10", "kind": "percent", "percent_bps": 1_000})
    return f"{V1}/coupons/", f"{V1}/coupons/{made.json()['data']['id']}/", made["ETag"]


@pytest.mark.parametrize("made", [a_member, a_picture, a_coupon])
def test_what_was_changed_meanwhile_is_not_deleted(
    own: Staffed, owner: APIClient, made: Callable[[Staffed, APIClient], tuple[str, str, str]]
) -> None:
    shown, address, version = made(own, owner)
    before = owner.get(shown).json()["data"]
    refused = owner.delete(address, headers={"If-Match": STALE})
    assert (refused.status_code, refused.json()["code"]) == (412, "version_mismatch")
    assert refused.json()["errors"]["current"]
    assert owner.get(shown).json()["data"] == before
    assert owner.delete(address, headers={"If-Match": version}).status_code == 204
    assert owner.get(shown).json()["data"] != before


def test_an_address_that_was_changed_meanwhile_is_not_deleted(buyer: Any, api_client: APIClient) -> None:
    api_client.force_authenticate(buyer)
    made = api_client.post(f"{V1}/auth/addresses/", ADDRESS)
    address = f"{V1}/auth/addresses/{made.json()['data']['id']}/"
    api_client.patch(address, {"city": "Enugu"})
    refused = api_client.delete(address, headers={"If-Match": made["ETag"]})
    assert refused.status_code == 412
    assert refused.json()["errors"]["current"]["city"] == "Enugu"
    assert api_client.delete(address, headers={"If-Match": api_client.get(address)["ETag"]}).status_code == 204


def test_tracking_is_corrected_from_the_version_that_was_read(own: Staffed, owner: APIClient) -> None:
    order = shipped(own)
    read = owner.get(order)
    first, second = ({"carrier": "GIG", "tracking_number": number} for number in "23")
    done = owner.put(f"{order}tracking/", first, headers={"If-Match": read["ETag"]})
    assert done.status_code == 200
    assert done["ETag"] == owner.get(order)["ETag"] != read["ETag"]
    refused = owner.put(f"{order}tracking/", second, headers={"If-Match": read["ETag"]})
    assert refused.status_code == 412
    assert refused.json()["errors"]["current"]["shipments"][0]["tracking_number"] == "2"
    assert owner.get(order).json()["data"] == done.json()["data"]
    assert owner.put(f"{order}tracking/", second).status_code == 200


def test_a_page_corrects_the_tracking_that_it_showed(own: Staffed, owner: APIClient) -> None:
    order, desk = shipped(own), f"/dashboard/orders/{own.number}/"
    staff: Client = page_client(own.shop, member(own.shop, Role.MANAGER))
    version = staff.get(desk).context["version"]
    owner.put(f"{order}tracking/", {"carrier": "GIG", "tracking_number": "2"})
    typed = {"carrier": "DHL", "tracking_number": "9", "version": version}
    told = staff.post(f"{desk}tracking/", typed, follow=True)
    assert "Check the saved values" in told.content.decode()
    assert owner.get(order).json()["data"]["shipments"][0]["tracking_number"] == "2"
    staff.post(f"{desk}tracking/", typed | {"version": told.context["version"]})
    assert owner.get(order).json()["data"]["shipments"][0]["tracking_number"] == "9"


@pytest.mark.parametrize("made", [a_member, a_picture, a_coupon])
def test_a_deletion_without_a_version_is_refused_where_the_market_asks_for_one(
    own: Staffed, owner: APIClient, settings: Any, made: Callable[[Staffed, APIClient], tuple[str, str, str]]
) -> None:
    shown, address, _ = made(own, owner)
    before = owner.get(shown).json()["data"]
    settings.REQUIRE_IF_MATCH = True
    refused = owner.delete(address)
    assert (refused.status_code, refused.json()["code"]) == (428, "version_required")
    assert owner.get(shown).json()["data"] == before
