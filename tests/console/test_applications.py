"""Operators decide on applications: the queue, the papers, the decision, the audit log."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from accounts.models import User
from console.models import AuditEntry
from tenants.applications.services.submission import submit_application
from tenants.models import Shop, ShopApplication
from tests.world.applications import add_paper, complete, started, submitted
from tests.world.clock import NOW
from tests.world.factories.people import person

pytestmark = pytest.mark.django_db
QUEUE = "/operator/applications/"
API = "/api/v1/operator/applications/"
ACTS = {
    "approve": {"note": ""},
    "ask": {"ask-message": "The scan is blurred."},
    "refuse": {"refuse-message": "No, sorry."},
}


@pytest.fixture
def judge() -> User:
    return person(email="operator@kasuwa.test", name="Ngozi Operator", is_operator=True)


@pytest.fixture
def console(client: Client, judge: User) -> Client:
    client.force_login(judge)
    return client


@pytest.fixture
def caller(api_client: APIClient, judge: User) -> APIClient:
    api_client.credentials(HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(judge)}")
    return api_client


def state() -> list[Any]:
    return [list(ShopApplication.objects.order_by("pk").values()), Shop.objects.count(), AuditEntry.objects.count()]


def test_the_queue_holds_who_waits_the_longest_first(paystack: Any, console: Client) -> None:
    started(shop_name="Not sent", slug="not-sent")
    submitted(shop_name="Zebra Prints", slug="zebra-prints")
    submitted(shop_name="Akwa Ibom Raffia", slug="akwa-raffia")
    text = console.get(QUEUE).content.decode()
    assert text.index("Zebra Prints") < text.index("Akwa Ibom Raffia")
    assert "Not sent" not in text
    overview = console.get("/operator/").content.decode()
    assert "One of 2 applications to open a shop" in overview
    assert console.get(f"{QUEUE}?status=refused").context["applications"].count() == 0
    assert "Akwa Ibom Raffia" in console.get(f"{QUEUE}?q=akwa").content.decode()


def test_an_operator_sees_everything_but_the_number(paystack: Any, console: Client) -> None:
    application = submitted()
    [document] = application.documents.all()
    page = console.get(f"{QUEUE}{application.pk}/").content.decode()
    for shown in ("Folasade Bakare", "4 Station Road", "passport.pdf", application.account_name, "•••• 6789"):
        assert shown in page
    assert application.account_number not in page
    assert console.get(f"{QUEUE}{application.pk}/documents/{document.pk}/").status_code == 200


def test_what_is_not_sent_is_the_applicants_alone(paystack: Any, console: Client, caller: APIClient) -> None:
    application = complete()
    [document] = application.documents.all()
    for address in (f"{application.pk}/", f"{application.pk}/documents/{document.pk}/"):
        assert console.get(QUEUE + address).status_code == 404
        assert caller.get(API + address).status_code == 404


@pytest.mark.parametrize(
    ("act", "outcome"),
    [
        ("approve", ("approved", "application.approved")),
        ("ask", ("more_needed", "application.returned")),
        ("refuse", ("refused", "application.refused")),
    ],
)
def test_a_decision_is_made_once_and_written_down(
    paystack: Any, console: Client, judge: User, act: str, outcome: tuple[str, str]
) -> None:
    application = submitted()
    console.post(f"{QUEUE}{application.pk}/{act}/", ACTS[act])
    application.refresh_from_db()
    [entry] = AuditEntry.objects.all()
    assert (application.status, entry.action) == outcome
    assert (entry.actor, entry.subject) == (judge, f"application:{application.pk}")
    before = state()
    for again, said in ACTS.items():
        answer = console.post(f"{QUEUE}{application.pk}/{again}/", said, follow=True)
        assert "not waiting for a decision" in answer.content.decode()
    assert state() == before
    assert f"{QUEUE}{application.pk}/" in console.get("/operator/audit-log/").content.decode()


@pytest.mark.parametrize("act", ["ask", "refuse"])
def test_a_decision_without_words_is_refused(paystack: Any, console: Client, act: str) -> None:
    application = submitted()
    before = state()
    answer = console.post(f"{QUEUE}{application.pk}/{act}/", {})
    assert answer.status_code == 400
    assert f'id="id_{act}-message_error"' in answer.content.decode()
    assert state() == before


def test_the_bank_is_asked_again_by_hand(paystack: Any, console: Client) -> None:
    application = submitted()
    ShopApplication.objects.update(account_state="unchecked", account_name="")
    answer = console.post(f"{QUEUE}{application.pk}/check-account/", follow=True)
    assert "Confirmed by the bank" in answer.content.decode()


def test_self_service_is_written_down_without_an_operator(paystack: Any, settings: LazySettings) -> None:
    settings.SHOP_SELF_SERVICE_APPROVAL = True
    application = submitted()
    [entry] = AuditEntry.objects.all()
    assert (entry.actor, entry.subject) == (None, f"application:{application.pk}")
    assert "SHOP_SELF_SERVICE_APPROVAL" in entry.reason


def test_nobody_else_decides(paystack: Any, api_client: APIClient) -> None:
    application = submitted()
    [document] = application.documents.all()
    buyer = User.objects.create_user("buyer@example.com")
    before = state()
    pages, guest = Client(HTTP_HOST="kasuwa.localhost"), Client(HTTP_HOST="kasuwa.localhost")
    pages.force_login(buyer)
    inside = ("", "approve/", "ask/", "refuse/", "check-account/", f"documents/{document.pk}/")
    for path in ("", *(f"{application.pk}/{each}" for each in inside)):
        for method in ("get", "post"):
            assert getattr(pages, method)(QUEUE + path).status_code == 404, path
            assert getattr(guest, method)(QUEUE + path).status_code == 302, path
    endpoints = [("get", ""), ("get", f"{application.pk}/"), ("get", f"{application.pk}/documents/{document.pk}/")]
    endpoints += [("post", f"{application.pk}/{act}/") for act in ACTS]
    for method, path in endpoints:
        assert getattr(api_client, method)(API + path).status_code == 401, path
    api_client.credentials(HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(buyer)}")
    for method, path in endpoints:
        answer = getattr(api_client, method)(API + path)
        assert answer.status_code == 403, path
        assert "Batik" not in answer.content.decode()
    assert state() == before


def test_deciding_over_the_api(paystack: Any, caller: APIClient) -> None:
    application = submitted()
    address = f"{API}{application.pk}/"
    listed = caller.get(f"{API}?status=submitted").json()["data"]
    assert [each["id"] for each in listed["results"]] == [str(application.pk)]
    assert caller.post(f"{address}ask/", {"message": "no"}).status_code == 400
    asked = caller.post(f"{address}ask/", {"message": "A better scan, please."}).json()["data"]
    assert (asked["status"], asked["history"][-1]["actor_email"]) == ("more_needed", "operator@kasuwa.test")
    refusal = caller.post(f"{address}approve/", {})
    assert (refusal.status_code, refusal.json()["code"]) == (409, "application_not_waiting")
    add_paper(application)
    submit_application(application_id=application.pk, now=NOW)
    approved = caller.post(f"{address}approve/", {"note": "Called back."}).json()["data"]
    assert (approved["status"], approved["shop"]["slug"]) == ("approved", "oshogbo-batik")
    assert set(AuditEntry.objects.values_list("reason", flat=True)) == {"A better scan, please.", "Called back."}
    assert caller.post(f"{address}refuse/", {"reason": "Too late now."}).status_code == 409
    assert caller.get(f"{API}{'0' * 8}-0000-7000-8000-{'0' * 12}/").json()["code"] == "application_not_found"


def test_the_raw_admin_shows_no_key_and_no_number(paystack: Any, client: Client) -> None:
    client.force_login(User.objects.create_superuser("root@kasuwa.test", "a-long-password"))
    application = submitted()
    address = f"/admin/tenants/shopapplication/{application.pk}/change/"
    page = client.get(address).content.decode()
    assert "•••• 6789" in page
    assert application.access_key not in page
    assert application.account_number not in page
    assert client.post(address, {"status": "approved"}).status_code == 403
    application.refresh_from_db()
    assert application.status == "submitted"
    assert client.get("/admin/payouts/bankaccount/").status_code == 200
