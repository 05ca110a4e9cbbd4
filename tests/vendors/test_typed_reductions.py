"""Percentages and times of offers and coupons as they are typed, on pages, over the API and in the services."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from rest_framework.test import APIClient

from accounts.models import User
from checkout.models import AutomaticOffer, Coupon
from kit.errors import InvalidInputError
from kit.text.numbers import parse_percentage
from tenants.models import Role, Shop
from tests.world.books import make_operator
from tests.world.coupons import coupon
from tests.world.market import open_shop, stock
from tests.world.offers import automatic_offer
from tests.world.own_shop import api, member, page_client

pytestmark = pytest.mark.django_db
OFFER = {"name": "Two and one", "kind": "buy_get", "percent": "100", "buys": "2", "gives": "1"}
COUPON = {"code": "kano10", "kind": "percent", "percent": "10", "count": "1"}
PAGES = [("/dashboard/offers/new/", OFFER), ("/dashboard/coupons/new/", COUPON)]
TIMES = ["0001-01-01T00:00", "9999-12-31T23:59", "1999-12-31T23:59", "2101-01-02T00:00"]
SAYS_TIME = "Give a time from the year 2000 up to 2100."
SAYS_PERCENT = "Give a percentage above 0 and up to 100"


@pytest.fixture
def shop(db: None) -> Shop:
    return stock(open_shop("cloth-hall")).shop


@pytest.fixture
def manager(shop: Shop) -> User:
    return member(shop, Role.MANAGER)


@pytest.fixture
def pages(shop: Shop, manager: User) -> Client:
    return page_client(shop, manager)


@pytest.fixture
def program(shop: Shop, manager: User) -> APIClient:
    return api(shop, manager)


@pytest.mark.parametrize("typed", TIMES)
@pytest.mark.parametrize("name", ["starts_at", "ends_at"])
def test_times_far_from_now_are_refused_beside_their_field(
    pages: Client, client: Client, typed: str, name: str
) -> None:
    for page, form in PAGES:
        refused = pages.post(page, form | {name: typed})
        assert refused.status_code == 422
        assert SAYS_TIME in refused.context["form"].errors[name]
    client.force_login(make_operator())
    refused = client.post("/operator/coupons/new/", COUPON | {name: typed, "reason": "For the festival"})
    assert (refused.status_code, refused.context["form"].errors[name]) == (422, [SAYS_TIME])
    assert not Coupon.objects.exists()
    assert not AutomaticOffer.objects.exists()


@pytest.mark.parametrize("kind", ["offers", "coupons"])
def test_times_far_from_now_are_refused_over_the_api_and_by_the_services(
    program: APIClient, shop: Shop, kind: str
) -> None:
    make: Any = automatic_offer if kind == "offers" else coupon
    with pytest.raises(InvalidInputError):
        make(shop, starts_at=datetime(1, 1, 2, tzinfo=UTC))
    kept = make(shop, ends_at=datetime(2100, 1, 1, tzinfo=UTC))
    refused = program.patch(f"/api/v1/{kind}/{kept.pk}/", {"starts_at": "1999-01-01T00:00:00Z"}, format="json")
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["starts_at"])


@pytest.mark.parametrize(
    "typed", ["1e999990", "1e99%", "nan", "sNaN", "Infinity", "-5", "7.555", "7,5", "1_0", "\u0661"]
)
def test_a_percentage_is_a_plain_number_and_refused_at_once(pages: Client, typed: str) -> None:
    start = time.process_time()
    for page, form in PAGES:
        refused = pages.post(page, form | {"percent": typed})
        assert (refused.status_code, SAYS_PERCENT in refused.content.decode()) == (422, True)
    steps = OFFER | {"kind": "spend", "tiers": f"10000: {typed.removesuffix('%')}%"}
    refused = pages.post("/dashboard/offers/new/", steps)
    assert (refused.status_code, SAYS_PERCENT in refused.content.decode()) == (422, True)
    assert time.process_time() - start < 10
    assert not Coupon.objects.exists()
    assert not AutomaticOffer.objects.exists()


@pytest.mark.parametrize(
    ("typed", "bps"), [("10", 1_000), ("7.5", 750), ("7.25 %", 725), ("0.05%", 5), ("100", 10_000), ("", None)]
)
def test_percentages_are_read_to_the_basis_point(typed: str, bps: int | None) -> None:
    assert parse_percentage(typed) == bps
    with translation.override("fr"):
        assert parse_percentage(typed.replace(".", ",")) == bps
