"""Profiles, addresses, roles and limits are not written over a change that nobody has seen (docs/adr/0027)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from accounts.models import Address, User
from console.models import AuditEntry
from tenants.models import Membership, Role, Shop
from tests.world.factories.people import address_of, person
from tests.world.market import open_shop
from tests.world.own_shop import api, member, page_client

pytestmark = pytest.mark.django_db
TYPED_ADDRESS = {"line1": "1 Mine Road", "city": "Ibadan", "state": "Oyo", "country": "NG", "phone": "0803 123 4567"}


@dataclass(frozen=True)
class Page:
    """A page that edits one thing.

    Args:
        change: what somebody else saves meanwhile.
        read: what is saved now.
    """

    client: Client
    path: str
    typed: dict[str, Any]
    change: Callable[[], Any]
    read: Callable[[], Any]
    theirs: Any
    mine: Any


def profile_page() -> Page:
    user = person(name="Amina")
    client = Client(HTTP_HOST="kasuwa.localhost")
    client.force_login(user)
    rows = User.objects.filter(pk=user.pk)
    return Page(
        client,
        "/account/profile/",
        {"name": "Mine", "phone": ""},
        lambda: rows.update(name="Theirs"),
        lambda: rows.get().name,
        "Theirs",
        "Mine",
    )


def address_page() -> Page:
    address = address_of(line1="1 Old Road")
    client = Client(HTTP_HOST="kasuwa.localhost")
    client.force_login(address.user)
    rows = Address.objects.filter(pk=address.pk)
    return Page(
        client,
        f"/account/addresses/{address.pk}/",
        {"name": "Amina", **TYPED_ADDRESS},
        lambda: rows.update(line1="2 Theirs Road"),
        lambda: rows.get().line1,
        "2 Theirs Road",
        "1 Mine Road",
    )


def role_page() -> Page:
    shop = open_shop("indigo-fabrics")
    viewer = member(shop, Role.VIEWER)
    rows = Membership.objects.filter(shop=shop, user=viewer)
    return Page(
        page_client(shop, member(shop)),
        f"/dashboard/staff/{rows.get().pk}/",
        {"role": "manager"},
        lambda: rows.update(role=Role.ACCOUNTANT),
        lambda: rows.get().role,
        "accountant",
        "manager",
    )


def limit_page() -> Page:
    shop = open_shop("indigo-fabrics")
    client = Client(HTTP_HOST="kasuwa.localhost")
    client.force_login(person(email="operator@kasuwa.test", is_operator=True))
    rows = Shop.objects.filter(pk=shop.pk)
    return Page(
        client,
        f"/operator/traffic/{shop.slug}/",
        {"requests_per_minute": "700", "reason": "A sale is coming."},
        lambda: rows.update(rate_limit_per_minute=900),
        lambda: rows.get().rate_limit_per_minute,
        900,
        700,
    )


PAGES = {"profile": profile_page, "address": address_page, "role": role_page, "limit": limit_page}


def version_in(page: Any) -> dict[str, str]:
    found = re.search(r'name="version" value="(\w+)"', page.content.decode())
    assert found
    return {"version": found[1]}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_not_saved_over_what_somebody_else_has_saved(name: str) -> None:
    page = PAGES[name]()
    shown = version_in(page.client.get(page.path))
    page.change()
    entries = AuditEntry.objects.count()

    refused = page.client.post(page.path, {**page.typed, **shown})
    text = refused.content.decode()
    assert refused.status_code == 409
    assert "This was changed after you opened it" in text
    assert "Saved meanwhile" in text
    assert page.read() == page.theirs
    assert AuditEntry.objects.count() == entries

    assert page.client.post(page.path, {**page.typed, **version_in(refused)}).status_code == 302
    assert page.read() == page.mine


@pytest.mark.parametrize("name", PAGES)
def test_a_page_without_a_version_is_saved_as_before(name: str) -> None:
    page = PAGES[name]()
    page.change()
    assert page.client.post(page.path, page.typed).status_code == 302
    assert page.read() == page.mine


def bearer(user: User) -> APIClient:
    return APIClient(HTTP_HOST="kasuwa.localhost", HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(user)}")


def held_to_its_tag(client: APIClient, path: str, tag: str, change: dict[str, Any], current: dict[str, Any]) -> None:
    """Expect that a change from an old version is refused with what is saved now, and one from the new is taken."""
    refused = client.patch(path, change, headers={"If-Match": tag})
    body = refused.json()
    assert (refused.status_code, body["code"]) == (412, "version_mismatch")
    assert body["errors"]["current"].items() >= current.items()
    assert client.patch(path, change, headers={"If-Match": "*"}).status_code == 200


def test_the_api_of_a_profile() -> None:
    user = person(name="Amina")
    client, path = bearer(user), "/api/v1/auth/user/"
    tag = client.get(path)["ETag"]
    User.objects.filter(pk=user.pk).update(name="Theirs")
    held_to_its_tag(client, path, tag, {"name": "Mine"}, {"name": "Theirs"})
    fresh = client.get(path)["ETag"]
    changed = client.patch(path, {"phone": "0803 123 4567"}, headers={"If-Match": fresh})
    assert changed["ETag"] == client.get(path)["ETag"] != fresh
    user.refresh_from_db()
    assert (user.name, user.phone) == ("Mine", "+2348031234567")


def test_the_api_of_an_address() -> None:
    address = address_of()
    client, path = bearer(address.user), f"/api/v1/auth/addresses/{address.pk}/"
    tag = client.get(path)["ETag"]
    Address.objects.filter(pk=address.pk).update(city="Theirs")
    held_to_its_tag(client, path, tag, {"city": "Mine"}, {"city": "Theirs"})
    assert Address.objects.get(pk=address.pk).city == "Mine"


def test_the_api_of_a_role() -> None:
    shop = open_shop("indigo-fabrics")
    viewer = member(shop, Role.VIEWER)
    row = Membership.objects.filter(shop=shop, user=viewer)
    client, path = api(shop, member(shop)), f"/api/v1/members/{row.get().pk}/"
    listed = client.get("/api/v1/members/").json()["data"]
    tag = next(each["version"] for each in listed if each["id"] == row.get().pk)
    row.update(role=Role.ACCOUNTANT)
    held_to_its_tag(client, path, tag, {"role": "manager"}, {"role": "accountant"})
    assert row.get().role == "manager"
