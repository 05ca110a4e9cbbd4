"""Every door of a shop's own place, tried with every wrong key; the doors are read from the URL configuration."""

import itertools
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone
from django_tenants.utils import schema_context
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from accounts.models import User
from catalogue.models import Product, ProductImage, StockLevel, Variant
from catalogue.services.imports.checking import check_upload
from checkout.fulfilment.models import VendorOrder
from tenants.models import Role, Shop
from tenants.services.members import add_member
from tests.archive_support import export_of
from tests.domains_support import claim_of
from tests.factories.people import person
from tests.vendors_support import Staffed, api, member, page_client, staffed
from vendors import api_urls, urls
from vendors.access import StaffApi

pytestmark = pytest.mark.django_db

OPEN_TO_ALL = {"front-door", "nowhere"}  # a redirect to the market, and a 404
OF_EVERY_MEMBER = {"staff-leave", "member-me"}  # tried in test_vendors_staff
PAGES: list[URLPattern] = [pattern for pattern in urls.urlpatterns if pattern.name not in OPEN_TO_ALL | OF_EVERY_MEMBER]
ENDPOINTS = [
    (pattern, method)
    for pattern in api_urls.urlpatterns
    if pattern.name not in OPEN_TO_ALL | OF_EVERY_MEMBER
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
    if hasattr(pattern.callback.view_class, method.lower())
]
PAGES_OF_A_VIEWER = {"today", "products", "product", "orders", "order", "order-slip", "setup", "setup-preview"}
BODY = {
    "role": "viewer",
    "email": "bola@example.com",
    "on_hand": 0,
    "title": "Taken over",
    "variants": [{"sku": "X", "price_minor": 1}],
}


@pytest.fixture
def own() -> Staffed:
    return staffed("indigo-fabrics")


@pytest.fixture
def other() -> Staffed:
    return staffed("copper-kitchen")


@pytest.fixture
def buyer(db: None) -> User:
    return User.objects.create_user("buyer@kasuwa.test", name="Ada Buyer")


def page_path(pattern: URLPattern, of: Staffed) -> str:
    return f"/{_filled(pattern, of)}"


def api_path(pattern: URLPattern, of: Staffed) -> str:
    return f"/api/v1/{_filled(pattern, of)}"


def _filled(pattern: URLPattern, of: Staffed) -> str:
    """Fill an address with what belongs to a shop; an unknown parameter fails here, and wants a line below."""
    values = {
        "product_id": of.stocked.product_id,
        "variant_id": of.stocked.variant_id,
        "image_id": of.image_id,
        "number": of.number,
        "claim_id": claim_of(of.shop),
        "export_id": export_of(of.shop),
        "member_id": add_member(shop_id=of.shop.pk, user_id=person().pk, role=Role.VIEWER, now=timezone.now()).pk
        if "<int:member_id>" in str(pattern.pattern)
        else 0,
        "invitation_id": UUID(int=1),
        "import_id": import_of(of),
    }
    path = str(pattern.pattern)
    for name, converter in pattern.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower()
        path = path.replace(f"<{'str' if kind == 'string' else kind}:{name}>", str(values[name]))
    assert "<" not in path, path
    return path


def import_of(of: Staffed) -> UUID:
    """A file that somebody of the shop has uploaded and not confirmed."""
    body = f"sku,price\nSECRET-{of.shop.slug},5\n".encode()
    upload = check_upload(
        shop=of.shop, upload=BytesIO(body), file_name="secret.csv", size=len(body), created_by_id=1, now=timezone.now()
    )
    return UUID(str(upload.pk))


def snapshot(shop: Shop) -> list[Any]:
    """Everything of a shop that its pages and API can change."""
    with schema_context(shop.schema_name):
        return [
            list(model.objects.order_by("pk").values())  # type: ignore[attr-defined]
            for model in (Product, Variant, StockLevel, ProductImage, VendorOrder)
        ]


def assert_tells_nothing(response: HttpResponse, of: Staffed, *, asked: str = "") -> None:
    """What was asked for by name may be said back."""
    body = response.content.decode()
    assert not [secret for secret in of.secrets if secret in body and secret not in asked]


def test_every_endpoint_says_what_it_takes() -> None:
    for pattern, method in ENDPOINTS:
        view = pattern.callback.view_class
        assert issubclass(view, StaffApi), pattern.name
        assert method in view.capabilities, (pattern.name, method)
        assert view.permission_classes == StaffApi.permission_classes


def test_pages_are_closed_to_everybody_else(own: Staffed, other: Staffed, buyer: User) -> None:
    before = snapshot(own.shop)
    stranger = member(other.shop)
    clients = [page_client(own.shop, user) for user in (buyer, stranger)]
    token = _with_token(own.shop, _expired(stranger))
    for pattern, method in itertools.product(PAGES, ("get", "post")):
        path = page_path(pattern, own)
        for visitor in (page_client(own.shop), token):
            answer = getattr(visitor, method)(path)
            assert answer.status_code == 302, path
            assert "/account/sign-in/" in answer.headers["Location"], path
        for client in clients:
            answer = getattr(client, method)(path)
            assert answer.status_code == 404, path
            assert_tells_nothing(answer, own)
    assert snapshot(own.shop) == before


