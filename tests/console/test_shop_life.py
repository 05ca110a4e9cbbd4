"""Operators close, reopen and delete shops, on the page and over the API, each with a reason in the audit log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from accounts.models import User
from checkout.models import SubOrder
from console.models import AuditEntry
from notifications.models import Email
from tenants.models import Shop, ShopStatus
from tests.world.ledger import run
from tests.world.own_shop import Staffed, member, staffed
from tests.world.shops import schemas

pytestmark = pytest.mark.django_db
REASON = "They asked us to"
PAGE = "/operator/shops/indigo-fabrics/"
API = "/api/v1/operator/shops/indigo-fabrics/status/"


@pytest.fixture
def own() -> Staffed:
    return staffed("indigo-fabrics")


@pytest.fixture
def console(client: Client, operator: User) -> Client:
    client.force_login(operator)
    return client


@pytest.fixture
def program(operator: User, api_client: APIClient) -> APIClient:
    api_client.credentials(HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(operator)}")
    return api_client


def now_is(own: Staffed, **changes: Any) -> Shop:
    Shop.objects.filter(pk=own.shop.pk).update(**changes)
    run("SET CONSTRAINTS ALL IMMEDIATE")
    return Shop.objects.get(pk=own.shop.pk)


def settle() -> None:
    """Finish the orders and take the money off the books' balances, as payouts would."""
    SubOrder.objects.update(status="delivered")
    run("UPDATE payouts_balance SET amount_minor = 0")


def log() -> list[tuple[str, str, str]]:
    entries = AuditEntry.objects.order_by("id")
    return [(entry.action, entry.details["before"], entry.details["after"]) for entry in entries]


def test_the_page_offers_what_the_status_lets(console: Client, own: Staffed) -> None:
    offers = {
        ShopStatus.LIVE: {"suspend", "close"},
        ShopStatus.SUSPENDED: {"restore", "close"},
        ShopStatus.CLOSING: {"suspend", "keep"},
        ShopStatus.CLOSED: {"reopen", "delete"},
    }
    for status, wanted in offers.items():
        now_is(own, status=status)
        text = console.get(PAGE).content.decode()
        assert {
            name for name in ("suspend", "restore", "close", "keep", "reopen", "delete") if f"{PAGE}{name}/" in text
        } == wanted


def test_a_closure_is_planned_taken_back_and_begun(console: Client, own: Staffed) -> None:
    owner = member(own.shop)
    past = console.post(f"{PAGE}close/", {"reason": REASON, "closes_on": "2020-01-01"})
    assert (past.status_code, log()) == (400, [])
    assert "Choose a moment to come" in past.content.decode()
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    console.post(f"{PAGE}close/", {"reason": REASON, "closes_on": day})
    assert "Closes on" in console.get(PAGE).content.decode()
    console.post(f"{PAGE}keep/", {"reason": REASON})
    console.post(f"{PAGE}close/", {"reason": REASON})
    assert log() == [
        ("shop.closure_planned", "live", "live"),
        ("shop.closure_cancelled", "live", "live"),
        ("shop.closing", "live", "closing"),
    ]
    subjects = list(Email.objects.filter(to=owner.email).order_by("pk").values_list("subject", flat=True))
    assert [subject.split(" on ")[0] for subject in subjects] == [
        "Indigo Fabrics will close",
        "Indigo Fabrics stays open",
        "Indigo Fabrics is closing",
    ]


def test_deleting_asks_for_the_address_and_for_settled_books(console: Client, own: Staffed) -> None:
    now_is(own, status=ShopStatus.CLOSED, delete_after=timezone.now() + timedelta(days=80))
    wrong = console.post(f"{PAGE}delete/", {"reason": REASON, "slug": "another"})
    assert (wrong.status_code, log()) == (400, [])
    assert "as it is: indigo-fabrics" in wrong.content.decode().replace("&#x27;", "'")
    owed = console.post(f"{PAGE}delete/", {"reason": REASON, "slug": "indigo-fabrics"}, follow=True)
    assert "1 order is not finished yet." in owed.content.decode()
    assert (log(), own.shop.schema_name in schemas()) == ([], True)
    settle()
    console.post(f"{PAGE}delete/", {"reason": REASON, "slug": "indigo-fabrics"})
    assert log() == [("shop.deleted", "closed", "deleted")]
    assert own.shop.schema_name not in schemas()
    text = console.get(PAGE).content.decode()
    assert "Deleted" in text
    assert f"{PAGE}delete/" not in text
    assert console.get("/operator/shops/").status_code == 200


def test_all_of_it_over_the_api(program: APIClient, own: Staffed) -> None:
    def act(action: str, **more: Any) -> Any:
        return program.post(API, {"action": action, "reason": REASON, **more}, format="json")

    assert program.get(API).json()["data"]["orders_left"] == 1
    assert act("suspend").json()["data"] | {"status_at": ""} == {
        "slug": "indigo-fabrics",
        "name": "Indigo Fabrics",
        "status": "suspended",
        "status_at": "",
        "note": REASON,
        "returns_on": None,
        "closes_at": None,
        "deletes_at": None,
        "may_become": ["closing", "draft", "holiday", "live"],
        "is_paid_out": False,
        "orders_left": 1,
    }
    again = act("suspend")
    assert (again.status_code, again.json()["code"]) == (409, "shop_status")
    assert act("restore").json()["data"]["status"] == "live"
    moment = (timezone.now() + timedelta(days=3)).isoformat()
    assert act("close", closes_at=moment).json()["data"]["closes_at"] is not None
    assert act("cancel_closing").json()["data"]["closes_at"] is None
    assert act("close").json()["data"]["status"] == "closing"
    now_is(own, status=ShopStatus.CLOSED, status_before="")
    assert act("reopen").json()["data"]["status"] == "draft"
    now_is(own, status=ShopStatus.CLOSED)
    assert act("delete", slug="x").status_code == 400
    refused = act("delete", slug="indigo-fabrics")
    assert (refused.status_code, refused.json()["code"]) == (409, "shop_not_done")
    settle()
    assert act("delete", slug="indigo-fabrics").json()["data"]["status"] == "deleted"
    assert len(log()) == 7


@pytest.mark.parametrize("who", ["nobody", "buyer", "owner"])
def test_only_operators_reach_it(api_client: APIClient, own: Staffed, buyer: User, who: str) -> None:
    person = {"nobody": None, "buyer": buyer, "owner": member(own.shop)}[who]
    if person is not None:
        api_client.credentials(HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(person)}")
    for answer in (api_client.get(API), api_client.post(API, {"action": "suspend", "reason": REASON}, format="json")):
        assert answer.status_code == (401 if who == "nobody" else 403)
        assert own.shop.name not in answer.content.decode()
    assert (Shop.objects.get(pk=own.shop.pk).status, log()) == ("live", [])


@pytest.mark.parametrize("body", [{}, {"action": "explode", "reason": REASON}, {"action": "suspend", "reason": "x"}])
def test_what_makes_no_sense_changes_nothing(program: APIClient, own: Staffed, body: dict[str, str]) -> None:
    assert program.post(API, body, format="json").status_code == 400
    assert program.get("/api/v1/operator/shops/nowhere/status/").status_code == 404
    assert (Shop.objects.get(pk=own.shop.pk).status, log()) == ("live", [])
