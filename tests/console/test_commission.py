"""Operators change a shop's commission; orders that were placed before keep their rate."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from checkout.models import SubOrder
from console.models import AuditEntry
from notifications.models import Email, Notification
from tenants.models import Role, Shop, ShopEvent
from tests.world.market import Stocked, buy, open_shop, stock
from tests.world.own_shop import api, member

pytestmark = pytest.mark.django_db
PAGE, API = "/operator/shops/indigo-fabrics/commission/", "/api/v1/operator/shops/indigo-fabrics/commission/"
WHY = {"reason": "Agreed for the fair"}


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("indigo-fabrics"))


@pytest.fixture
def console(client: Client, operator: User) -> Client:
    client.force_login(operator)
    return client


@pytest.fixture
def program(operator: User) -> Any:
    return api(None, operator)


def own_rate() -> int | None:
    return Shop.objects.get(slug="indigo-fabrics").commission_bps


def nothing_told() -> bool:
    return not (AuditEntry.objects.exists() or Email.objects.exists() or Notification.objects.exists())


def frozen(stocked: Stocked) -> tuple[int, int]:
    """Order a unit and return the rate and the commission that its order keeps."""
    part = SubOrder.objects.get(order=buy(stocked.line(), now=timezone.now()))
    return part.commission_bps, part.commission_minor


def test_a_new_rate_holds_for_orders_placed_from_then_on(console: Client, cloth: Stocked, operator: User) -> None:
    before = SubOrder.objects.get(order=buy(cloth.line(), now=timezone.now()))
    assert frozen(cloth) == (800, 148_000)

    page = console.get(PAGE)
    assert "8 %" in page.content.decode()
    answer = console.post(PAGE, {"percent": "6.5", "version": page.context["version"], **WHY})

    assert (answer.status_code, own_rate()) == (302, 650)
    assert frozen(cloth) == (650, 120_250)
    before.refresh_from_db()
    assert (before.commission_bps, before.commission_minor) == (800, 148_000)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject, entry.reason, entry.details, entry.actor) == (
        "shop.commission_changed", "shop:indigo-fabrics", WHY["reason"],
        {"before": None, "after": 650, "market": 800}, operator,
    )  # fmt: skip
    for history in (console.get(PAGE), console.get("/operator/shops/indigo-fabrics/")):
        [row] = history.context["entries"]
        assert row.sentence.endswith("of the shop Indigo Fabrics from the market’s rate (8 %) to 6.5 %.")
        assert row.sentence in history.content.decode()
        assert WHY["reason"] in history.content.decode()
    assert "6.5 %" in console.get("/operator/shops/indigo-fabrics/").content.decode()


def test_owners_are_told_and_nobody_else(console: Client, cloth: Stocked) -> None:
    owner, _ = member(cloth.shop, Role.OWNER), member(cloth.shop, Role.MANAGER)
    console.post(PAGE, {"percent": "12.25", **WHY})
    [letter] = Email.objects.all()
    assert letter.to == owner.email
    assert "12.25 % from now on" in letter.subject
    assert "It was 8 %" in letter.text
    assert "/dashboard/balance/" in letter.text
    assert Notification.objects.get().user_id == owner.pk
    event = ShopEvent.objects.get(kind="shop.commission_changed")
    assert (event.shop_id, event.details) == (cloth.shop.pk, {"before": 800, "after": 1225})


def test_an_empty_rate_is_the_market_s(console: Client, cloth: Stocked) -> None:
    Shop.objects.update(commission_bps=0)
    assert frozen(cloth) == (0, 0)
    assert console.post(PAGE, {"percent": "", **WHY}).status_code == 302
    assert (own_rate(), frozen(cloth)) == (None, (800, 148_000))


@pytest.mark.parametrize("percent", ["-1", "100.01", "6.555", "eight", "NaN", "1e9"])
def test_no_other_rate_is_taken(console: Client, cloth: Stocked, percent: str) -> None:
    assert console.post(PAGE, {"percent": percent, **WHY}).status_code == 400
    assert (own_rate(), nothing_told()) == (None, True)


def test_a_reason_is_needed(console: Client, cloth: Stocked, program: Any) -> None:
    assert console.post(PAGE, {"percent": "6"}).status_code == 400
    assert program.patch(API, {"commission_bps": 600}).status_code == 400
    assert (own_rate(), nothing_told()) == (None, True)


def test_a_rate_that_was_changed_meanwhile_is_shown(console: Client, cloth: Stocked) -> None:
    version = console.get(PAGE).context["version"]
    Shop.objects.update(commission_bps=500)
    answer = console.post(PAGE, {"percent": "6", "version": version, **WHY})
    assert (answer.status_code, own_rate(), nothing_told()) == (409, 500, True)
    assert "Saved meanwhile: “5.00”." in answer.content.decode()
    again = console.post(PAGE, {"percent": "6", "version": answer.context["version"], **WHY})
    assert (again.status_code, own_rate()) == (302, 600)


def test_the_same_rate_again_is_no_change(console: Client, cloth: Stocked) -> None:
    Shop.objects.update(commission_bps=650)
    member(cloth.shop, Role.OWNER)
    assert console.post(PAGE, {"percent": "6.50", **WHY}).status_code == 302
    assert nothing_told()


def test_a_program_reads_and_changes_it(program: Any, cloth: Stocked) -> None:
    read = program.get(API)
    assert read.json()["data"] == {
        "slug": "indigo-fabrics",
        "commission_bps": None,
        "effective_bps": 800,
        "market_bps": 800,
    }
    tag = {"HTTP_IF_MATCH": read["ETag"]}
    changed = program.patch(API, {"commission_bps": 0, **WHY}, **tag)
    assert (changed.status_code, changed.json()["data"]["effective_bps"], own_rate()) == (200, 0, 0)
    stale = program.patch(API, {"commission_bps": 700, **WHY}, **tag)
    assert (stale.status_code, stale.json()["code"], own_rate()) == (412, "version_mismatch", 0)
    assert stale.json()["errors"]["current"]["commission_bps"] == 0
    for wrong in ({}, {"commission_bps": 10_001}, {"commission_bps": -1}, {"commission_bps": "8 %"}):
        assert program.patch(API, {**wrong, **WHY}).status_code == 400
    assert program.patch(API, {"commission_bps": None, **WHY}).status_code == 200
    assert (own_rate(), AuditEntry.objects.count()) == (None, 2)
    assert program.get("/api/v1/operator/shops/nobody/commission/").status_code == 404


def test_owners_and_buyers_cannot(client: Client, cloth: Stocked) -> None:
    owner = member(cloth.shop, Role.OWNER)
    client.force_login(owner)
    assert client.get(PAGE).status_code in {403, 404}
    assert client.post(PAGE, {"percent": "0", **WHY}).status_code in {403, 404}
    assert api(None, owner).patch(API, {"commission_bps": 0, **WHY}).status_code in {403, 404}
    assert own_rate() is None


def test_the_raw_admin_shows_it_and_changes_nothing(client: Client, cloth: Stocked) -> None:
    client.force_login(User.objects.create_superuser("root@kasuwa.test", "a-long-password", name="Root"))
    address = f"/admin/tenants/shop/{cloth.shop.pk}/change/"
    page = client.get(address)
    form = page.context["adminform"].form
    sent = {name: "" if form.initial[name] is None else form.initial[name] for name in form.fields}
    client.post(address, {**sent, "name": "Indigo", "commission_bps": "1", "status": "closed"})
    cloth.shop.refresh_from_db()
    assert (cloth.shop.name, cloth.shop.commission_bps, cloth.shop.status) == ("Indigo", None, "live")