def test_a_viewer_looks_and_changes_nothing(own: Staffed) -> None:
    before = snapshot(own.shop)
    desk: Client = page_client(own.shop, member(own.shop, Role.VIEWER))
    for pattern in PAGES:
        path = page_path(pattern, own)
        assert desk.get(path).status_code == (200 if pattern.name in PAGES_OF_A_VIEWER else 403), path
        assert desk.post(path, {"ids": [own.number], "action": "archive"}).status_code in {403, 405}, path
    assert snapshot(own.shop) == before


def test_pages_know_nothing_of_another_shop(own: Staffed, other: Staffed) -> None:
    before = snapshot(other.shop)
    desk = page_client(own.shop, member(own.shop))
    about_one = [pattern for pattern in PAGES if pattern.pattern.converters]
    for pattern, method in itertools.product(about_one, ("get", "post")):
        path = page_path(pattern, other)
        answer = getattr(desk, method)(path)
        assert answer.status_code in {404, 405}, path
        assert_tells_nothing(answer, other, asked=path)
    assert snapshot(other.shop) == before


def test_lists_hold_nothing_of_another_shop(own: Staffed, other: Staffed) -> None:
    owner = member(own.shop)
    for path in ("/dashboard/", "/dashboard/products/", "/dashboard/orders/?status=all", "/dashboard/balance/"):
        assert_tells_nothing(page_client(own.shop, owner).get(path), other)
    for path in ("products/", "vendor-orders/", "balance/entries/", "shop/"):
        answer = api(own.shop, owner).get(f"/api/v1/{path}")
        assert answer.status_code == 200
        assert_tells_nothing(answer, other)


def test_the_api_is_closed_to_everybody_else(own: Staffed, other: Staffed, buyer: User) -> None:
    before = snapshot(own.shop)
    callers: list[tuple[APIClient, int, str]] = [
        (api(own.shop), 401, "not_authenticated"),
        (_with_token(own.shop, _expired(member(own.shop))), 401, "token_not_valid"),
        (_with_token(own.shop, "ey.ey.ey"), 401, "token_not_valid"),
        (api(own.shop, buyer), 403, "not_a_member"),
        (api(own.shop, member(other.shop)), 403, "not_a_member"),
    ]
    viewer = (api(own.shop, member(own.shop, Role.VIEWER)), 403, "role_too_low")
    for pattern, method in ENDPOINTS:
        for client, status, code in [*callers, *([] if method == "GET" else [viewer])]:
            answer = _call(client, method, api_path(pattern, own))
            assert (answer.status_code, answer.json()["code"]) == (status, code), (pattern.name, method)
            assert_tells_nothing(answer, own)
    assert snapshot(own.shop) == before


def test_the_api_knows_nothing_of_another_shop(own: Staffed, other: Staffed) -> None:
    before = snapshot(other.shop)
    client = api(own.shop, member(own.shop))
    for pattern, method in ENDPOINTS:
        if not pattern.pattern.converters:
            continue
        path = api_path(pattern, other)
        answer = _call(client, method, path, format_="multipart" if pattern.name == "product-images" else "json")
        assert answer.status_code == 404, (pattern.name, method)
        assert_tells_nothing(answer, other, asked=path)
    assert snapshot(other.shop) == before


def test_an_accountant_sees_the_balance_and_a_viewer_does_not(own: Staffed) -> None:
    accountant, viewer = member(own.shop, Role.ACCOUNTANT), member(own.shop, Role.VIEWER)
    assert api(own.shop, accountant).get("/api/v1/balance/").status_code == 200
    assert api(own.shop, viewer).get("/api/v1/balance/").status_code == 403
    assert page_client(own.shop, accountant).get("/dashboard/balance/").status_code == 200
    assert "Pending" not in page_client(own.shop, viewer).get("/dashboard/").content.decode()


def test_a_session_writes_over_the_api_only_with_its_csrf_token(own: Staffed) -> None:
    client = APIClient(HTTP_HOST=f"{own.shop.slug}.kasuwa.localhost", enforce_csrf_checks=True)
    client.force_login(member(own.shop))
    assert client.get("/api/v1/shop/").status_code == 200
    answer = client.patch(f"/api/v1/stock/{own.stocked.variant_id}/", {"on_hand": 1})
    assert answer.status_code == 403
    assert own.stocked.level() == (9, 0)


def test_addresses_that_lead_nowhere_answer_in_the_api_s_form(own: Staffed) -> None:
    for path in ("nowhere/", "products/not-an-id/", "stock/1/"):
        answer = api(own.shop).get(f"/api/v1/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def _call(client: APIClient, method: str, path: str, *, format_: str = "json") -> Any:
    send: Callable[..., Any] = getattr(client, method.lower())
    if method == "GET":
        return send(path)
    if format_ == "multipart":
        from tests.factories.catalogue import picture

        upload = picture()
        upload.name = "tote.jpg"
        return send(path, {"image": upload}, format="multipart")
    return send(path, BODY, format="json")


def _expired(user: User) -> str:
    token = AccessToken.for_user(user)
    token.set_exp(from_time=timezone.now() - timedelta(days=1))
    return str(token)


def _with_token(shop: Shop, token: str) -> APIClient:
    client = api(shop)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client
