"""Cart, checkout and orders over the API."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisConnectionError
from rest_framework.renderers import JSONRenderer
from rest_framework.test import APIClient

from checkout.api.bodies import cart_body
from checkout.cart.store import CartId, read_lines, write_line
from checkout.models import Order, Payment
from checkout.orders.payments import open_payment_urls
from checkout.placing.unpaid_limits import UnpaidLimits
from checkout.pricing.lines import CartLine
from checkout.pricing.reading import read_quote
from checkout.serializers.carts import CartOutput
from checkout.serializers.orders import PlacedOrderOutput
from kit.api.envelope import MomentRenderer
from kit.ids import uuid7
from paystack_sandbox.testing import SandboxProcess
from tests.world.clock import NOW
from tests.world.market import Stocked, open_shop, stock

pytestmark = pytest.mark.django_db
ADDRESS = {
    "name": "Ada Obi",
    "line1": "12 Bode Thomas St",
    "city": "Surulere",
    "state": "Lagos",
    "country": "ng",
    "phone": "+2348012345678",
}


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall", shipping_minor=150_000))


@pytest.fixture
def pot(db: None) -> Stocked:
    return stock(open_shop("pot-house", shipping_minor=90_000), sku="POT-1", price_minor=640_000)


@pytest.fixture(autouse=True)
def _payments(paystack: Any) -> None:
    """Payments are opened at the sandbox."""


def add(client: APIClient, item: Stocked, quantity: int = 1, **headers: str) -> Any:
    body = {"variant_id": str(item.variant_id), "quantity": quantity}
    return client.post("/api/v1/cart/items/", body, headers=headers)


def order(client: APIClient, key: str = "k1", **body: Any) -> Any:
    headers = {"Idempotency-Key": key, **body.pop("headers", {})}
    return client.post(
        "/api/v1/checkout/", {"email": "ada@example.com", "shipping_address": ADDRESS, **body}, headers=headers
    )


def test_a_guest_carries_a_token_from_cart_to_order(api_client: APIClient, cloth: Stocked, pot: Stocked) -> None:
    first = add(api_client, cloth, 2)
    token = first.headers["X-Cart-Token"]
    other = APIClient(HTTP_HOST="kasuwa.localhost")
    second = add(other, pot, 1, **{"X-Cart-Token": token})

    cart = second.json()["data"]
    assert [group["shop"]["slug"] for group in cart["groups"]] == ["cloth-hall", "pot-house"]
    assert cart["total_minor"] == 2 * cloth.price_minor + pot.price_minor + 240_000

    answer = order(other, headers={"X-Cart-Token": token}, expected_total_minor=cart["total_minor"])
    assert answer.status_code == 201
    placed = answer.json()["data"]
    assert placed["status"] == "pending"
    assert placed["total_minor"] == cart["total_minor"]
    assert [part["shop"]["slug"] for part in placed["sub_orders"]] == ["cloth-hall", "pot-house"]
    assert placed["payment_url"].startswith("http")
    assert placed["shipping_address"]["country"] == "NG"
    assert other.get("/api/v1/cart/", headers={"X-Cart-Token": token}).json()["data"]["groups"] == []

    url = f"/api/v1/orders/{placed['number']}/"
    stranger = APIClient(HTTP_HOST="kasuwa.localhost")
    assert stranger.get(url).status_code == 404
    assert stranger.get(url, headers={"X-Order-Key": "guess"}).status_code == 404
    assert stranger.get(url, headers={"X-Order-Key": placed["access_key"]}).status_code == 200


def test_a_forged_cart_token_opens_nobodys_cart(api_client: APIClient, cloth: Stocked) -> None:
    token = add(api_client, cloth).headers["X-Cart-Token"]
    forged = token[:-2] + ("aa" if not token.endswith("aa") else "bb")

    answer = APIClient(HTTP_HOST="kasuwa.localhost").get("/api/v1/cart/", headers={"X-Cart-Token": forged})

    assert answer.json()["data"]["groups"] == []
    assert answer.headers["X-Cart-Token"] != forged


def test_the_same_key_is_the_same_order_and_another_body_is_refused(api_client: APIClient, cloth: Stocked) -> None:
    add(api_client, cloth)
    first = order(api_client, "once")
    again = order(api_client, "once")
    other = order(api_client, "once", email="eve@example.com")

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.json()["data"]["number"] == again.json()["data"]["number"]
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (None, "true")
    assert other.json()["code"] == "idempotency_key_reused"
    assert Order.objects.count() == 1


def test_a_replayed_key_leaves_alone_what_was_put_in_since(api_client: APIClient, cloth: Stocked) -> None:
    add(api_client, cloth, 1)
    first = order(api_client, "once")
    assert add(api_client, cloth, 5).json()["data"]["units"] == 5

    for _ in range(2):
        again = order(api_client, "once")
        assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
        assert again.json() == first.json()
        assert api_client.get("/api/v1/cart/").json()["data"]["units"] == 5
    assert (Order.objects.count(), cloth.level()) == (1, (10, 1))
    assert order(api_client, "twice").status_code == 201
    assert cloth.level() == (10, 6)


def test_a_replayed_key_begins_no_further_payment(api_client: APIClient, cloth: Stocked) -> None:
    add(api_client, cloth, 1)
    order(api_client, "once")
    Payment.objects.update(status="failed")

    again = order(api_client, "once")

    assert (again.status_code, again.json()["data"]["payment_url"]) == (201, "")
    assert Payment.objects.count() == 1


def test_a_basket_that_was_ordered_is_answered_with_its_order(
    api_client: APIClient, cloth: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(api_client, cloth, 2)
    with monkeypatch.context() as patched:
        patched.setattr(UnpaidLimits, "take_ordered", lambda *_: None)  # as after a crash
        number = order(api_client, "first").json()["data"]["number"]

    second = order(api_client, "second")

    assert (second.status_code, second.json()["code"]) == (409, "basket_ordered")
    assert second.json()["errors"] == {"order": number}
    assert (Order.objects.count(), cloth.level()) == (1, (10, 2))
    assert api_client.get("/api/v1/cart/").json()["data"]["groups"] == []


def test_a_redis_that_fails_after_the_commit_does_not_hide_the_order(
    api_client: APIClient, cloth: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: Any, **__: Any) -> bool:
        raise RedisConnectionError

    add(api_client, cloth, 2)
    monkeypatch.setattr(UnpaidLimits, "take_ordered", down)

    answer = order(api_client)

    assert (answer.status_code, answer.json()["data"]["payment_url"][:4]) == (201, "http")


def test_a_checkout_without_a_key_is_refused(api_client: APIClient, cloth: Stocked) -> None:
    add(api_client, cloth)

    answer = api_client.post("/api/v1/checkout/", {"email": "ada@example.com", "shipping_address": ADDRESS})

    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["errors"]
    assert not Order.objects.exists()


@pytest.mark.parametrize("field", ["name", "line1", "city", "state", "country", "phone"])
def test_an_address_without_a_part_is_refused(api_client: APIClient, cloth: Stocked, field: str) -> None:
    add(api_client, cloth)
    address = {name: value for name, value in ADDRESS.items() if name != field}

    answer = order(api_client, shipping_address=address)

    assert answer.status_code == 400
    assert field in answer.json()["errors"]["shipping_address"]


def test_more_than_there_is_cannot_be_put_in(api_client: APIClient, cloth: Stocked) -> None:
    answer = add(api_client, cloth, 11)

    assert (answer.status_code, answer.json()["code"]) == (409, "insufficient_stock")
    assert answer.json()["message"] == "Only 10 left."


def test_a_changed_total_is_refused_with_the_new_one(api_client: APIClient, cloth: Stocked) -> None:
    add(api_client, cloth)
    cloth.set_price(2_000_000)

    answer = order(api_client, expected_total_minor=cloth.price_minor + 150_000)

    assert (answer.status_code, answer.json()["code"]) == (409, "price_changed")
    assert answer.json()["errors"]["total_minor"] == 2_150_000
    cart = api_client.get("/api/v1/cart/").json()["data"]
    assert cart["groups"][0]["lines"][0]["old_unit_price_minor"] == cloth.price_minor


def test_orders_are_their_buyers_alone(api_client: APIClient, cloth: Stocked, buyer: Any, make_user: Any) -> None:
    api_client.force_authenticate(buyer)
    add(api_client, cloth)
    number = order(api_client).json()["data"]["number"]
    stranger = APIClient(HTTP_HOST="kasuwa.localhost")
    stranger.force_authenticate(make_user("eve@example.com"))

    assert [o["number"] for o in api_client.get("/api/v1/orders/").json()["data"]["results"]] == [number]
    assert stranger.get("/api/v1/orders/").json()["data"]["results"] == []
    for method, path in (("get", ""), ("post", "pay/"), ("post", "cancel/")):
        assert getattr(stranger, method)(f"/api/v1/orders/{number}/{path}").status_code == 404
    assert APIClient(HTTP_HOST="kasuwa.localhost").get("/api/v1/orders/").status_code == 401


def test_cancelling_frees_the_stock(api_client: APIClient, cloth: Stocked, buyer: Any) -> None:
    api_client.force_authenticate(buyer)
    add(api_client, cloth, 4)
    number = order(api_client).json()["data"]["number"]

    answer = api_client.post(f"/api/v1/orders/{number}/cancel/")

    assert answer.json()["data"]["status"] == "cancelled"
    assert cloth.level() == (10, 0)
    assert api_client.post(f"/api/v1/orders/{number}/pay/").json()["code"] == "order_not_payable"


def test_the_order_stands_when_the_provider_is_down(api_client: APIClient, cloth: Stocked, settings: Any) -> None:
    settings.PAYSTACK_BASE_URL = "http://127.0.0.1:9"
    add(api_client, cloth)

    answer = order(api_client)

    assert answer.status_code == 201
    assert answer.json()["data"]["payment_url"] == ""
    assert cloth.level() == (10, 1)


def test_an_order_that_the_provider_never_takes_is_undone(
    api_client: APIClient, cloth: Stocked, paystack: SandboxProcess
) -> None:
    add(api_client, cloth, 3)
    paystack.add_fault("not_found", status=400, times=1, match={"path": "/transaction/initialize"})

    refused = order(api_client)

    assert (refused.status_code, refused.json()["code"]) == (422, "payment_refused")
    assert refused.json()["errors"]["reason"] in refused.json()["message"]
    assert (Order.objects.get().status, Payment.objects.get().status) == ("cancelled", "failed")
    assert cloth.level() == (10, 0)
    assert [line["quantity"] for line in api_client.get("/api/v1/cart/").json()["data"]["groups"][0]["lines"]] == [3]
    again = order(api_client)  # with the same key
    assert (again.status_code, cloth.level()) == (201, (10, 3))
    assert again.json()["data"]["payment_url"]
    assert "Idempotent-Replayed" not in again


@pytest.mark.parametrize("status", [401, 403])
def test_an_order_stands_where_the_provider_refuses_our_own_key(
    api_client: APIClient, cloth: Stocked, paystack: SandboxProcess, status: int
) -> None:
    add(api_client, cloth)
    paystack.add_fault("not_found", status=status, times=1, match={"path": "/transaction/initialize"})

    answer = order(api_client)

    assert (answer.status_code, answer.json()["data"]["payment_url"]) == (201, "")
    assert (Order.objects.get().status, cloth.level()) == ("pending", (10, 1))


def test_a_guests_cart_follows_them_in(client: Client, cloth: Stocked, pot: Stocked, buyer: Any) -> None:
    own = CartId.of_user(buyer.pk)
    write_line(own, cloth.line(1))
    for item, quantity in ((cloth, 2), (pot, 1)):
        client.post("/cart/add/", {"variant": str(item.variant_id), "quantity": quantity})

    client.post("/account/sign-in/", {"login": buyer.email, "password": "secret-pass-1"})

    assert {line.variant_id: line.quantity for line in read_lines(own)} == {cloth.variant_id: 3, pot.variant_id: 1}
    assert "Basket" in client.get("/").content.decode()
    client.post("/account/sign-out/")
    assert client.get("/cart/").context["cart"].lines == ()


def test_a_guests_cart_token_shows_what_was_ordered_with_it(api_client: APIClient, cloth: Stocked) -> None:
    token = add(api_client, cloth).headers["X-Cart-Token"]
    number = order(api_client, headers={"X-Cart-Token": token}).json()["data"]["number"]
    url, mine = f"/api/v1/orders/{number}/", APIClient(HTTP_HOST="kasuwa.localhost")
    other = APIClient(HTTP_HOST="kasuwa.localhost")

    assert mine.get(url, headers={"X-Cart-Token": token}).json()["data"]["number"] == number
    assert mine.post(f"{url}pay/", headers={"X-Cart-Token": token}).json()["data"]["payment_url"]
    assert other.get(url, headers={"X-Cart-Token": add(other, cloth).headers["X-Cart-Token"]}).status_code == 404
    assert APIClient(HTTP_HOST="kasuwa.localhost").get(url, headers={"X-Cart-Token": "forged"}).status_code == 404


def test_a_key_that_is_no_key_is_refused(client: Client, api_client: APIClient, cloth: Stocked) -> None:
    add(api_client, cloth)
    number = order(api_client).json()["data"]["number"]

    answer = client.get(f"/orders/{number}/", {"key": "é"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/account/sign-in/?next=/orders/{number}/")


def test_nothing_may_stand_for_what_is_left_out(api_client: APIClient, cloth: Stocked, buyer: Any) -> None:
    api_client.force_authenticate(buyer)
    add(api_client, cloth)
    address = {**ADDRESS, "line2": None, "postcode": None}

    answer = order(api_client, email="", shipping_address=address, billing_address=None, expected_total_minor=None)

    assert answer.status_code == 201, answer.json()
    assert answer.json()["data"]["email"] == buyer.email
    assert answer.json()["data"]["shipping_address"]["line2"] == ""


def test_an_address_that_no_letter_can_have_is_refused(api_client: APIClient, cloth: Stocked) -> None:
    add(api_client, cloth)

    answer = order(api_client, email="a" * 250 + "@example.com")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["email"])
    assert not Order.objects.exists()


def test_a_list_says_where_each_order_can_be_paid(api_client: APIClient, cloth: Stocked, buyer: Any) -> None:
    api_client.force_authenticate(buyer)
    placed = []
    for key in ("k1", "k2"):
        add(api_client, cloth)
        placed.append(order(api_client, key).json()["data"]["payment_url"])

    listed = api_client.get("/api/v1/orders/").json()["data"]["results"]
    assert [row["payment_url"] for row in listed] == placed[::-1]


@pytest.mark.parametrize("status", ["paid", "pending"])
def test_the_same_key_gives_the_order_back_when_it_can_be_paid_no_more(
    api_client: APIClient, cloth: Stocked, status: str
) -> None:
    add(api_client, cloth)
    number = order(api_client).json()["data"]["number"]
    then = timezone.now() - timedelta(hours=1)
    Order.objects.update(
        status=status, paid_at=then if status == "paid" else None, placed_at=then - timedelta(hours=1), expires_at=then
    )

    again = order(api_client)

    assert (again.status_code, again.json()["data"]["number"]) == (201, number)
    assert Order.objects.count() == 1


def test_the_carts_cookie_is_kept_from_plain_http_in_production(
    api_client: APIClient, cloth: Stocked, settings: Any
) -> None:
    settings.SESSION_COOKIE_SECURE = True
    cookie = add(api_client, cloth).cookies["kasuwa_cart"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")


@pytest.mark.parametrize("body", [b"[" * 200_000, b'{"variant_id": "' + b"a" * 2**20 + b'"}'], ids=["deep", "big"])
def test_a_body_beyond_reason_is_refused(api_client: APIClient, body: Any) -> None:
    answer = api_client.generic("POST", "/api/v1/cart/items/", body, content_type="application/json")

    assert answer.status_code in {400, 413}
    assert answer.json()["status"] == "error"


def test_bodies_put_together_by_hand_are_those_that_the_serializers_describe(
    api_client: APIClient, cloth: Stocked, pot: Stocked
) -> None:
    add(api_client, cloth, 2)
    token = add(api_client, pot, 1).headers["X-Cart-Token"]
    pot.set_price(pot.price_minor + 100)
    lines = read_lines(CartId.of_guest(signing.loads(token, salt="checkout.cart")))
    unknown = CartLine(uuid7(), cloth.shop.pk, 1, 5)
    cart = read_quote([*lines, unknown], now=NOW)
    assert JSONRenderer().render(cart_body(cart)) == JSONRenderer().render(CartOutput(cart).data)

    placed = order(api_client, headers={"X-Cart-Token": token}).json()["data"]
    again = order(api_client, headers={"X-Cart-Token": token}).json()["data"]
    stored = Order.objects.prefetch_related("sub_orders__shop").get(number=placed["number"])
    described = PlacedOrderOutput(stored, context={"payment_urls": open_payment_urls([stored.pk])}).data
    described["sub_orders"].sort(key=lambda part: part["number"])
    assert placed == again == json.loads(MomentRenderer().render(described))
