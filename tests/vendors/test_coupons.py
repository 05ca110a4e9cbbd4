"""A shop's coupons on its own host: made, changed, paused, copied, deleted and watched, on pages and over the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from checkout.models import Coupon
from kit.db.roles import as_platform
from tenants.models import Role, Shop, ShopEvent
from tests.world.coupons import buy_with, coupon
from tests.world.factories.catalogue import make_categories
from tests.world.market import Stocked, open_shop, stock
from tests.world.own_shop import api, member, page_client

pytestmark = pytest.mark.django_db
LIST = "/api/v1/coupons/"
TEN = {"code": "kano10", "kind": "percent", "percent_bps": 1_000}


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"), price_minor=1_000_000)


@pytest.fixture
def shop(cloth: Stocked) -> Shop:
    return cloth.shop


@pytest.fixture
def manager(shop: Shop) -> User:
    return member(shop, Role.MANAGER)


@pytest.fixture
def program(shop: Shop, manager: User) -> APIClient:
    return api(shop, manager)


@pytest.fixture
def pages(shop: Shop, manager: User) -> Client:
    return page_client(shop, manager)


def test_a_coupon_is_made_read_changed_and_deleted(program: APIClient, shop: Shop, cloth: Stocked) -> None:
    make_categories()
    body = TEN | {
        "minimum_minor": 500_000,
        "starts_at": "2025-11-01T00:00:00Z",
        "ends_at": "2035-12-24T22:59:59Z",
        "uses_total": 100,
        "uses_per_buyer": 1,
        "products": [str(cloth.product_id)],
        "categories": ["fashion"],
    }
    made = program.post(LIST, body, format="json")
    assert made.status_code == 201, made.json()
    data = made.json()["data"]
    assert made["Location"] == f"{LIST}{data['id']}/"
    assert (data["code"], data["currency"], data["categories"]) == ("KANO10", "NGN", ["fashion"])
    assert data["products"] == [str(cloth.product_id)]
    tag = program.get(made["Location"])["ETag"]
    changed = program.patch(made["Location"], {"is_paused": True}, format="json", headers={"If-Match": tag})
    assert changed.json()["data"]["is_paused"] is True
    stale = program.patch(made["Location"], {"uses_total": 5}, format="json", headers={"If-Match": tag})
    assert stale.status_code == 412
    assert program.get(LIST).json()["data"]["count"] == 1
    assert program.delete(made["Location"]).status_code == 204
    assert program.get(made["Location"]).status_code == 404
    assert program.post(LIST, TEN, format="json").status_code == 201, "the code is free again"
    with as_platform():
        kinds = list(ShopEvent.objects.filter(kind__startswith="coupon.").order_by("id").values_list("kind", flat=True))
    assert kinds == ["coupon.made", "coupon.changed", "coupon.deleted", "coupon.made"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"code": "x"}, "code"),
        ({"code": "a b!"}, "code"),
        ({"percent_bps": None}, "percent_bps"),
        ({"percent_bps": 10_001}, "percent_bps"),
        ({"amount_minor": 5}, "amount_minor"),
        ({"kind": "fixed", "percent_bps": None}, "amount_minor"),
        ({"kind": "free_delivery"}, "percent_bps"),
        ({"minimum_minor": -1}, "minimum_minor"),
        ({"starts_at": "2030-01-02T00:00:00Z", "ends_at": "2030-01-01T00:00:00Z"}, "ends_at"),
        ({"uses_total": 0}, "uses_total"),
        ({"products": ["0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d11"]}, "products"),
        ({"categories": ["nowhere"]}, "categories"),
        ({"currency": "USD"}, "currency"),
    ],
)
def test_what_cannot_be_a_coupon_is_refused_by_field(program: APIClient, body: dict[str, Any], field: str) -> None:
    refused = program.post(LIST, TEN | body, format="json")
    assert refused.status_code == 400
    assert field in refused.json()["errors"]
    with as_platform():
        assert not Coupon.objects.exists()


def test_a_code_is_once_in_a_shop_in_any_case_and_free_in_others(program: APIClient) -> None:
    coupon(open_shop("pot-house"), "KANO10")
    coupon(None, "KANO10")
    assert program.post(LIST, TEN, format="json").status_code == 201
    twice = program.post(LIST, TEN | {"code": "Kano 10"}, format="json")
    assert (twice.status_code, twice.json()["code"]) == (409, "coupon_code_taken")


def test_figures_are_of_orders_that_have_not_ended(program: APIClient, shop: Shop, cloth: Stocked) -> None:
    coupon(shop, "KANO10")
    buy_with(cloth.line(), codes=("KANO10",))
    [data] = program.get(LIST).json()["data"]["results"]
    assert (data["used"], data["revenue_minor"], data["cost_minor"]) == (1, 0, 0)


def test_a_limit_below_the_uses_is_refused(program: APIClient, shop: Shop, cloth: Stocked) -> None:
    ten = coupon(shop, "KANO10")
    for email in ("a@example.com", "b@example.com"):
        buy_with(cloth.line(), codes=("KANO10",), email=email)
    refused = program.patch(f"{LIST}{ten.pk}/", {"uses_total": 1}, format="json")
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["uses_total"])


def test_a_viewer_looks_and_changes_nothing(shop: Shop) -> None:
    ten = coupon(shop, "KANO10")
    viewer = api(shop, member(shop, Role.VIEWER))
    assert viewer.get(LIST).status_code == 200
    assert viewer.post(LIST, TEN, format="json").status_code == 403
    assert viewer.patch(f"{LIST}{ten.pk}/", {"is_paused": True}, format="json").status_code == 403
    assert viewer.delete(f"{LIST}{ten.pk}/").status_code == 403


def test_another_shops_coupon_is_not_there(program: APIClient) -> None:
    other = coupon(open_shop("pot-house"), "POTS")
    assert program.get(f"{LIST}{other.pk}/").status_code == 404
    assert program.patch(f"{LIST}{other.pk}/", {"is_paused": True}, format="json").status_code == 404
    assert program.delete(f"{LIST}{other.pk}/").status_code == 404
    with as_platform():
        other.refresh_from_db()
    assert not other.is_paused


FORM = {"code": "kano10", "kind": "percent", "percent": "7.5", "minimum": "5,000", "count": "1"}


def test_the_page_makes_a_coupon_and_its_copy(pages: Client, cloth: Stocked) -> None:
    made = pages.post("/dashboard/coupons/new/", FORM | {"skus": "TOTE-1"}, follow=True)
    assert "The coupon KANO10 is created." in made.content.decode()
    with as_platform():
        [one] = Coupon.objects.all()
    assert (one.percent_bps, one.minimum_minor, one.products) == (750, 500_000, [str(cloth.product_id)])
    listed = pages.get("/dashboard/coupons/?q=kano").content.decode()
    assert "7.5 % off" in listed
    copy = pages.get(f"/dashboard/coupons/new/?like={one.pk}").content.decode()
    assert 'value="7.5"' in copy
    assert "TOTE-1" in copy
    assert 'value="KANO10"' not in copy


def test_the_page_changes_pauses_and_deletes_a_coupon(pages: Client, shop: Shop) -> None:
    ten = coupon(shop, "KANO10")
    page = f"/dashboard/coupons/{ten.pk}/"
    form = pages.get(page).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {"percent": "20", "categories": []}
    sent |= {"version": pages.get(page).context["version"]}
    assert pages.post(page, sent).status_code == 302
    assert pages.post(page, sent | {"percent": "30"}).status_code == 409, "it was changed since"
    pages.post(f"{page}pause/", {"paused": "1"})
    with as_platform():
        ten.refresh_from_db()
    assert (ten.percent_bps, ten.is_paused) == (2_000, True)
    assert "can’t be used any more" in pages.get(f"{page}delete/").content.decode()
    pages.post(f"{page}delete/")
    assert pages.get(page).status_code == 404


def test_refused_values_stand_beside_their_fields(pages: Client) -> None:
    for values, text in (
        ({"percent": "110"}, "Give a percentage above 0 and up to 100"),
        ({"code": "x"}, "Use 3 to 32 letters"),
        ({"kind": "fixed", "amount": "much"}, "Write it like"),
        ({"skus": "NOPE"}, "No product of yours has the SKU NOPE."),
    ):
        refused = pages.post("/dashboard/coupons/new/", FORM | values)
        assert refused.status_code == 422
        assert text in refused.content.decode()


def test_many_codes_for_one_use_each_come_as_a_file_and_are_one_row(
    pages: Client, program: APIClient, cloth: Stocked
) -> None:
    pages.post("/dashboard/coupons/new/", FORM | {"code": "VIP-", "minimum": "", "count": "40"})
    with as_platform():
        codes = list(Coupon.objects.order_by("pk"))
    assert len({each.code for each in codes}) == 40
    [(limit, head)] = {(each.uses_total, each.batch_id) for each in codes}
    assert limit == 1
    assert program.get(LIST).json()["data"]["count"] == 1
    buy_with(cloth.line(), codes=(codes[7].code,))
    file = b"".join(pages.get(f"/dashboard/coupons/{head}/codes.csv")).decode("utf-8-sig")
    assert file.splitlines()[0] == "Code,Used"
    assert f"{codes[7].code},yes" in file
    assert f"{codes[8].code},no" in file
    pages.post(f"/dashboard/coupons/{head}/pause/", {"paused": "1"})
    with as_platform():
        assert Coupon.objects.filter(is_paused=True).count() == 40


def test_a_coupon_of_some_products_leaves_the_others_alone(cloth: Stocked, shop: Shop) -> None:
    rug = stock(shop, sku="RUG", price_minor=500_000)
    coupon(shop, "KANO10", products=(rug.product_id,))
    assert buy_with(cloth.line(), rug.line(), codes=("KANO10",)).order.discount_minor == 50_000
