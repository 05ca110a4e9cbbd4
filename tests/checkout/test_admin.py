"""Coupons, their uses and waiting rooms in the raw admin: operators look them up, and nobody writes there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client

from checkout.models import OpenedBy, WaitingRoom
from tests.world.books import make_operator
from tests.world.clock import NOW
from tests.world.coupons import buy_with, coupon
from tests.world.market import open_shop, stock

pytestmark = pytest.mark.django_db
TABLES = ("coupon", "couponuse", "couponbuyer", "waitingroom")


@pytest.fixture
def desk(client: Client) -> Client:
    cloth = stock(open_shop("cloth-hall"), price_minor=1_000_000)
    coupon(cloth.shop, uses_per_buyer=2)
    buy_with(cloth.line())
    WaitingRoom.objects.create(
        listing_id=cloth.product_id,
        shop=cloth.shop,
        opens_at=NOW,
        closes_at=NOW + timedelta(hours=1),
        per_minute=30,
        opened_by=OpenedBy.SHOP,
    )
    client.force_login(make_operator())
    return client


@pytest.mark.parametrize("table", TABLES)
def test_operators_look_up_rows_and_change_none(desk: Client, table: str) -> None:
    key = apps.get_model("checkout", table).objects.get().pk
    searched = "cloth" if table == "waitingroom" else "TEN"
    assert f"/{key}/change/" in desk.get(f"/admin/checkout/{table}/?q={searched}").content.decode()
    assert desk.get(f"/admin/checkout/{table}/{key}/change/").status_code == 200
    assert desk.post(f"/admin/checkout/{table}/{key}/change/", {}).status_code == 403
    assert desk.get(f"/admin/checkout/{table}/add/").status_code == 403
    assert desk.post(f"/admin/checkout/{table}/{key}/delete/", {"post": "yes"}).status_code == 403
