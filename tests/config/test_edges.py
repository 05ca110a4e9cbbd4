"""Answers of every host at its edges: unknown addresses, the API's readers, the admin's door."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from tests.world.market import open_shop

pytestmark = pytest.mark.django_db
OUTSIDE = ("fonts.googleapis.com", "cdn.redoc.ly", "cdn.jsdelivr.net")


@pytest.mark.parametrize("host", ["kasuwa.localhost", "cloth-hall.kasuwa.localhost"])
def test_readers_of_the_api_load_nothing_from_elsewhere(host: str) -> None:
    open_shop("cloth-hall")
    client = Client(HTTP_HOST=host)
    for path in ("/api/docs/", "/api/redoc/", "/api/redoc/redoc.js"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert not [outside for outside in OUTSIDE if outside in answer.content.decode()], path
        assert "<script>" not in answer.content.decode()[:5000]
    policy = client.get("/api/docs/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "script-src" not in policy


def test_an_unknown_address_of_the_api_is_refused_in_its_envelope(api_client: APIClient, client: Client) -> None:
    answer = api_client.get("/api/v1/nothing/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert set(answer.json()) == {"status", "code", "message", "errors", "request_id"}
    assert api_client.get("/api/v1/listings/?search=%00").json()["code"] == "invalid"
    assert "text/html" in client.get("/nothing/").headers["Content-Type"]


def test_a_failure_of_ours_is_told_in_the_envelope(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("checkout.api.carts.quote_cart", fail)
    client = APIClient(HTTP_HOST="kasuwa.localhost", raise_request_exception=False)
    answer = client.get("/api/v1/cart/")
    assert (answer.status_code, answer.json()["code"]) == (500, "server_error")
    assert "ZeroDivision" not in answer.content.decode()


def test_the_admin_has_no_door_of_its_own(client: Client, buyer: Any) -> None:
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("http://kasuwa.localhost")
    assert "/account/sign-in/" in answer.redirect_chain[-1][0]
    assert client.post("/admin/login/", {"username": "a@b.test", "password": "x"}).status_code == 302
    client.force_login(buyer)
    assert client.get("/admin/", follow=True).status_code == 403
