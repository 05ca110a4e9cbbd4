"""A person's data: exported to them, and erased at their request."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import is_password_usable
from django.db import connection
from django.test import Client
from django_tenants.utils import schema_context
from rest_framework.test import APIClient

from accounts.errors import ErasureBlockedError, PersonNotFoundError
from accounts.models import Address, User
from accounts.services.addresses import AddressInput, add_address
from accounts.services.erasure import anonymise_user
from accounts.services.personal_data import find_subject, subject_of
from checkout.cart.store import CartId, count_units, write_line
from checkout.fulfilment.models import VendorOrder
from checkout.fulfilment.status import PartStatus
from checkout.models import Order, OrderStatus, SubOrder
from checkout.placing.request import OrderRequest
from console.models import AuditEntry
from console.services.people import PERSON_ERASED, forget_person
from notifications.models import Notification
from notifications.services import notify
from payouts.models import Entry
from tenants.archives import restore_archive
from tenants.models import Membership, Role, ShopEvent, ShopStatus
from tenants.staff.members import add_member
from tests.world.archives import exported, set_status
from tests.world.clock import NOW
from tests.world.market import buy, open_shop, order_request, stock, vendor_orders

PASSWORD = "secret-pass-1"
pytestmark = pytest.mark.usefixtures("live_database")
MakeUser = Callable[..., User]


def asked(**more: Any) -> OrderRequest:
    """Return a buyer's request; its cart identifies the buyer, as on the site."""
    return replace(order_request(**more), scope="checkout:guest-basket")


def delivered(order: Order) -> None:
    """Bring an order to its end."""
    for part in order.sub_orders.select_related("shop"):
        with schema_context(part.shop.schema_name):
            VendorOrder.objects.filter(pk=part.pk).update(status="delivered", stock_state="consumed", paid_at=NOW)
    SubOrder.objects.filter(order=order).update(status=PartStatus.DELIVERED)
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.COMPLETED, paid_at=NOW)


@pytest.fixture
def ada(make_user: MakeUser) -> User:
    """A buyer with an address, a basket, messages, and an order that two shops have delivered."""
    user = make_user("ada@example.com", name="Ada Obi", phone="+2348030000000")
    add_address(
        user_id=user.pk,
        data=AddressInput(
            name="Ada Obi", line1="12 Bode Thomas", city="Surulere", state="Lagos", country="NG", phone="+2348030000000"
        ),
    )
    first, second = open_shop("indigo-fabrics"), open_shop("copper-kitchen")
    goods = [stock(first), stock(second)]
    delivered(buy(*(item.line() for item in goods), request=asked(email=user.email, user_id=user.pk)))
    delivered(buy(goods[0].line(), request=asked(email=user.email, key="as-a-guest")))
    write_line(CartId.of_user(user.pk), goods[0].line(2))
    notify(user_id=user.pk, kind="x", title="Hello Ada", body="", url="/", dedup_key="x", now=NOW)
    return user


