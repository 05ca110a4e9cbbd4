"""Addresses, headers and refusals that are the same for every call of the API, on both hosts."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from kit.request_id import RequestIdFilter
from tests.config.test_strict_api import HOSTS, operations
from tests.config.test_strict_bodies import WRONG
from tests.world.factories.people import person
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db
READS = {"get"}
AUTH = "/api/v1/auth"


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    open_shop("cloth-hall")


@pytest.mark.parametrize(("debug", "least"), [(False, 100), (True, 8)])
def test_an_address_without_its_slash_keeps_the_method(debug: bool, least: int, settings: Any) -> None:
    """While debugging, Django's middleware looks at the method alone, and each answer takes a page of its own first."""
    settings.DEBUG = debug
    of_each_method = {(host, method): (host, path, method) for host, path, method, _ in operations()}
    tried = 0
    for host, path, method in of_each_method.values() if debug else [each[:3] for each in operations()]:
        answer = APIClient(HTTP_HOST=host).generic(method.upper(), f"{path[:-1]}?a=%20b&c=1")
        assert answer.status_code == (301 if method in READS else 308), (method, path)
        assert answer.headers["Location"] == f"{path}?a=%20b&c=1"
        tried += 1
    assert tried >= least


def test_a_body_is_sent_again_after_the_redirect(api_client: APIClient) -> None:
    body = {"email": "nobody@example.com", "password": "four harmattan kites"}
    answer = api_client.post(f"{AUTH}/login", body, follow=True)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")


def test_a_redirect_leads_to_no_other_host() -> None:
    for host in HOSTS.values():
        for path in ("//evil.example/api/v1/cart", "/api/v1//evil.example"):
            answer = Client(HTTP_HOST=host).post(path)
            assert not answer.headers.get("Location", "/x").startswith("//")


def test_answers_are_kept_by_nobody_but_those_that_say_so() -> None:
    public = set()
    for host, path, method, _ in operations():
        kept = APIClient(HTTP_HOST=host).generic(method.upper(), path).headers["Cache-Control"]
        if "public" in kept:
            public.add(path)
        else:
            assert "no-store" in kept, (method, path, kept)
    assert all(path.startswith(("/api/v1/listings/", "/api/v1/categories/", "/api/v1/shops/")) for path in public), (
        public
    )


