"""Operators set a shop's days and reserve, hold the money of an order and release it early, each with a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from checkout.orders.shop_orders import get_sub_order
from checkout.releasing.schedule import earned
from console.models import AuditEntry
from payouts.models import ReleaseHold, ReleaseSchedule
from payouts.release.round import run_round
from payouts.release.schedules import schedule_release
from payouts.release.terms import OwnTerms, own_terms
from tests.world.books import make_operator
from tests.world.own_shop import Staffed, api, member, paid_order, staffed

pytestmark = pytest.mark.django_db
ADDRESS = "/operator/shops/indigo/balance/"
API = "/api/v1/operator/shops/indigo/"
TERMS = {"form": "terms", "hold_days": "3", "reserve_percent": "12.5", "reserve_days": "60", "reason": "Many returns."}


@pytest.fixture
def client() -> Client:
    found = Client(HTTP_HOST=settings.BASE_DOMAIN)
    found.force_login(make_operator())
    return found


@pytest.fixture
def mine() -> Staffed:
    """A shop with a delivered order that waits for its day, and one that has not arrived."""
    found = staffed("indigo")
    part = earned(get_sub_order(shop_id=found.shop.pk, number=found.number))
    schedule_release(part=part, delivered_at=timezone.now() - timedelta(days=1), hold_days=30)
    return found


def stored() -> list[object]:
    return [list(ReleaseSchedule.objects.values()), ReleaseHold.objects.count(), AuditEntry.objects.count()]


def test_terms_are_set_reset_and_kept_in_the_log(client: Client, mine: Staffed) -> None:
    assert "as for all shops" in client.get(ADDRESS).text
    page = client.post(ADDRESS, TERMS, follow=True)
    assert own_terms(shop_id=mine.shop.pk) == OwnTerms(3, 1_250, 60)
    assert "days until the release: 3, reserve: 12.5 %, days of the reserve: 60" in page.text
    assert client.post(ADDRESS, {"form": "terms", "reason": "As all others."}).status_code == 302
    assert own_terms(shop_id=mine.shop.pk) == OwnTerms()
    assert AuditEntry.objects.filter(action="shop.money_terms_changed").count() == 2


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"hold_days": "366"}, 422),
        ({"reserve_percent": "101"}, 422),
        ({"reserve_days": "0"}, 422),
        ({"reason": ""}, 422),
        ({"version": "seen-long-ago"}, 409),
    ],
)
def test_wrong_terms_change_nothing(client: Client, mine: Staffed, sent: dict[str, str], status: int) -> None:
    assert client.post(ADDRESS, TERMS | sent).status_code == status
    assert (own_terms(shop_id=mine.shop.pk), AuditEntry.objects.count()) == (OwnTerms(), 0)


def test_an_order_is_held_and_let_go_and_released_early(client: Client, mine: Staffed) -> None:
    def act(name: str) -> str:
        sent = {"form": "order", "number": mine.number, "act": name, "reason": "The sender is unknown."}
        return client.post(ADDRESS, sent, follow=True).text

    assert "No operator holds the money" in act("end_hold")
    assert "The money of this order is held." in act("hold")
    assert "held by an operator already" in act("hold")
    assert "The market holds it: The sender is unknown." in client.get(ADDRESS).text
    assert "released with the next round" in act("release")
    assert run_round(now=timezone.now()).released == 0
    assert "No operator holds the money of this order any more." in act("end_hold")
    assert run_round(now=timezone.now()).released == 1
    assert "is released already" in act("release")
    assert "is released already" in act("hold")
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["shop.money_held", "shop.money_released", "shop.money_hold_ended"]


def test_what_is_no_order_of_the_shop_or_has_not_arrived_changes_nothing(client: Client, mine: Staffed) -> None:
    other, coming = staffed("copper"), paid_order(mine.stocked)
    before = stored()
    for number, act in ((other.number, "hold"), ("KS-NONE-1", "hold"), (coming, "release"), (mine.number, "mood")):
        sent = {"form": "order", "number": number, "act": act, "reason": "The sender is unknown."}
        assert client.post(ADDRESS, sent).status_code == 422
    assert stored() == before


@pytest.fixture
def program() -> Any:
    return api(None, make_operator())


def test_terms_over_the_api_are_those_of_the_page(program: Any, mine: Staffed) -> None:
    address, sent = f"{API}release-terms/", {"hold_days": 3, "reserve_bps": 1_250, "reserve_days": 60}
    seen = program.get(address)
    market = {"hold_days": 7, "reserve_bps": 0, "reserve_days": 90}
    none = {"hold_days": None, "reserve_bps": None, "reserve_days": None}
    assert seen.json()["data"] == none | {"market": market}
    put = program.put(address, sent | {"reason": "Many returns."}, headers={"If-Match": seen["ETag"]})
    assert (put.status_code, put.json()["data"]) == (200, sent | {"market": market})
    assert own_terms(shop_id=mine.shop.pk) == OwnTerms(3, 1_250, 60)
    stale = program.put(address, none | {"reason": "As all others."}, headers={"If-Match": seen["ETag"]})
    assert (stale.status_code, stale.json()["errors"]["current"]["hold_days"]) == (412, 3)
    for wrong in ({"hold_days": 366}, {"reserve_bps": 10_001}, {"reserve_days": 0}, {"reason": ""}, {"hold_days": "x"}):
        refused = program.put(address, sent | {"reason": "Many returns."} | wrong)
        assert (refused.status_code, list(refused.json()["errors"])) == (400, list(wrong))
    assert own_terms(shop_id=mine.shop.pk) == OwnTerms(3, 1_250, 60)
    assert program.put(address, none | {"reason": "As all others."}).status_code == 200
    assert own_terms(shop_id=mine.shop.pk) == OwnTerms()
    entries = AuditEntry.objects.filter(action="shop.money_terms_changed").order_by("pk")
    assert [entry.reason for entry in entries] == ["Many returns.", "As all others."]


def test_holds_over_the_api_are_those_of_the_page(program: Any, mine: Staffed) -> None:
    def act(name: str, number: str = mine.number, key: str = "", **more: Any) -> tuple[str, Any]:
        sent, headers = {"reason": "The sender is unknown."} | more, {"Idempotency-Key": key or str(uuid4())}
        answer = program.post(f"{API}releases/{number}/{name}/", sent, headers=headers).json()
        return answer["status"], answer.get("code") or answer.get("data")

    assert act("end-hold") == ("error", "not_held")
    [held, again] = [act("hold", key="one") for _ in range(2)]
    assert held == again
    assert (held[1]["state"], held[1]["holds"][0]["note"]) == ("held", "The sender is unknown.")
    assert act("hold") == ("error", "already_held")
    [listed] = program.get(f"{API}releases/", {"state": "held"}).json()["data"]["results"]
    assert (listed["order_number"], listed["holds"][0]["reason"]) == (mine.number, "operator")
    assert act("release")[1]["state"] == "held"
    assert run_round(now=timezone.now()).released == 0
    assert act("end-hold")[1]["holds"] == []
    assert run_round(now=timezone.now()).released == 1
    assert act("release") == act("hold") == ("error", "already_released")
    balance = program.get(f"{API}balance/").json()["data"]
    assert (balance["pending_minor"], balance["available_minor"] > 0) == (0, True)
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["shop.money_held", "shop.money_released", "shop.money_hold_ended"]

    other, coming, before = staffed("copper"), paid_order(mine.stocked), stored()
    assert act("release", coming) == ("error", "not_delivered")
    for number in (other.number, "KS-NONE-1"):
        assert {act(name, number)[1] for name in ("hold", "end-hold", "release")} == {"not_found"}
    assert act("hold", coming, reason="")[1] == "invalid"
    assert stored() == before
    owner = api(None, member(mine.shop))
    for name in ("balance/", "release-terms/", "releases/"):
        assert owner.get(f"{API}{name}").status_code == 403
    assert program.get("/api/v1/operator/shops/none/release-terms/").json()["code"] == "shop_not_found"
