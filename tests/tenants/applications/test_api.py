"""Applying for a shop over the API: by a guest with a key, or by somebody who has signed in."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from accounts.models import User
from tenants.models import ApplicationDocument, ShopApplication
from tests.world.applications import BANK, BUSINESS, NUMBER, PDF, REQUESTED_SHOP, complete, started

pytestmark = pytest.mark.django_db
BASE = "/api/v1/applications/"


def data(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return answer.json()["data"]


def code(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.content
    return str(answer.json()["code"])


def paper(content: bytes = PDF) -> dict[str, Any]:
    return {"kind": "identity", "file": SimpleUploadedFile("passport.pdf", content)}


def test_a_guest_applies_with_a_key(paystack: Any, api_client: APIClient) -> None:
    begun = data(api_client.post(BASE, REQUESTED_SHOP), 201)
    assert begun["missing"].keys() == {"business", "documents", "account"}
    own = f"{BASE}{begun['id']}/"
    assert code(api_client.get(own), 404) == "application_not_found"
    api_client.credentials(HTTP_X_APPLICATION_KEY=begun["access_key"])
    assert data(api_client.patch(own, {"business": BUSINESS}))["legal_name"] == "Folasade Bakare"
    document = data(api_client.post(f"{own}documents/", paper(), format="multipart"), 201)
    account = data(api_client.put(f"{own}account/", {"bank_code": BANK, "number": NUMBER}))
    assert (account["account_status"], account["account_number"], account["missing"]) == ("resolved", "•••• 6789", {})
    file = api_client.get(f"{own}documents/{document['id']}/")
    assert b"".join(file.streaming_content) == PDF  # type: ignore[attr-defined]
    sent = data(api_client.post(f"{own}submit/", {"message": "Thank you."}))
    assert (sent["status"], sent["history"][-1]["message"]) == ("submitted", "Thank you.")
    assert code(api_client.post(f"{own}submit/", {}), 409) == "application_closed"
    assert code(api_client.patch(own, {"business": BUSINESS}), 409) == "application_closed"
    assert code(api_client.delete(f"{own}documents/{document['id']}/"), 409) == "application_closed"
    assert ShopApplication.objects.get().entries.count() == 2


def test_who_has_signed_in_needs_no_key(api_client: APIClient) -> None:
    person = User.objects.create_user("ada@example.com")
    api_client.credentials(HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(person)}")
    begun = data(api_client.post(BASE, REQUESTED_SHOP), 201)
    assert begun["access_key"] == ""
    assert [each["id"] for each in data(api_client.get(BASE))] == [begun["id"]]
    assert data(api_client.post(f"{BASE}{begun['id']}/withdraw/"))["status"] == "withdrawn"


@pytest.mark.parametrize(
    ("change", "status", "expected"),
    [
        ({"slug": "x"}, 400, "invalid_slug"),
        ({"slug": "operator"}, 409, "reserved_slug"),
        ({"country": "XX"}, 400, "invalid"),
        ({"currency": "EUR"}, 400, "invalid"),
        ({"email": "nobody"}, 400, "invalid"),
    ],
)
def test_shops_that_cannot_be_requested(
    api_client: APIClient, change: dict[str, str], status: int, expected: str
) -> None:
    assert code(api_client.post(BASE, REQUESTED_SHOP | change), status) == expected
    assert not ShopApplication.objects.exists()


def test_a_change_of_both_steps_is_made_whole_or_not_at_all(api_client: APIClient) -> None:
    application = started()
    api_client.credentials(HTTP_X_APPLICATION_KEY=application.access_key)
    body = {"shop": REQUESTED_SHOP | {"shop_name": "Renamed"}, "business": BUSINESS | {"kind": "company"}}
    assert code(api_client.patch(f"{BASE}{application.pk}/", body), 400) == "invalid"
    application.refresh_from_db()
    assert (application.shop_name, application.kind) == ("Oshogbo Batik", "")


@pytest.mark.parametrize("name", ["shop", "wish"])
def test_the_requested_shop_is_changed_by_its_name_of_today_and_of_the_first_release(
    api_client: APIClient, name: str
) -> None:
    application = started()
    api_client.credentials(HTTP_X_APPLICATION_KEY=application.access_key)
    data(api_client.patch(f"{BASE}{application.pk}/", {name: REQUESTED_SHOP | {"shop_name": "Renamed"}}), 200)
    application.refresh_from_db()
    assert application.shop_name == "Renamed"


def test_refusals_leave_nothing_behind(paystack: Any, api_client: APIClient) -> None:
    application = started()
    own = f"{BASE}{application.pk}/"
    api_client.credentials(HTTP_X_APPLICATION_KEY=application.access_key)
    assert code(api_client.post(f"{own}submit/", {}), 409) == "application_incomplete"
    assert code(api_client.post(f"{own}documents/", paper(b"MZ"), format="multipart"), 400) == "document_refused"
    account = f"{own}account/"
    assert code(api_client.put(account, {"bank_code": BANK, "number": "0000000404"}), 400) == "account_not_found"
    assert code(api_client.put(account, {"bank_code": "nope", "number": NUMBER}), 400) == "unknown_bank"
    application.refresh_from_db()
    assert (application.status, application.account_state) == ("draft", "missing")
    assert not ApplicationDocument.objects.exists()


def test_banks_are_listed_once_and_remembered(paystack: Any, api_client: APIClient) -> None:
    first = data(api_client.get("/api/v1/banks/?currency=GHS"))
    paystack.add_fault("server_error", times=None, match={"path": "/bank"})
    assert data(api_client.get("/api/v1/banks/?currency=ghs")) == first
    assert {bank["currency"] for bank in first} == {"GHS"}
    assert code(api_client.get("/api/v1/banks/?currency=NGN"), 503) == "bank_silent"
    assert code(api_client.get("/api/v1/banks/?currency=EUR"), 400) == "invalid"


def test_nobody_else_reaches_an_application(paystack: Any, api_client: APIClient) -> None:
    person = User.objects.create_user("ada@example.com")
    own, guests = complete(applicant_id=person.pk), started(slug="another-batik")
    [document] = own.documents.all()
    stranger = APIClient(HTTP_HOST="kasuwa.localhost")
    stranger.credentials(
        HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(User.objects.create_user('other@example.com'))}",
        HTTP_X_APPLICATION_KEY=own.access_key,
    )
    before = list(ShopApplication.objects.order_by("pk").values())
    for caller in (api_client, stranger):
        for application in (own, guests):
            base = f"{BASE}{application.pk}/"
            calls = [
                caller.get(base),
                caller.patch(base, {"business": BUSINESS}),
                caller.put(f"{base}account/", {"bank_code": BANK, "number": NUMBER}),
                caller.post(f"{base}submit/", {}),
                caller.post(f"{base}withdraw/"),
                caller.post(f"{base}documents/", paper(), format="multipart"),
                caller.get(f"{base}documents/{document.pk}/"),
                caller.delete(f"{base}documents/{document.pk}/"),
            ]
            assert {answer.status_code for answer in calls} == {404}
            assert not any("Batik" in answer.content.decode() for answer in calls)
        assert data(caller.get(BASE)) == []
    assert list(ShopApplication.objects.order_by("pk").values()) == before
    assert ApplicationDocument.objects.count() == 1
