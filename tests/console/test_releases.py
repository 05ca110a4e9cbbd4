"""Operators set a shop's days and reserve, hold the money of an order and release it early, each with a reason."""

from __future__ import annotations

from datetime import timedelta

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
from tests.world.own_shop import Staffed, paid_order, staffed

pytestmark = pytest.mark.django_db
ADDRESS = "/operator/shops/indigo/balance/"
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
