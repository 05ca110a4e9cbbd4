"""Coupons of a cart: over the API and on the pages of basket and checkout, with and without scripts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from checkout.api.coupons import CouponValidateApi
from checkout.cart import store
from checkout.cart.store import CartId
from checkout.models import Coupon, CouponKind, CouponUse, Order
from checkout.pricing.coupons.facts import MOST_CODES
from kit.api.throttling import RateThrottle
from tests.world.coupons import coupon, used
from tests.world.factories.people import person
from tests.world.market import Stocked, open_shop, stock

pytestmark = pytest.mark.django_db
V1 = "/api/v1"
ADDRESS = {
    "name": "Ada Obi",
    "line1": "12 Bode Thomas St",
    "city": "Surulere",
    "state": "Lagos",
    "country": "NG",
    "phone": "+2348012345678",
}
FORM = {"email": "ada@example.com", "request_key": "k1"} | {f"shipping-{name}": each for name, each in ADDRESS.items()}


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"), price_minor=1_000_000)


@pytest.fixture(autouse=True)
def _payments(paystack: Any) -> None:
    """Payments are opened at the sandbox."""


@pytest.fixture
def guest(cloth: Stocked) -> APIClient:
    """A guest's program with one thing in the cart."""
    api = APIClient(HTTP_HOST="kasuwa.localhost")
    body = {"variant_id": str(cloth.variant_id), "quantity": 1}
    token = api.post(f"{V1}/cart/items/", body).headers["X-Cart-Token"]
    api.credentials(HTTP_X_CART_TOKEN=token)
    return api


@pytest.fixture
def browser(client: Client, cloth: Stocked) -> Client:
    """A guest's browser with one thing in the basket."""
    client.post("/cart/add/", {"variant": str(cloth.variant_id), "quantity": 1})
    return client


def add(api: APIClient, code: str) -> Any:
    return api.post(f"{V1}/cart/coupons/", {"code": code})


def check_out(api: APIClient, **body: Any) -> Any:
    asked = {"email": "ada@example.com", "shipping_address": ADDRESS} | body
    return api.post(f"{V1}/checkout/", asked, headers={"Idempotency-Key": "first"}, format="json")


def test_a_coupon_in_the_cart_is_used_by_the_order_and_leaves_the_cart_with_it(
    guest: APIClient, cloth: Stocked
) -> None:
    ten = coupon(cloth.shop, "KANO10")
    added = add(guest, " kano10 ")
    assert added.status_code == 201
    assert added["Location"] == f"{V1}/cart/coupons/KANO10/"
    cart = added.json()["data"]
    assert cart["coupons"] == [
        {
            "code": "KANO10",
            "counts": True,
            "saved": [{"currency": "NGN", "saved_minor": 100_000}],
            "reason": None,
            "message": "",
        }
    ]
    assert cart["amounts"]["discount_minor"] == 100_000
    assert guest.get(f"{V1}/cart/").json()["data"]["total_minor"] == cart["total_minor"] == 1_050_000
    placed = check_out(guest, expected_total_minor=1_050_000)
    assert placed.status_code == 201, placed.json()
    order = placed.json()["data"]
    assert order["total_minor"] == 1_050_000
    [discount] = [each for each in order["adjustments"] if each["kind"] == "discount"]
    assert (discount["label"], discount["funded_by"], discount["amount_minor"], discount["line"]) == (
        "Coupon KANO10",
        "shop",
        -100_000,
        str(cloth.variant_id),
    )
    assert used(ten) == 1
    again = check_out(guest, expected_total_minor=1_050_000)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json()["data"]["number"] == order["number"]
    assert guest.get(f"{V1}/cart/").json()["data"]["coupons"] == []
    assert (used(ten), Order.objects.count()) == (1, 1)


def test_checkout_takes_codes_of_its_own(guest: APIClient, cloth: Stocked) -> None:
    ten = coupon(cloth.shop, "KANO10")
    placed = check_out(guest, coupons=["kano10"])
    assert placed.json()["data"]["discount_minor"] == 100_000
    assert used(ten) == 1


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"is_paused": True}, "paused"),
        ({"starts_at": timezone.now() + timedelta(days=9)}, "not_started"),
        ({"ends_at": timezone.now() - timedelta(days=9)}, "ended"),
        ({"uses_total": 3, "used": 3}, "used_up"),
    ],
)
def test_a_code_that_cannot_count_is_refused_with_its_reason_and_not_kept(
    guest: APIClient, cloth: Stocked, values: dict[str, Any], reason: str
) -> None:
    ten = coupon(cloth.shop, "KANO10")
    Coupon.objects.filter(pk=ten.pk).update(**values)
    refused = add(guest, "KANO10")
    assert refused.status_code == 409
    assert refused.json()["code"] == "coupon_refused"
    assert refused.json()["errors"]["refused"] == [{"code": "KANO10", "reason": reason}]
    assert guest.get(f"{V1}/cart/").json()["data"]["coupons"] == []
    placed = check_out(guest, coupons=["KANO10"])
    assert (placed.status_code, placed.json()["errors"]["refused"][0]["reason"]) == (409, reason)
    assert not Order.objects.exists()


