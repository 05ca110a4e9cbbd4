"""A new shop's checklist: what it asks for, the settings pages, the preview, and the gate to going live."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from catalogue.discovery.models import Listing
from catalogue.services.products import create_product
from kit.work import outbox
from payouts.models import BankAccount
from tenants.life.provisioning import provision_shop
from tenants.models import Role, SetupStep, Shop, ShopEvent, ShopStatus
from tenants.shops.profile import update_profile
from tests.world.applications import BANK, NUMBER
from tests.world.clock import NOW
from tests.world.factories.catalogue import picture, product_input
from tests.world.market import stock
from tests.world.own_shop import api, member, page_client
from vendors.errors import SetupIncompleteError
from vendors.selectors.setup import missing_steps
from vendors.services.setup import go_live

pytestmark = pytest.mark.django_db
PROFILE = {
    "name": "Juju Records",
    "tagline": "Vinyl from Lagos",
    "description": "",
    "city": "Lagos",
    "contact_email": "hello@juju.example",
    "contact_phone": "",
}
POLICIES = {"delivery_policy": "Within two days.", "returns_policy": "Fourteen days."}
ALL_STEPS = {"profile", "policies", "delivery", "bank_account", "product", "preview"}


@pytest.fixture
def shop() -> Shop:
    return provision_shop(slug="juju-records", name="Juju", owner_id=None, now=NOW, currency="NGN")


@pytest.fixture
def owner(shop: Shop) -> User:
    return member(shop)


@pytest.fixture
def desk(shop: Shop, owner: User) -> Client:
    return page_client(shop, owner)


@pytest.fixture
def caller(shop: Shop, owner: User) -> APIClient:
    return api(shop, owner)


def fresh(shop: Shop) -> Shop:
    return Shop.objects.get(pk=shop.pk)


def upload(name: str = "logo.png", kind: str = "PNG") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(kind).read())


def test_a_new_shop_lacks_everything_and_says_so(shop: Shop, desk: Client) -> None:
    assert missing_steps(shop=shop).keys() == ALL_STEPS
    assert "Buyers can’t see it yet" in desk.get("/dashboard/setup/").content.decode()
    assert "Say who you are" in desk.get("/dashboard/").content.decode()


def test_step_by_step_to_the_opening(
    paystack: Any, shop: Shop, desk: Client, owner: User, django_capture_on_commit_callbacks: Any
) -> None:
    done: set[str] = set()

    def finished(step: str) -> None:
        done.add(step)
        assert missing_steps(shop=fresh(shop)).keys() == ALL_STEPS - done

    assert desk.post("/dashboard/settings/profile/", PROFILE).headers["Location"] == "/dashboard/setup/"
    finished("profile")
    desk.post("/dashboard/settings/policies/", POLICIES)
    finished("policies")
    desk.post("/dashboard/settings/delivery/", {"kind": "free"})
    finished("delivery")
    desk.post("/dashboard/settings/bank-account/", {"bank_code": BANK, "number": NUMBER})
    finished("bank_account")
    create_product(shop=shop, data=product_input("Turntable radio"), now=NOW)
    finished("product")
    refused = desk.post("/dashboard/setup/open/")
    assert refused.status_code == 409
    assert "Look at the preview" in refused.content.decode()
    assert fresh(shop).status == ShopStatus.DRAFT
    assert "Turntable radio" in desk.get("/dashboard/setup/preview/").content.decode()
    desk.post("/dashboard/setup/preview/")
    finished("preview")
    assert not Listing.objects.get().is_visible
    with django_capture_on_commit_callbacks(execute=True):
        assert desk.post("/dashboard/setup/open/").headers["Location"] == "/dashboard/"
    assert fresh(shop).status == ShopStatus.LIVE
    assert Listing.objects.get().is_visible
    [event] = ShopEvent.objects.filter(shop=shop, kind="shop.status_changed")
    assert event.actor == owner
    assert [message.subject for message in mail.outbox if message.to == [owner.email]] == ["Juju Records is open"]
    again = desk.post("/dashboard/setup/open/", follow=True)
    assert "Only a draft can be opened" in again.content.decode()


def test_going_live_names_what_is_missing_and_changes_nothing(shop: Shop, owner: User) -> None:
    events = ShopEvent.objects.count()
    with pytest.raises(SetupIncompleteError) as refused:
        go_live(shop_id=shop.pk, actor_id=owner.pk, now=NOW)
    assert refused.value.details.keys() == ALL_STEPS
    assert (fresh(shop).status, ShopEvent.objects.count()) == (ShopStatus.DRAFT, events)


def test_a_word_is_kept_once(shop: Shop, desk: Client) -> None:
    stock(shop)
    for _ in range(2):
        desk.post("/dashboard/setup/preview/")
        desk.post("/dashboard/settings/delivery/", {"kind": "flat", "amount": "1,500"})
    assert sorted(SetupStep.objects.values_list("step", flat=True)) == ["delivery", "preview"]
    assert fresh(shop).shipping_minor == 150_000


@pytest.mark.parametrize("amount", ["", "free", "0", "-5", "1.500,00", "999999999999"])
def test_a_delivery_rate_that_is_none_is_said_beside_the_field(shop: Shop, desk: Client, amount: str) -> None:
    answer = desk.post("/dashboard/settings/delivery/", {"kind": "flat", "amount": amount})
    assert answer.status_code == 422
    assert 'id="id_amount_error"' in answer.content.decode()
    assert not SetupStep.objects.exists()


def test_buyers_do_not_see_the_preview(shop: Shop, desk: Client, client: Client) -> None:
    update_profile(shop_id=shop.pk, actor_id=None, now=NOW, description="Still unpacking.")
    assert "Still unpacking." in desk.get("/dashboard/setup/preview/").content.decode()
    assert page_client(shop).get("/dashboard/setup/preview/").status_code == 302
    assert client.get("/shops/juju-records/").status_code == 404


def test_pictures_are_cut_stored_and_replaced(
    shop: Shop, desk: Client, django_capture_on_commit_callbacks: Any
) -> None:
    desk.post("/dashboard/settings/profile/", PROFILE | {"logo": upload(), "banner": upload("b.jpg", "JPEG")})
    first = fresh(shop)
    assert first.logo.startswith(f"shops/{shop.pk}/profile/logo-")
    assert default_storage.exists(first.banner)
    with django_capture_on_commit_callbacks(execute=True):
        desk.post("/dashboard/settings/profile/", PROFILE | {"logo": upload(), "remove_banner": "on"})
    second = fresh(shop)
    assert second.banner == ""
    assert second.logo != first.logo
    assert not default_storage.exists(first.logo)
    assert not default_storage.exists(first.banner)


def test_what_is_no_picture_changes_nothing(shop: Shop, desk: Client) -> None:
    form = PROFILE | {"logo": SimpleUploadedFile("logo.png", b"<svg onload=alert(1)>")}
    answer = desk.post("/dashboard/settings/profile/", form)
    assert answer.status_code == 422
    assert re.search(r'id="id_logo_error">[^<]*not a JPEG', answer.content.decode())
    assert fresh(shop).name == "Juju"


def test_a_new_name_appears_on_every_listing(shop: Shop, desk: Client, client: Client) -> None:
    Shop.objects.filter(pk=shop.pk).update(status=ShopStatus.LIVE)
    create_product(shop=shop, data=product_input("Turntable radio"), now=NOW)
    assert client.get("/search/?q=juju+records").context["cards"] == []
    desk.post("/dashboard/settings/profile/", PROFILE)
    outbox.relay(now=timezone.now())
    [card] = client.get("/search/?q=turntable").context["cards"]
    assert card.shop_name == "Juju Records"
    assert "Juju Records" in client.get(f"/products/{card.id}/").content.decode()


def test_what_stays_the_same_is_no_change(shop: Shop, desk: Client) -> None:
    desk.post("/dashboard/settings/profile/", PROFILE)
    entries = ShopEvent.objects.filter(kind="shop.profile_changed")
    assert entries.count() == 1
    assert entries.get().details["fields"] == ["city", "contact_email", "name", "tagline"]
    desk.post("/dashboard/settings/profile/", PROFILE)
    assert entries.count() == 1


def test_managers_set_up_all_but_the_bank_account(paystack: Any, shop: Shop) -> None:
    desk = page_client(shop, member(shop, Role.MANAGER))
    assert desk.get("/dashboard/settings/").headers["Location"] == "/dashboard/settings/profile/"
    assert desk.post("/dashboard/settings/policies/", POLICIES).status_code == 302
    assert "Only an owner" in desk.get("/dashboard/settings/bank-account/").content.decode()
    answer = desk.post("/dashboard/settings/bank-account/", {"bank_code": BANK, "number": NUMBER})
    assert answer.status_code == 403
    assert not BankAccount.objects.exists()


def test_accountants_see_the_account_and_no_more(shop: Shop) -> None:
    desk = page_client(shop, member(shop, Role.ACCOUNTANT))
    assert desk.get("/dashboard/settings/").headers["Location"] == "/dashboard/settings/bank-account/"
    assert desk.get("/dashboard/settings/bank-account/").status_code == 200
    assert desk.get("/dashboard/settings/profile/").status_code == 403


def test_the_same_over_the_api(paystack: Any, shop: Shop, caller: APIClient) -> None:
    base = "/api/v1"
    before = caller.post(f"{base}/setup/go-live/")
    assert (before.status_code, before.json()["code"]) == (409, "setup_incomplete")
    assert before.json()["errors"].keys() == ALL_STEPS
    changed = caller.patch(f"{base}/shop/", {**PROFILE, **POLICIES}).json()["data"]
    assert (changed["name"], changed["delivery_policy"]) == ("Juju Records", "Within two days.")
    pictures = caller.put(f"{base}/shop/pictures/", {"logo": upload()}, format="multipart").json()["data"]
    assert pictures["logo_url"].endswith(".webp")
    assert caller.put(f"{base}/delivery/", {"shipping_minor": 0}).json()["data"]["shipping_minor"] == 0
    assert caller.get(f"{base}/bank-account/").status_code == 404
    assert caller.get(f"{base}/banks/").json()["data"]
    account = caller.put(f"{base}/bank-account/", {"bank_code": BANK, "number": NUMBER}).json()["data"]
    assert (account["number"], account["is_usable"]) == ("•••• 6789", True)
    assert caller.get(f"{base}/bank-account/").json()["data"] == account
    create_product(shop=shop, data=product_input("Turntable radio"), now=NOW)
    setup = caller.post(f"{base}/setup/preview/").json()["data"]
    assert (setup["is_complete"], setup["is_open"]) == (True, False)
    assert caller.post(f"{base}/setup/go-live/").json()["data"]["is_open"] is True
    again = caller.post(f"{base}/setup/go-live/")
    assert (again.status_code, again.json()["code"]) == (409, "shop_status")
    assert caller.get(f"{base}/setup/").json()["data"]["is_open"] is True


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("shop/", {"contact_email": "nobody"}),
        ("shop/", {"name": ""}),
        ("delivery/", {"shipping_minor": -1}),
        ("delivery/", {}),
        ("bank-account/", {"bank_code": BANK, "number": "12"}),
    ],
)
def test_the_api_refuses_what_makes_no_sense(
    paystack: Any, shop: Shop, caller: APIClient, path: str, body: Any
) -> None:
    before = Shop.objects.values().get(pk=shop.pk)
    send = caller.patch if path == "shop/" else caller.put
    answer = send(f"/api/v1/{path}", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert Shop.objects.values().get(pk=shop.pk) == before
