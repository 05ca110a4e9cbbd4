"""Pages of other origins: those that the setting lists may call every operation of both hosts and read every answer."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from kit.errors import BusyError
from kit.request_id import RequestIdFilter
from kit.web.front import Front
from tests.config.test_strict_api import HOSTS, operations
from tests.world.domains import empty_dns, prove
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db

OURS, OTHER = "https://shop.example.com", "https://rival.example.com"
PLATFORM, SHOP = HOSTS["config.urls_platform"], HOSTS["config.urls_shop"]
ALLOW, EXPOSE = "Access-Control-Allow-Origin", "Access-Control-Expose-Headers"
CREDENTIALS = "Access-Control-Allow-Credentials"
EXPOSED = {
    "X-Cart-Token",
    "ETag",
    "Retry-After",
    "X-Request-ID",
    "Idempotent-Replayed",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
}
SENT = {"Idempotency-Key", "X-Cart-Token", "X-Order-Key", "If-Match", "If-None-Match", "Authorization", "Content-Type"}
LISTINGS = "/api/v1/listings/"


@pytest.fixture(autouse=True)
def _listed(settings: Any) -> None:
    settings.FRONT_END_ORIGINS = frozenset({OURS})


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    open_shop("cloth-hall")


def readable(answer: Any, *, origin: str = OURS) -> bool:
    """Return whether a page of an origin may read an answer and its headers; never with credentials."""
    assert CREDENTIALS not in answer.headers
    if ALLOW not in answer.headers:
        assert EXPOSE not in answer.headers
        return False
    assert answer.headers["Vary"].split(", ").count("Origin") == 1
    assert set(answer.headers[EXPOSE].split(", ")) >= EXPOSED
    return bool(answer.headers[ALLOW] == origin)


def ask(client: Any, path: str, method: str = "POST", *, origin: str = OURS) -> Any:
    """Send a preflight."""
    return client.options(path, headers={"Origin": origin, "Access-Control-Request-Method": method})


def test_every_operation_may_be_called_by_a_listed_origin_and_by_no_other() -> None:
    tried = 0
    for host, path, method, _ in operations():
        client = APIClient(HTTP_HOST=host)
        asked = ask(client, path, method.upper())
        assert (asked.status_code, asked.content, readable(asked)) == (204, b"", True), (method, path)
        assert method.upper() in asked.headers["Access-Control-Allow-Methods"]
        assert set(asked.headers["Access-Control-Allow-Headers"].split(", ")) >= SENT
        assert readable(client.generic(method.upper(), path, headers={"Origin": OURS})), (method, path)

        refused = ask(client, path, method.upper(), origin=OTHER)
        assert not readable(refused)
        assert "Access-Control-Allow-Methods" not in refused.headers
        answer = client.generic(method.upper(), path, headers={"Origin": OTHER})
        assert not readable(answer, origin=OTHER), (method, path)
        assert "Origin" in answer.headers["Vary"]
        tried += 1
    assert tried > 100


@pytest.mark.parametrize(
    "origin",
    ["null", "*", "", f"{OURS}/", f"{OURS}:443", f"{OURS}.evil.example", OURS.upper(), "http://shop.example.com", "x"],
)
def test_an_origin_is_listed_as_a_whole(origin: str) -> None:
    client = APIClient(HTTP_HOST=PLATFORM)
    assert not readable(ask(client, LISTINGS, origin=origin), origin=origin)
    assert not readable(client.get(LISTINGS, headers={"Origin": origin}), origin=origin)


def test_nobody_may_where_nothing_is_listed(settings: Any) -> None:
    settings.FRONT_END_ORIGINS = frozenset()
    client = APIClient(HTTP_HOST=PLATFORM)
    for answer in (ask(client, LISTINGS), client.get(LISTINGS, headers={"Origin": OURS})):
        assert not readable(answer)
        assert "Origin" not in answer.headers["Vary"]


@pytest.mark.parametrize("path", ["/", "/cart/", "/account/sign-in/", "/webhooks/paystack/", "/media/x.webp", "/apix/"])
@pytest.mark.parametrize("host", [PLATFORM, SHOP])
def test_pages_are_read_by_no_other_origin(path: str, host: str) -> None:
    client = Client(HTTP_HOST=host)
    assert not readable(ask(client, path))
    assert not readable(client.get(path, headers={"Origin": OURS}))


def test_a_shops_own_domain_answers_as_its_host_does() -> None:
    empty_dns()
    host = prove(open_shop("pot-house"), "pots.example").host
    client = APIClient(HTTP_HOST=host)
    assert readable(ask(client, "/api/v1/shop/"))
    answer = client.get("/api/v1/shop/", headers={"Origin": OURS})
    assert (answer.status_code, readable(answer)) == (401, True)


def too_many(settings: Any) -> Any:
    settings.SHOP_NON_MEMBER_REQUESTS_PER_MINUTE = 0
    return APIClient(HTTP_HOST=SHOP).get("/api/v1/shop/", headers={"Origin": OURS})


def too_large(_settings: Any) -> Any:
    announced: dict[str, Any] = {"CONTENT_LENGTH": "6000000"}
    return APIClient(HTTP_HOST=PLATFORM).post("/api/v1/cart/items/", {}, headers={"Origin": OURS}, **announced)


def nul(_settings: Any) -> Any:
    return APIClient(HTTP_HOST=PLATFORM).get(f"{LISTINGS}?search=%00", headers={"Origin": OURS})


def no_shop(_settings: Any) -> Any:
    return APIClient(HTTP_HOST="nobody.kasuwa.localhost").get("/api/v1/shop/", headers={"Origin": OURS})


def no_address(_settings: Any) -> Any:
    return APIClient(HTTP_HOST=PLATFORM).get("/api/v1/nowhere/", headers={"Origin": OURS})


def not_json(_settings: Any) -> Any:
    client = APIClient(HTTP_HOST=PLATFORM)
    return client.generic("POST", "/api/v1/cart/items/", "x", content_type="text/plain", headers={"Origin": OURS})


def unknown_parameter(_settings: Any) -> Any:
    return APIClient(HTTP_HOST=PLATFORM).get(f"{LISTINGS}?unheard_of=1", headers={"Origin": OURS})


@pytest.mark.parametrize(
    ("refused", "status"),
    [
        (too_many, 429),
        (too_large, 413),
        (nul, 400),
        (no_shop, 404),
        (no_address, 404),
        (not_json, 415),
        (unknown_parameter, 400),
    ],
)
def test_the_refusals_of_every_middleware_can_be_read(
    refused: Callable[[Any], Any], status: int, settings: Any
) -> None:
    answer = refused(settings)
    assert (answer.status_code, readable(answer)) == (status, True)
    assert answer.json()["request_id"] == answer.headers["X-Request-ID"]


@pytest.mark.parametrize(("error", "status"), [(BusyError(), 503), (RuntimeError("A fault."), 500)])
def test_errors_can_be_read(error: Exception, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("checkout.api.carts.cart_of", fail)
    client = APIClient(HTTP_HOST=PLATFORM, raise_request_exception=False)
    answer = client.get("/api/v1/cart/", headers={"Origin": OURS})
    assert (answer.status_code, readable(answer)) == (status, True)
    assert answer.json()["request_id"] == answer.headers["X-Request-ID"]


class Asked:
    """The head of a request as the server in front of Django has it."""

    def __init__(self, path: str, method: str = "POST", **headers: str) -> None:
        self.path, self.method = path, method
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class Given:
    """The answer that is given to it."""

    status, body = 0, b""

    def response_bytes(self, status: int, headers: Any, body: bytes) -> None:
        self.status, self.headers, self.body = int(status), dict(headers), body


class NoRoom:
    """Threads that have too much to do."""

    waiting = 1_000


@pytest.mark.parametrize(("path", "is_program"), [("/api/v1/cart/", True), ("/cart/", False)])
def test_what_is_refused_ahead_of_django_can_be_read_too(
    path: str, is_program: bool, caplog: pytest.LogCaptureFixture
) -> None:
    front = Front(lambda *_: [], threads=1, waiting=1)
    front._threads = NoRoom()  # type: ignore[assignment]
    given = Given()
    asked: Any = Asked(path, origin=OURS, x_request_id="trace-me-12345")
    logger = logging.getLogger("kit.web.front")
    logger.addFilter(request_ids := RequestIdFilter())
    with caplog.at_level(logging.WARNING, logger="kit.web.front"), pytest.raises(StopIteration):
        front.__rsgi__(asked, given).send(None)  # type: ignore[arg-type]
    logger.removeFilter(request_ids)
    assert (given.status, given.headers["retry-after"], given.headers["x-request-id"]) == (503, "2", "trace-me-12345")
    assert [(line.request_id, "503 busy" in line.getMessage()) for line in caplog.records] == [("trace-me-12345", True)]  # type: ignore[attr-defined]
    assert (given.headers.get(ALLOW) == OURS) is is_program
    if is_program:
        refused = json.loads(given.body)
        assert (refused["code"], refused["request_id"]) == ("busy", "trace-me-12345")
    else:
        assert b"Please try again" in given.body


@pytest.mark.parametrize(("path", "method"), [("/waiting/7/", "GET"), ("/cart/", "POST"), ("/api/v1/cart/", "GET")])
def test_a_browser_asks_again_by_itself_for_a_page_and_for_nothing_else(path: str, method: str) -> None:
    front, given = Front(lambda *_: [], threads=1, waiting=1), Given()
    front._threads = NoRoom()  # type: ignore[assignment]
    with pytest.raises(StopIteration):
        front.__rsgi__(Asked(path, method), given).send(None)  # type: ignore[arg-type]
    assert given.status == 503
    assert given.headers.get("refresh") == ("5" if path == "/waiting/7/" else None)