def test_tokens_are_kept_by_nobody(api_client: APIClient) -> None:
    person(email="amina@example.com", password="four harmattan kites")
    answer = api_client.post(f"{AUTH}/login/", {"email": "amina@example.com", "password": "four harmattan kites"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


@pytest.mark.parametrize("host", HOSTS.values())
def test_the_root_names_versions_and_where_they_are_described(host: str) -> None:
    client = Client(HTTP_HOST=host)
    answer = client.get("/api/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    data = answer.json()["data"]
    assert data["versions"] == {settings.SPECTACULAR_SETTINGS["VERSION"]: "/api/v1/"}
    for address in (data["description"], data["docs"]):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("host", HOSTS.values())
@pytest.mark.parametrize(
    "path", ["/api/v2/", "/api/v2/listings/", "/api/v1/", "/api/nothing", "/api/v1/nothing/x/", "/api/%F0%9F%98%80/"]
)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_unknown_addresses_of_the_api_are_answered_in_json(host: str, path: str, method: str) -> None:
    answer = getattr(Client(HTTP_HOST=host), method)(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/json")
    assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG.keys())
def test_a_body_that_cannot_be_read_is_refused_without_words_of_python(api_client: APIClient, body: bytes) -> None:
    answer = api_client.generic("POST", "/api/v1/cart/items/", body, content_type="application/json")  # type: ignore[arg-type]
    assert answer.status_code == 400
    said = answer.json()["message"]
    for word in ("codec", "0x", "char ", "sys.", "dict", "Expecting", "delimiter", "Extra data", "NoneType"):
        assert word not in said


def test_tokens_are_told_apart_by_code() -> None:
    user = person(email="amina@example.com")
    access, refresh = AccessToken.for_user(user), RefreshToken.for_user(user)
    old, old_refresh = AccessToken.for_user(user), RefreshToken.for_user(user)
    for token in (old, old_refresh):
        token.set_exp(from_time=timezone.now() - timedelta(days=30))
    forged = f"{str(access)[:-4]}AAAA"
    for host, path in ((HOSTS["config.urls_platform"], f"{AUTH}/user/"), (HOSTS["config.urls_shop"], "/api/v1/shop/")):
        for token, code in (
            (old, "token_expired"),
            (old_refresh, "token_expired"),
            (refresh, "token_wrong_type"),
            (forged, "token_not_valid"),
            ("ey.ey.ey", "token_not_valid"),
            ("x", "token_not_valid"),
        ):
            answer = APIClient(HTTP_HOST=host, headers={"Authorization": f"Bearer {token}"}).get(path)
            assert (answer.status_code, answer.json()["code"]) == (401, code), (host, token)
            assert "WWW-Authenticate" in answer.headers
    client = APIClient(HTTP_HOST=HOSTS["config.urls_platform"])
    for call in ("token/refresh/", "logout/"):
        for token, code in (
            (old_refresh, "token_expired"),
            (access, "token_wrong_type"),
            ("ey.ey.ey", "token_not_valid"),
        ):
            answer = client.post(f"{AUTH}/{call}", {"refresh": str(token)})
            assert (answer.status_code, answer.json()["code"]) == (401, code), call
    for token, code in (
        (old, "token_expired"),
        (old_refresh, "token_expired"),
        (forged, "token_not_valid"),
        ("ey.ey.ey", "token_not_valid"),
    ):
        answer = client.post(f"{AUTH}/token/verify/", {"token": str(token)})
        assert (answer.status_code, answer.json()["code"]) == (401, code)
    for good in (access, refresh):
        assert client.post(f"{AUTH}/token/verify/", {"token": str(good)}).status_code == 200


@pytest.mark.parametrize("owner", ["x", "", "1 or 1", None, "-1", [1], {}, 10**30])
def test_a_token_that_names_no_owner_of_ours_is_refused(owner: Any) -> None:
    """Signed as ours are: by a key that leaked, or by an earlier release."""
    user = person(email="amina@example.com")
    access, refresh = AccessToken.for_user(user), RefreshToken.for_user(user)
    access["user_id"] = refresh["user_id"] = owner
    client = APIClient(HTTP_HOST=HOSTS["config.urls_platform"])
    for answer in (
        client.get(f"{AUTH}/user/", headers={"Authorization": f"Bearer {access}"}),
        client.post(f"{AUTH}/token/refresh/", {"refresh": str(refresh)}),
        client.post(f"{AUTH}/token/verify/", {"token": str(refresh)}),
        client.post(f"{AUTH}/logout/", {"refresh": str(refresh)}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (401, "token_not_valid")


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", "/api/v1/nothing/"), ("get", "/nowhere/"), ("put", "/api/v1/cart/"), ("get", "/api/v1/a%00")],
)
def test_a_refusals_line_in_the_log_has_its_id(method: str, path: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="django.request"):
        client = Client(HTTP_HOST=HOSTS["config.urls_platform"], headers={"X-Request-ID": "trace-me-12345"})
        answer = getattr(client, method)(path)
    assert answer.headers["X-Request-ID"] == "trace-me-12345"
    lines = [
        record for record in caplog.records if record.name.startswith("django.") and RequestIdFilter().filter(record)
    ]
    assert lines
    assert {line.request_id for line in lines} == {"trace-me-12345"}  # type: ignore[attr-defined]


@pytest.mark.parametrize("host", HOSTS.values())
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/api/v1/nothing/", 404),
        ("get", "/api/v9/", 404),
        ("post", "/api/", 405),
        ("get", "/api/v1/a%00", 400),
    ],
)
def test_a_refusal_names_its_request_in_the_body(host: str, method: str, path: str, status: int) -> None:
    named = Client(HTTP_HOST=host, headers={"X-Request-ID": "trace-me-12345"}).generic(method.upper(), path)
    assert (named.status_code, named.json()["request_id"]) == (status, "trace-me-12345")
    unnamed = Client(HTTP_HOST=host, headers={"X-Request-ID": "not <harmless>"}).generic(method.upper(), path)
    assert unnamed.json()["request_id"] == unnamed.headers["X-Request-ID"] != "not <harmless>"


def test_an_unknown_host_names_the_request_in_its_refusal() -> None:
    answer = Client(HTTP_HOST="no-such-shop.kasuwa.localhost").get("/api/v1/shop/")
    assert (answer.status_code, answer.json()["request_id"]) == (404, answer.headers["X-Request-ID"])