def everything_as_text() -> str:
    """All rows of all tables, as PostgreSQL prints them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables"
            " WHERE schemaname = 'public' OR schemaname LIKE 'shop%%'"
        )
        names = [name for (name,) in cursor.fetchall()]
        found = []
        for name in names:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {name} t")
            found.append(f"{name}: {cursor.fetchone()[0]}")
    return "\n".join(found)


def test_everything_is_handed_out_for_the_password(ada: User, client: Client) -> None:
    client.force_login(ada)
    refused = client.post("/account/data/download/", {"password": "guess"})
    assert refused.status_code == 400
    assert "This is not your password." in refused.content.decode()
    response = client.post("/account/data/download/", {"password": PASSWORD})
    assert response["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        said = {name: json.loads(archive.read(name)) for name in archive.namelist() if name.endswith(".json")}
        csv = archive.read("addresses.csv").decode()
    assert said["profile.json"][0]["phone"] == "+2348030000000"
    assert [order["email"] for order in said["orders.json"]] == [ada.email, ada.email]
    assert len(said["order_parts.json"]) == 3
    assert said["basket.json"][0]["quantity"] == 2
    assert said["notifications.json"][0]["title"] == "Hello Ada"
    assert "'+2348030000000" in csv


def test_nobody_gets_what_is_somebody_else_s(ada: User, make_user: MakeUser, client: Client) -> None:
    other = make_user("other@example.com", name="Bola")
    client.force_login(other)
    with zipfile.ZipFile(io.BytesIO(client.post("/account/data/download/", {"password": PASSWORD}).content)) as archive:
        assert not any(b"ada@example.com" in archive.read(name) for name in archive.namelist())


def test_an_address_that_is_not_confirmed_opens_no_guest_s_orders(ada: User, client: Client) -> None:
    from allauth.account.models import EmailAddress

    EmailAddress.objects.filter(user_id=ada.pk).update(verified=False)
    client.force_login(ada)
    with zipfile.ZipFile(io.BytesIO(client.post("/account/data/download/", {"password": PASSWORD}).content)) as archive:
        assert len(json.loads(archive.read("orders.json"))) == 1


@pytest.mark.parametrize("path", ["/account/data/", "/account/delete/", "/account/data/delete/"])
def test_visitors_sign_in_first(path: str, client: Client) -> None:
    assert client.get(path).status_code in {302, 404}


def test_deleting_forgets_the_person_everywhere(ada: User, client: Client) -> None:
    entries = list(Entry.objects.order_by("id").values())
    amounts = list(Order.objects.order_by("id").values("number", "total_minor", "buyer_id"))
    client.force_login(ada)
    page = client.post("/account/data/delete/", {"password": PASSWORD, "is_meant": "on"})
    assert page.status_code == 302
    text = everything_as_text()
    for word in ("ada@example.com", "Ada Obi", "Bode Thomas", "2348030000000", "2348012345678"):
        assert word not in text, [line[:60] for line in text.splitlines() if word in line]
    ada.refresh_from_db()
    assert (ada.is_active, is_password_usable(ada.password)) == (False, False)
    assert list(Order.objects.order_by("id").values("number", "total_minor", "buyer_id")) == amounts
    assert list(Entry.objects.order_by("id").values()) == entries
    assert {order.shipping_address["country"] for order in Order.objects.all()} == {"NG"}
    assert not Address.objects.exists()
    assert not Notification.objects.exists()
    assert count_units(CartId.of_user(ada.pk)) == 0
    assert client.get("/account/profile/").status_code == 302
    assert not client.login(email="ada@example.com", password=PASSWORD)


def test_a_wrong_password_deletes_nothing(ada: User, client: Client) -> None:
    client.force_login(ada)
    before = everything_as_text()
    page = client.post("/account/data/delete/", {"password": "guess", "is_meant": "on"})
    assert page.status_code == 400
    assert everything_as_text().replace(_session(before), "") == before.replace(_session(before), "")
    assert User.objects.get(pk=ada.pk).email == "ada@example.com"


def _session(text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith("public.django_session:"))


@pytest.mark.parametrize("status", [PartStatus.NEW, PartStatus.PACKED, PartStatus.SHIPPED])
def test_not_while_something_is_on_its_way(status: PartStatus, ada: User, client: Client) -> None:
    part = SubOrder.objects.filter(order__buyer=ada).first()
    assert part is not None
    SubOrder.objects.filter(pk=part.pk).update(status=status)
    client.force_login(ada)
    assert f"Order {part.order.number} has not been delivered." in client.get("/account/data/delete/").content.decode()
    page = client.post("/account/data/delete/", {"password": PASSWORD, "is_meant": "on"})
    assert page.status_code == 400
    assert User.objects.get(pk=ada.pk).name == "Ada Obi"


def test_not_as_the_last_owner_of_a_shop(make_user: MakeUser) -> None:
    shop, owner, second = open_shop("indigo-fabrics"), make_user("own@example.com"), make_user("two@example.com")
    add_member(shop_id=shop.pk, user_id=owner.pk, role=Role.OWNER, now=NOW)
    subject = subject_of(owner, is_email_theirs=True)
    with pytest.raises(ErasureBlockedError, match="last owner of Indigo Fabrics"):
        anonymise_user(subject=subject, now=NOW)
    assert User.objects.get(pk=owner.pk).email == "own@example.com"
    add_member(shop_id=shop.pk, user_id=second.pk, role=Role.OWNER, now=NOW)
    anonymise_user(subject=subject, now=NOW)
    assert list(Membership.objects.values_list("user_id", flat=True)) == [second.pk]
    assert not ShopEvent.objects.filter(subject="own@example.com").exists()


def test_over_the_api(ada: User, api_client: APIClient) -> None:
    assert api_client.post("/api/v1/auth/data/", {"password": PASSWORD}).status_code == 401
    assert api_client.post("/api/v1/auth/delete-account/", {"password": PASSWORD}).status_code == 401
    api_client.force_authenticate(ada)
    refused = api_client.post("/api/v1/auth/data/", {"password": "guess"})
    assert (refused.status_code, refused.json()["code"]) == (400, "wrong_password")
    data = api_client.post("/api/v1/auth/data/", {"password": PASSWORD}).json()["data"]
    assert data["profile"][0]["email"] == "ada@example.com"
    assert len(data["orders"]) == 2
    SubOrder.objects.filter(order__buyer=ada).update(status=PartStatus.SHIPPED)
    blocked = api_client.post("/api/v1/auth/delete-account/", {"password": PASSWORD})
    assert (blocked.status_code, blocked.json()["code"]) == (409, "erasure_blocked")
    SubOrder.objects.update(status=PartStatus.DELIVERED)
    assert api_client.post("/api/v1/auth/delete-account/", {"password": PASSWORD}).status_code == 204
    assert User.objects.get(pk=ada.pk).email.endswith("@deleted.invalid")


def test_operators_forget_a_guest_by_letter(operator: User, client: Client) -> None:
    shop = open_shop("indigo-fabrics")
    delivered(buy(stock(shop).line(), request=asked(email="guest@example.com")))
    client.force_login(operator)
    form = {"email": "Guest@example.com", "reason": "Letter of 2 March", "is_checked": "on"}
    assert client.post("/operator/people/forget/", {**form, "reason": ""}).status_code == 400
    assert Order.objects.get().email == "guest@example.com"
    assert client.post("/operator/people/forget/", form).status_code == 302
    assert "guest@example.com" not in everything_as_text()
    [record] = vendor_orders([shop])
    assert (record.buyer_name, record.shipping_address["line1"]) == ("Deleted person", "")
    entry = AuditEntry.objects.get(action=PERSON_ERASED.name)
    assert (entry.actor_id, entry.reason) == (operator.pk, "Letter of 2 March")
    with pytest.raises(PersonNotFoundError):
        forget_person(email="guest@example.com", actor_id=operator.pk, reason="Again", now=NOW)


def test_only_operators_forget_others(ada: User, client: Client) -> None:
    form = {"email": ada.email, "reason": "Because I can", "is_checked": "on"}
    assert client.post("/operator/people/forget/", form).status_code == 302
    client.force_login(ada)
    assert client.post("/operator/people/forget/", form).status_code == 404
    assert User.objects.get(pk=ada.pk).email == "ada@example.com"


def test_a_restored_shop_does_not_remember_who_was_forgotten(tmp_path: Path) -> None:
    shop = open_shop("indigo-fabrics")
    delivered(buy(stock(shop).line(), request=asked(email="guest@example.com")))
    path = exported(shop, tmp_path / "shop.zip").path
    anonymise_user(subject=find_subject(email="guest@example.com"), now=NOW)
    set_status(shop, ShopStatus.SUSPENDED)
    done = restore_archive(path=path, now=NOW, may_replace=True)
    assert any("forgotten since the archive" in line for line in done.report)
    [record] = vendor_orders([shop])
    assert record.buyer_name == "Deleted person"
    assert record.buyer_email == Order.objects.get().email
    assert "guest@example.com" not in everything_as_text()