def test_an_unknown_code_and_one_of_a_shop_that_is_not_in_the_basket_are_refused_alike(guest: APIClient) -> None:
    coupon(open_shop("pot-house"), "POTS")
    for code in ("NOPE", "POTS", "'; --", "ẞ" * 40):
        refused = add(guest, code)
        assert refused.json()["errors"]["refused"][0]["reason"] == "unknown", code


def test_a_code_below_its_minimum_is_kept_and_counts_as_soon_as_it_is_reached(guest: APIClient, cloth: Stocked) -> None:
    coupon(cloth.shop, "BIG", minimum_minor=2_000_000)
    [kept] = add(guest, "big").json()["data"]["coupons"]
    assert (kept["reason"], kept["message"]) == (
        "below_minimum",
        "Add goods for another ₦10,000 to use the coupon BIG.",
    )
    more = guest.post(f"{V1}/cart/items/", {"variant_id": str(cloth.variant_id), "quantity": 1})
    [counted] = more.json()["data"]["coupons"]
    assert counted["counts"]
    assert more.json()["data"]["discount_minor"] == 200_000


def test_validate_says_what_it_saves_and_changes_nothing(guest: APIClient, cloth: Stocked) -> None:
    coupon(cloth.shop, "KANO10")
    tried = guest.post(f"{V1}/coupons/validate/", {"code": "kano10"})
    assert tried.status_code == 200
    assert tried.json()["data"]["saved"] == [{"currency": "NGN", "saved_minor": 100_000}]
    unknown = guest.post(f"{V1}/coupons/validate/", {"code": "nope"}).json()["data"]
    assert (unknown["code"], unknown["counts"], unknown["reason"]) == ("NOPE", False, "unknown")
    assert guest.get(f"{V1}/cart/").json()["data"]["coupons"] == []


def test_a_coupon_is_taken_out_in_any_case(guest: APIClient, cloth: Stocked) -> None:
    coupon(cloth.shop, "KANO10")
    add(guest, "KANO10")
    cart = guest.delete(f"{V1}/cart/coupons/kano10/").json()["data"]
    assert (cart["coupons"], cart["discount_minor"]) == ([], 0)
    assert guest.delete(f"{V1}/cart/coupons/kano10/").status_code == 200


def test_a_cart_holds_so_many_codes_and_no_more(guest: APIClient, cloth: Stocked) -> None:
    for number in range(MOST_CODES + 1):
        coupon(cloth.shop, f"CODE-{number}")
    answers = [add(guest, f"CODE-{number}").status_code for number in range(MOST_CODES + 1)]
    assert answers == [201] * MOST_CODES + [409]


def test_public_coupons_are_listed_and_others_are_not(guest: APIClient, cloth: Stocked) -> None:
    coupon(cloth.shop, "SHOWN", is_public=True)
    coupon(cloth.shop, "HIDDEN")
    coupon(cloth.shop, "LATER", is_public=True, starts_at=timezone.now() + timedelta(days=1))
    coupon(None, "MARKET", is_public=True)
    found = guest.get(f"{V1}/coupons/").json()["data"]["results"]
    assert {each["code"]: each["label"] for each in found} == {"SHOWN": "10 % off", "MARKET": "10 % off"}
    of_shop = guest.get(f"{V1}/coupons/?shop=cloth-hall").json()["data"]["results"]
    assert [each["code"] for each in of_shop] == ["SHOWN"]


