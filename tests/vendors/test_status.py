"""Pages and API of a shop's staff in each status."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from catalogue.capabilities import MANAGE_PRODUCTS, MANAGE_STOCK
from checkout.capabilities import FULFIL_ORDERS
from tenants.access import Capability, all_capabilities
from tenants.capabilities import MANAGE_STATUS
from tenants.life import closing
from tenants.life import transitions as lifecycle
from tenants.life.lifecycle import allows
from tenants.life.schedule import follow_the_calendar
from tenants.models import Role, Shop, ShopEvent, ShopStatus
from tests.world.own_shop import Staffed, api, member, page_client, staffed

pytestmark = pytest.mark.django_db
URL = "/dashboard/settings/status/"
API = "/api/v1/status/"


@pytest.fixture
def own() -> Staffed:
    return staffed("indigo-fabrics")


def status_of(own: Staffed) -> str:
    return str(Shop.objects.get(pk=own.shop.pk).status)


def put(own: Staffed, status: ShopStatus) -> None:
    Shop.objects.filter(pk=own.shop.pk).update(status=status, status_note="Sells fakes")
    from tenants.shops.profile import forget_hosts

    forget_hosts(shop_id=own.shop.pk, slug=own.shop.slug)


def soon(days: int = 7) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def test_a_holiday_on_the_page(own: Staffed) -> None:
    client = page_client(own.shop, member(own.shop))
    assert "Go on holiday" in client.get(URL).content.decode()
    refused = client.post(f"{URL}holiday/", {"returns_on": soon(0)})
    assert (refused.status_code, status_of(own)) == (422, "live")
    assert "Choose a day after today." in refused.content.decode()
    done = client.post(f"{URL}holiday/", {"returns_on": soon(), "note": "At the festival"}, follow=True)
    text = done.content.decode()
    assert status_of(own) == "holiday"
    assert "Buyers read: At the festival" in text
    assert "On holiday, back on" in text
    assert "On holiday, back on" in client.get("/dashboard/").content.decode()
    client.post(f"{URL}holiday/end/")
    assert status_of(own) == "live"
    assert [event.actor is not None for event in ShopEvent.objects.all()] == [True, True]
    assert "At the festival" in client.get(URL).content.decode()


def test_a_holiday_over_the_api(own: Staffed) -> None:
    client = api(own.shop, member(own.shop, Role.MANAGER))
    assert client.get(API).json()["data"]["status"] == "live"
    bad = client.post(f"{API}holiday/", {"returns_on": soon(0)}, format="json")
    fault = {"code": "not_in_time", "message": "Choose a day after today."}
    assert (bad.status_code, bad.json()["errors"]) == (400, {"returns_on": [fault]})
    away = client.post(f"{API}holiday/", {"returns_on": soon(), "note": "Away"}, format="json").json()["data"]
    assert (away["status"], away["returns_on"], away["note"]) == ("holiday", soon(), "Away")
    again = client.post(f"{API}holiday/", {}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "shop_status")
    assert client.delete(f"{API}holiday/").json()["data"]["status"] == "live"


def test_closing_asks_for_the_shops_name(own: Staffed) -> None:
    client = page_client(own.shop, member(own.shop))
    page = client.get(f"{URL}close/").content.decode()
    assert "1 at the moment" in page
    refused = client.post(f"{URL}close/", {"shop_name": "Another"})
    assert (refused.status_code, status_of(own)) == (422, "live")
    assert "Type the shop’s name as it is: Indigo Fabrics." in refused.content.decode()
    client.post(f"{URL}close/", {"shop_name": "indigo  fabrics", "closes_on": soon()})
    planned = Shop.objects.get(pk=own.shop.pk)
    assert planned.closes_at is not None
    assert timezone.localtime(planned.closes_at).time().isoformat() == "00:00:00"
    assert "Closing on" in client.get("/dashboard/").content.decode()
    client.post(f"{URL}close/cancel/")
    assert Shop.objects.get(pk=own.shop.pk).closes_at is None
    client.post(f"{URL}close/", {"shop_name": "Indigo Fabrics"})
    assert status_of(own) == "closing"
    assert "1 order is left to finish" in client.get("/dashboard/").content.decode()
    client.post(f"{URL}close/cancel/")
    assert status_of(own) == "live"


def test_closing_and_reopening_over_the_api(own: Staffed) -> None:
    client = api(own.shop, member(own.shop))
    wrong = client.post(f"{API}closure/", {"shop_name": "x"}, format="json")
    assert (wrong.status_code, list(wrong.json()["errors"]), status_of(own)) == (400, ["shop_name"], "live")
    body = client.post(f"{API}closure/", {"shop_name": "Indigo Fabrics"}, format="json").json()["data"]
    assert (body["status"], body["orders_left"]) == ("closing", 1)
    assert client.delete(f"{API}closure/").json()["data"]["status"] == "live"
    put(own, ShopStatus.CLOSED)
    assert client.post(f"{API}reopening/").json()["data"]["status"] == "draft"


def test_only_owners_close_and_managers_pause(own: Staffed) -> None:
    manager = member(own.shop, Role.MANAGER)
    assert page_client(own.shop, manager).post(f"{URL}close/", {"shop_name": "Indigo Fabrics"}).status_code == 403
    assert api(own.shop, manager).post(f"{API}closure/", {"shop_name": "Indigo Fabrics"}).status_code == 403
    assert status_of(own) == "live"
    assert "Close the shop for good" not in page_client(own.shop, manager).get(URL).content.decode()
    page_client(own.shop, manager).post(f"{URL}holiday/")
    assert status_of(own) == "holiday"


CHANGES: list[tuple[str, str, dict[str, Any], Capability]] = [
    ("POST", "/dashboard/products/new/", {"title": "X"}, MANAGE_PRODUCTS),
    ("POST", f"{URL}holiday/", {}, MANAGE_STATUS),
    ("POST", "/api/v1/products/", {"title": "X"}, MANAGE_PRODUCTS),
    ("POST", "/api/v1/status/holiday/", {}, MANAGE_STATUS),
    ("PATCH", "/api/v1/stock/{variant}/", {"on_hand": 3}, MANAGE_STOCK),
    ("POST", "/api/v1/vendor-orders/{number}/pack/", {}, FULFIL_ORDERS),
    ("POST", "/dashboard/orders/{number}/pack/", {}, FULFIL_ORDERS),
]
REFUSED = {ShopStatus.SUSPENDED: (403, "shop_suspended"), ShopStatus.CLOSING: (409, "shop_closed")}


@pytest.mark.parametrize("status", [ShopStatus.SUSPENDED, ShopStatus.CLOSING, ShopStatus.CLOSED])
@pytest.mark.parametrize(("method", "path", "body", "capability"), CHANGES)
def test_a_status_refuses_changes_on_pages_and_over_the_api(  # noqa: PLR0917 - one case
    own: Staffed, method: str, path: str, body: dict[str, Any], capability: Capability, status: ShopStatus
) -> None:
    put(own, status)
    before = (own.stocked.level(), status_of(own))
    address = path.format(variant=own.stocked.variant_id, number=own.number)
    is_api = path.startswith("/api/")
    who = member(own.shop)
    client: Any = api(own.shop, who) if is_api else page_client(own.shop, who)
    answer = client.generic(method, address, *_encoded(body, is_api=is_api))
    if allows(status, capability):
        assert answer.status_code < 400, answer.content
        return
    wanted, code = REFUSED.get(status, (409, "shop_closed"))
    assert answer.status_code == wanted
    assert (answer.json()["code"] == code) if is_api else (b"Not possible now" in answer.content)
    assert (own.stocked.level(), status_of(own)) == before


def _encoded(body: dict[str, Any], *, is_api: bool) -> tuple[str, str]:
    import json
    from urllib.parse import urlencode

    return (json.dumps(body), "application/json") if is_api else (urlencode(body), "application/x-www-form-urlencoded")


@pytest.mark.parametrize("status", [status for status in ShopStatus if status != ShopStatus.DELETED])
@pytest.mark.parametrize(
    "path",
    ["/dashboard/", "/dashboard/products/", "/dashboard/orders/", "/dashboard/balance/", URL, API, "/api/v1/products/"],
)
def test_everything_can_be_read_in_every_status(own: Staffed, status: ShopStatus, path: str) -> None:
    put(own, status)
    who = member(own.shop)
    client: Any = api(own.shop, who) if path.startswith("/api/") else page_client(own.shop, who)
    assert client.get(path).status_code == 200


def test_every_status_has_a_row_and_a_closed_shop_changes_nothing_of_itself() -> None:
    changeable = {
        status: {capability.name for capability in all_capabilities() if allows(status, capability)}
        for status in ShopStatus
    }
    everything = {capability.name for capability in all_capabilities()}
    after_sales = {
        *("fulfil_orders", "cancel_orders", "refund_orders", "answer_messages", "manage_profile", "manage_staff"),
        "answer_disputes",
    }
    own_data = {"export_data", "leave_shop"}
    assert changeable == {
        "draft": everything,
        "live": everything,
        "holiday": everything,
        "suspended": after_sales | own_data,
        "closing": after_sales | own_data | {"close_shop", "manage_bank_account", "request_payout"},
        "closed": own_data | {"close_shop"},
        "deleted": set(),
    }


def test_a_suspended_shop_reads_why_and_that_payouts_are_held(own: Staffed) -> None:
    lifecycle.suspend_shop(shop_id=own.shop.pk, actor_id=None, reason="Sells fakes", now=timezone.now())
    who = member(own.shop)
    client = page_client(own.shop, who)
    assert "Sells fakes." in client.get("/dashboard/").content.decode()
    assert "Payouts are held" in client.get("/dashboard/balance/").content.decode()
    assert api(own.shop, who).get("/api/v1/balance/").json()["data"]["is_held"] is True
    assert api(own.shop, who).get(API).json()["data"]["is_paid_out"] is False


@time_machine.travel(datetime(2026, 3, 2, 9, 30, tzinfo=UTC), tick=False)
def test_the_calendar_ends_holidays_and_begins_and_finishes_closures(own: Staffed) -> None:
    now = timezone.now()
    lifecycle.start_holiday(shop_id=own.shop.pk, actor_id=None, returns_on=date(2026, 3, 9), now=now)
    follow_the_calendar(now=datetime(2026, 3, 8, 22, 59, tzinfo=UTC))
    assert status_of(own) == "holiday"
    follow_the_calendar(now=datetime(2026, 3, 8, 23, 0, tzinfo=UTC))  # midnight in Lagos
    assert status_of(own) == "live"
    at = datetime(2026, 3, 20, tzinfo=UTC)
    closing.schedule_closure(shop_id=own.shop.pk, closes_at=at, actor_id=None, reason="", now=now)
    follow_the_calendar(now=at - timedelta(seconds=1))
    assert status_of(own) == "live"
    follow_the_calendar(now=at)
    assert status_of(own) == "closing"
    follow_the_calendar(now=at + timedelta(hours=1))
    assert status_of(own) == "closing"  # an order is open
    from checkout.models import SubOrder

    SubOrder.objects.update(status="delivered")
    follow_the_calendar(now=at + timedelta(hours=2))
    assert status_of(own) == "closed"
    assert follow_the_calendar(now=at + timedelta(hours=3)) == 0
