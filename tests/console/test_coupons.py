"""Operators keep the platform's coupons: with a reason, in the audit log."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from checkout.models import Coupon
from console.models import AuditEntry
from tests.world.books import make_operator
from tests.world.coupons import buy_with, coupon
from tests.world.market import open_shop, stock

pytestmark = pytest.mark.django_db
LIST = "/operator/coupons/"
FORM = {
    "code": "welcome",
    "kind": "fixed",
    "amount": "1,500",
    "currency_code": "NGN",
    "count": "1",
    "reason": "For the harvest festival",
}


@pytest.fixture
def operator() -> User:
    return make_operator()


@pytest.fixture
def console(client: Client, operator: User) -> Client:
    client.force_login(operator)
    return client


def test_a_coupon_is_made_watched_changed_and_deleted(console: Client, operator: User) -> None:
    cloth = stock(open_shop("cloth-hall"))
    made = console.post(f"{LIST}new/", FORM | {"shops": "cloth-hall"}, follow=True)
    assert "The coupon WELCOME is created." in made.content.decode()
    one = Coupon.objects.get()
    assert (one.shop_id, one.amount_minor, one.currency, one.shops) == (None, 150_000, "NGN", [cloth.shop.pk])
    buy_with(cloth.line(), codes=("WELCOME",))
    assert "₦1,500 off" in console.get(LIST).content.decode()
    page = f"{LIST}{one.pk}/"
    changed = console.post(page, FORM | {"amount": "2,000", "version": console.get(page).context["version"]})
    assert changed.status_code == 302
    one.refresh_from_db()
    assert (one.amount_minor, one.shops) == (200_000, [])
    assert console.post(f"{page}delete/", {"reason": "It is over now"}).status_code == 302
    entries = AuditEntry.objects.order_by("id").values_list("action", "subject", "actor_id")
    assert list(entries) == [
        (action, "coupon:WELCOME", operator.pk) for action in ("coupon.made", "coupon.changed", "coupon.deleted")
    ]


def test_without_a_reason_nothing_is_done(console: Client) -> None:
    refused = console.post(f"{LIST}new/", FORM | {"reason": ""})
    assert refused.status_code == 422
    assert not Coupon.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"currency_code": ""}, "Say in which currency the amount is."),
        ({"shops": "nowhere"}, "There is no shop nowhere."),
        ({"amount": "0"}, "Give an amount above zero."),
    ],
)
def test_refused_values_stand_beside_their_fields(console: Client, values: dict[str, str], text: str) -> None:
    refused = console.post(f"{LIST}new/", FORM | values)
    assert refused.status_code == 422
    assert text in refused.content.decode()


def test_many_codes_come_as_a_file(console: Client) -> None:
    console.post(f"{LIST}new/", FORM | {"code": "PRESS", "count": "12"})
    [head] = set(Coupon.objects.values_list("batch_id", flat=True))
    assert Coupon.objects.filter(batch_id=head, uses_total=1).count() == 12
    file = b"".join(console.get(f"{LIST}{head}/codes.csv")).decode("utf-8-sig")
    assert len(file.splitlines()) == 13


def test_a_shops_coupon_is_not_the_platforms(console: Client) -> None:
    own = coupon(open_shop("cloth-hall"))
    assert console.get(f"{LIST}{own.pk}/").status_code == 404
    assert "TEN" not in console.get(LIST).content.decode()
