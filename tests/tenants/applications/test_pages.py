"""Applying for a shop on the pages: step by step, back by link, closed to everybody else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from tenants.models import ApplicationDocument, ShopApplication
from tests.world.applications import BANK, BUSINESS, NUMBER, PDF, REQUESTED_SHOP, complete, scan, started, submitted

pytestmark = pytest.mark.django_db
STEPS = ("shop", "business", "documents", "account", "review")


def page(application: ShopApplication, step: str = "") -> str:
    return f"/sell/apply/{application.pk}/" + (f"{step}/" if step else "")


@pytest.fixture
def person() -> User:
    return User.objects.create_user("ada@example.com", name="Ada Obi")


def test_the_landing_page_says_what_it_costs(client: Client) -> None:
    text = client.get("/sell/").content.decode()
    assert "8 %" in text
    assert 'href="/sell/apply/"' in text


def test_a_guest_applies_from_beginning_to_end(paystack: Any, client: Client) -> None:
    answer = client.post("/sell/apply/", REQUESTED_SHOP)
    application = ShopApplication.objects.get()
    assert answer.headers["Location"] == page(application, "business")
    assert client.post(page(application, "business"), BUSINESS).headers["Location"] == page(application, "documents")
    upload = SimpleUploadedFile("passport.png", scan(), content_type="text/html")
    client.post(page(application, "documents"), {"kind": "identity", "file": upload})
    [document] = ApplicationDocument.objects.all()
    told = client.post(page(application, "account"), {"bank_code": BANK, "number": "0123 456-789"}, follow=True)
    application.refresh_from_db()
    assert application.account_name in told.content.decode()
    assert NUMBER not in told.content.decode()
    assert "•••• 6789" in told.content.decode()
    file = client.get(f"{page(application, 'documents')}{document.pk}/")
    assert b"".join(file.streaming_content) == scan()  # type: ignore[attr-defined]
    assert {"private", "no-store"} <= set(file.headers["Cache-Control"].split(", "))
    assert "sandbox" in file.headers["Content-Security-Policy"]
    sent = client.post(page(application, "review"), {"message": ""}, follow=True)
    assert "We are looking at it" in sent.content.decode()
    again = client.post(page(application, "review"), {"message": ""})
    assert again.headers["Location"] == page(application)
    assert ShopApplication.objects.get().entries.count() == 2


def test_errors_stand_beside_their_fields(client: Client) -> None:
    answer = client.post("/sell/apply/", REQUESTED_SHOP | {"slug": "admin", "email": "nobody"})
    assert answer.status_code == 422
    assert 'id="id_email_error"' in answer.content.decode()
    answer = client.post("/sell/apply/", REQUESTED_SHOP | {"slug": "admin"})
    assert re.search(r'id="id_slug_error">[^<]*keeps this address', answer.content.decode())
    assert not ShopApplication.objects.exists()


@pytest.mark.parametrize("step", STEPS)
def test_every_step_can_be_opened_and_refuses_nothing_sent(paystack: Any, client: Client, step: str) -> None:
    application = started()
    client.get(f"{page(application)}?key={application.access_key}")
    assert client.get(page(application, step)).status_code == 200
    if step != "review":
        assert client.post(page(application, step), {}).status_code == 422


def test_an_unfinished_application_is_not_sent(client: Client) -> None:
    application = started()
    client.get(f"{page(application)}?key={application.access_key}")
    answer = client.post(page(application, "review"), {"message": ""})
    assert answer.status_code == 409
    application.refresh_from_db()
    assert application.status == "draft"


def test_the_link_brings_a_guest_back_and_the_key_leaves_the_address(client: Client) -> None:
    application = started()
    assert client.get(page(application)).headers["Location"].startswith("/account/sign-in/")
    answer = client.get(f"{page(application)}?key={application.access_key}")
    assert answer.headers["Location"] == page(application)
    assert client.get(page(application)).headers["Location"] == page(application, "business")


def test_a_silent_provider_keeps_nobody_from_going_on(paystack: Any, client: Client) -> None:
    application = started()
    client.get(f"{page(application)}?key={application.access_key}")
    paystack.add_fault("server_error", times=None, match={"path": "/bank"})
    answer = client.get(page(application, "account"))
    assert answer.status_code == 200
    assert "We can’t reach the banks" in answer.content.decode()


def test_an_account_unknown_to_the_bank_is_said_beside_the_number(paystack: Any, client: Client) -> None:
    application = started()
    client.get(f"{page(application)}?key={application.access_key}")
    answer = client.post(page(application, "account"), {"bank_code": BANK, "number": "0000000404"})
    assert answer.status_code == 422
    assert re.search(r'id="id_number_error">[^<]*knows no account', answer.content.decode())


def test_a_program_is_no_paper(client: Client) -> None:
    application = started()
    client.get(f"{page(application)}?key={application.access_key}")
    upload = SimpleUploadedFile("passport.pdf", b"MZ\x90", content_type="application/pdf")
    answer = client.post(page(application, "documents"), {"kind": "identity", "file": upload})
    assert answer.status_code == 422
    assert 'id="id_file_error"' in answer.content.decode()
    assert not ApplicationDocument.objects.exists()


def test_nobody_else_sees_an_application(paystack: Any, person: User) -> None:
    own, guests = complete(applicant_id=person.pk), submitted(slug="another-batik")
    [document] = own.documents.all()
    stranger = Client(HTTP_HOST="kasuwa.localhost")
    stranger.force_login(User.objects.create_user("stranger@example.com"))
    guest = Client(HTTP_HOST="kasuwa.localhost")
    before = list(ShopApplication.objects.order_by("pk").values())
    for visitor in (stranger, guest):
        for application in (own, guests):
            for step in ("", *STEPS, "withdraw", f"documents/{document.pk}", f"documents/{document.pk}/remove"):
                for key in ("", "?key=", "?key=wrong", f"?key={own.access_key}" if application == own else "?key=é"):
                    answer = visitor.get(page(application, step) + key)
                    if visitor is stranger:
                        assert answer.status_code == 404, (step, key)
                    else:  # the same for an application that there is not
                        assert answer.headers["Location"].startswith("/account/sign-in/?next=/sell/apply/"), (step, key)
                assert visitor.post(page(application, step)).status_code == 404, step
    assert list(ShopApplication.objects.order_by("pk").values()) == before
    assert ApplicationDocument.objects.filter(pk=document.pk).exists()


def test_no_address_leads_to_the_papers(client: Client, paystack: Any) -> None:
    [document] = complete().documents.all()
    for address in (f"/media/{document.file}", f"/media/private/{document.file}", f"/media/../private/{document.file}"):
        assert client.get(address).status_code in {400, 404}


def test_a_person_finds_their_applications_again(client: Client, person: User) -> None:
    application = started(applicant_id=person.pk)
    client.force_login(person)
    assert page(application) in client.get("/sell/").content.decode()
    assert client.get(page(application)).status_code == 302


def test_withdrawing(client: Client, paystack: Any, person: User) -> None:
    application = complete(applicant_id=person.pk)
    client.force_login(person)
    answer = client.post(page(application, "withdraw"), follow=True)
    assert "You have withdrawn it" in answer.content.decode()


def test_pdf_files_are_downloaded_not_shown(client: Client, paystack: Any, person: User) -> None:
    application = complete(applicant_id=person.pk)
    [document] = application.documents.all()
    client.force_login(person)
    answer = client.get(f"{page(application, 'documents')}{document.pk}/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="passport.pdf"'
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]


@pytest.mark.usefixtures("one_minute")
def test_applying_has_a_limit(client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    throttles = ["kit.api.throttling.RateThrottle"]
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_CLASSES": throttles}
    monkeypatch.setattr("kit.api.throttling.RateThrottle.THROTTLE_RATES", {"apply": "2/min"})
    answers = [client.post("/sell/apply/", {"slug": "x"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [422, 422, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 61
    assert client.get("/sell/apply/").status_code == 200
