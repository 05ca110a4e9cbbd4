"""Each view says what it takes; everything else is refused before it is read."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from kit.web.body_middleware import REFUSED
from kit.web.body_rules import FILES, PLAIN, rule_for

pytestmark = pytest.mark.django_db

CART = "/api/v1/cart/items/"


@pytest.fixture
def http() -> Client:
    return Client(HTTP_HOST=settings.BASE_DOMAIN)


@pytest.mark.parametrize(
    "path",
    [
        "/dashboard/products/new/",
        "/dashboard/products/import/",
        "/dashboard/settings/profile/",
        "/api/v1/stock-imports/",
        "/api/v1/shop/pictures/",
    ],
)
def test_files_are_taken_where_they_are_expected(path: str) -> None:
    found = rule_for(path)
    assert found is not None
    assert found[0] == FILES


@pytest.mark.parametrize("path", [CART, "/cart/", "/checkout/", "/account/sign-in/", "/api/v1/checkout/"])
def test_files_are_taken_nowhere_else(path: str) -> None:
    found = rule_for(path)
    assert found is not None
    assert found[0] == PLAIN


def test_nothing_is_read_for_an_address_that_leads_nowhere() -> None:
    assert rule_for("/nowhere/") is None


@pytest.mark.parametrize("path", [CART, "/cart/"])
def test_a_body_announced_as_too_large_is_refused_with_413(http: Client, path: str) -> None:
    unread = io.BytesIO(b"x")
    announced: dict[str, Any] = {"CONTENT_LENGTH": "6000000", "wsgi.input": unread}
    answer = http.post(path, b"x", content_type="application/json", **announced)
    assert answer.status_code == 413
    assert unread.tell() == 0


def test_the_servers_word_that_a_body_was_not_read_is_passed_on(http: Client) -> None:
    refused: dict[str, Any] = {REFUSED: 411}
    answer = http.post(CART, b"", content_type="application/json", **refused)
    assert answer.status_code == 411
    assert answer.json()["code"] == "length_required"


def test_a_file_where_none_is_expected_is_refused_and_not_kept(http: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Any] = []
    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryFileUploadHandler.new_file", kept.append)
    upload = io.BytesIO(b"y" * 3_000_000)
    upload.name = "a.txt"
    answer = http.post("/account/sign-in/", {"email": "a@example.com", "file": upload})
    assert answer.status_code == 400
    assert kept == []


def test_the_api_reads_forms_with_files_nowhere_but_where_it_says_so(http: Client) -> None:
    assert http.post(CART, {"variant_id": "x"}).status_code == 415


def test_an_event_without_a_signature_is_refused_by_its_head(http: Client) -> None:
    found = rule_for("/webhooks/paystack/")
    assert found is not None
    rule, parts = found
    assert rule.needs_length
    assert rule.is_welcome is not None
    assert not rule.is_welcome({"content-length": "10"}, parts)
    assert rule.is_welcome({"x-paystack-signature": "any"}, parts)
    assert not rule.is_welcome({"x-paystack-signature": "any"}, {"provider": "nobody"})
    answer = http.post("/webhooks/paystack/", b"{}", content_type="application/json")
    assert answer.status_code == 401


def test_a_refused_upload_of_a_person_is_a_page(http: Client) -> None:
    answer = http.post("/account/sign-in/", b"x", content_type="text/plain", CONTENT_LENGTH="60000000")
    assert answer.status_code == 413
    assert b"Send less at a time" in answer.content