@pytest.mark.usefixtures("one_minute")
def test_guessing_codes_is_limited(guest: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    rates = {"anon": "600/min", "user": "600/min", "coupons": "3/min"}
    monkeypatch.setattr(RateThrottle, "THROTTLE_RATES", rates)
    monkeypatch.setattr(CouponValidateApi, "throttle_classes", [RateThrottle])
    codes = [guest.post(f"{V1}/coupons/validate/", {"code": f"guess{number}"}).status_code for number in range(5)]
    assert codes == [200] * 3 + [429] * 2


def test_codes_go_with_the_guest_into_their_account() -> None:
    guest, user = CartId.of_guest("g"), CartId.of_user(person().pk)
    store.add_code(guest, "ONE")
    store.add_code(user, "TWO")
    store.merge(source=guest, into=user)
    assert store.read_basket(user).codes == ("ONE", "TWO")
    assert store.read_basket(guest).codes == ()
    store.forget_cart(user)
    assert store.read_basket(user).codes == ()


def test_the_basket_takes_a_coupon_without_scripts_and_shows_the_saving(browser: Client, cloth: Stocked) -> None:
    coupon(cloth.shop, "KANO10")
    page = browser.post("/cart/change/", {"coupon": "kano10", "next": "coupon"}, follow=True).content.decode()
    assert "KANO10" in page
    assert "You save ₦1,000." in page
    assert "₦10,500" in page
    gone = browser.post("/cart/change/", {"remove_coupon": "KANO10"}, follow=True).content.decode()
    assert "KANO10" not in gone


def test_the_basket_says_why_a_coupon_does_not_count(browser: Client, cloth: Stocked) -> None:
    refused = browser.post("/cart/change/", {"coupon": "nope", "next": "checkout"}, follow=True)
    assert refused.redirect_chain[-1][0].startswith("/cart/")
    assert "We don&#x27;t know the coupon NOPE." in refused.content.decode()
    coupon(cloth.shop, "BIG", minimum_minor=2_000_000)
    kept = browser.post("/cart/change/", {"coupon": "big"}, follow=True).content.decode()
    assert "Add goods for another ₦10,000 to use the coupon BIG." in kept


@pytest.mark.parametrize("entered", ["\0", "NO\0PE"])
def test_a_null_character_in_a_coupon_is_an_unknown_coupon_on_every_form(
    browser: Client, cloth: Stocked, entered: str
) -> None:
    for path in (f"/buy/{cloth.variant_id}:2/", "/cart/change/", "/checkout/"):
        page = browser.post(path, FORM | {"coupon": entered}, follow=True)
        assert page.status_code == 200
        assert "We don&#x27;t know the coupon" in page.content.decode()
    assert browser.get("/cart/").context["cart"].coupon_outcomes == ()


def test_checkout_takes_a_coupon_keeps_what_was_entered_and_orders_at_the_new_total(
    browser: Client, cloth: Stocked
) -> None:
    ten = coupon(cloth.shop, "KANO10")
    sent = FORM | {"expected_total_minor": 1_150_000, "coupon": "kano10"}
    page = browser.post("/checkout/", sent)
    shown = page.content.decode()
    assert page.status_code == 200
    assert not Order.objects.exists()
    assert 'value="12 Bode Thomas St"' in shown
    assert "You save ₦1,000." in shown
    assert 'value="1050000"' in shown
    placed = browser.post("/checkout/", FORM | {"expected_total_minor": 1_050_000})
    assert placed.status_code == 302
    assert (Order.objects.get().total_minor, used(ten)) == (1_050_000, 1)


def test_checkout_says_why_a_coupon_is_refused_and_lets_it_be_taken_out(browser: Client, cloth: Stocked) -> None:
    ten = coupon(cloth.shop, "ONCE", uses_per_buyer=1)
    browser.post("/cart/change/", {"coupon": "once"})
    browser.post("/checkout/", FORM | {"expected_total_minor": 1_050_000})
    assert used(ten) == 1
    browser.post("/cart/add/", {"variant": str(cloth.variant_id), "quantity": 1})
    browser.post("/cart/change/", {"coupon": "once"})
    second = FORM | {"request_key": "k2", "expected_total_minor": 1_050_000}
    refused = browser.post("/checkout/", second)
    assert refused.status_code == 409
    assert "You have used the coupon ONCE as often as one buyer may." in refused.content.decode()
    assert 'value="1150000"' in refused.content.decode()
    assert Order.objects.count() == 1
    out = browser.post("/checkout/", second | {"remove_coupon": "ONCE"}).content.decode()
    assert "ONCE" not in out
    assert browser.post("/checkout/", second | {"expected_total_minor": 1_150_000}).status_code == 302


def test_an_order_shows_one_row_for_each_coupon(browser: Client, cloth: Stocked) -> None:
    rug = stock(cloth.shop, sku="RUG", price_minor=1_000_000)
    coupon(None, "MARKET", kind=CouponKind.FIXED, amount_minor=300_000, currency="NGN")
    browser.post("/cart/add/", {"variant": str(rug.variant_id), "quantity": 1})
    browser.post("/cart/change/", {"coupon": "market"})
    browser.post("/checkout/", FORM | {"expected_total_minor": 1_850_000})
    order = Order.objects.get()
    assert CouponUse.objects.get().saved_minor == 300_000
    page = browser.get(order.get_absolute_url()).content.decode()
    assert page.count("Coupon MARKET") == 1
    assert "−₦3,000" in page
