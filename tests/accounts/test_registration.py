"""Opening an account answers alike for every address; a letter tells its owner what happened (docs/adr/0040)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks
from rest_framework.test import APIClient

from accounts.models import User
from accounts.services import registration
from accounts.services.letters_asked_for import may_write_to
from notifications.models import Email
from tests.world.factories.people import PASSWORD, person

pytestmark = pytest.mark.django_db
OnCommit = DjangoCaptureOnCommitCallbacks
HOST = "kasuwa.localhost"
AUTH = "/api/v1/auth/"
NEW_PASSWORD = "seven baobab umbrellas"
KNOWN = ("proved@example.com", "unproved@example.com", "closed@example.com", "PROVED@Example.COM")
UNKNOWN = "nobody@example.com"
MOMENTARY = {"X-Request-ID", "Content-Length", "Expires"}
SECRETS = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"|[\w.-]+@[\w.-]+|"(?:registration|request_id)":"[^"]+"'
)


@pytest.fixture(autouse=True)
def _people() -> None:
    person(email="proved@example.com", name="Amina Bello", is_email_verified=True)
    person(email="unproved@example.com")
    person(email="closed@example.com", is_active=False)


def ask(email: str, **changes: str) -> Any:
    body = {"email": email, "password": PASSWORD, "name": "Ngozi"} | changes
    return APIClient(HTTP_HOST=HOST).post(f"{AUTH}registration/", body)


def fill_in(email: str, **changes: str) -> tuple[Client, list[Any]]:
    browser = Client(HTTP_HOST=HOST)
    form = {"email": email, "password1": PASSWORD, "name": "Ngozi"} | changes
    sent = browser.post("/account/sign-up/", form)
    return browser, [sent, browser.get("/account/sign-up/sent/"), browser.get("/account/sign-up/")]


def told(answer: Any) -> tuple[Any, ...]:
    headers = {name: value for name, value in answer.items() if name not in MOMENTARY}
    headers.pop("Content-Security-Policy", None)
    return (answer.status_code, SECRETS.sub("", answer.content.decode()), headers, sorted(answer.cookies))


@pytest.mark.parametrize("email", KNOWN)
@pytest.mark.parametrize("changes", [{}, {"password": "short"}, {"password": "four-harmattan", "name": "x" * 200}])
def test_the_api_answers_alike_for_every_address(email: str, changes: dict[str, str]) -> None:
    known, unknown = ask(email, **changes), ask(UNKNOWN, **changes)
    assert told(known) == told(unknown)
    assert known.status_code == (400 if changes else 202)


@pytest.mark.parametrize("email", KNOWN)
@pytest.mark.parametrize("changes", [{}, {"password1": "short"}, {"next": "//evil.example/"}])
def test_the_page_answers_alike_for_every_address(email: str, changes: dict[str, str]) -> None:
    (_, known), (_, unknown) = fill_in(email, **changes), fill_in(UNKNOWN, **changes)
    assert [told(answer) for answer in known] == [told(answer) for answer in unknown]


@pytest.mark.parametrize("email", KNOWN)
def test_signing_in_with_what_was_filled_in_tells_nothing_either(email: str) -> None:
    ask(email, password=NEW_PASSWORD)
    ask(UNKNOWN, password=NEW_PASSWORD)
    api = APIClient(HTTP_HOST=HOST)
    answers = [api.post(f"{AUTH}login/", {"email": each, "password": NEW_PASSWORD}) for each in (email, UNKNOWN)]
    assert told(answers[0]) == told(answers[1])
    assert answers[0].status_code == 401


def test_both_ways_cost_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    ask("first@example.com")  # what a process looks up once is no part of it
    digests: list[str] = []

    def count(password: str) -> str:
        digests.append(password)
        return "digest"

    monkeypatch.setattr(registration, "make_password", count)
    statements = {}
    for email in ("unproved@example.com", UNKNOWN):
        with CaptureQueriesContext(connection) as captured:
            ask(email)
        statements[email] = [query["sql"].split()[0] for query in captured]
    assert digests == [PASSWORD] * 2
    known, unknown = statements.values()
    assert known == unknown
    assert known.count("INSERT") == 1


def test_a_known_address_gets_a_letter_that_says_how_to_sign_in(django_capture_on_commit_callbacks: OnCommit) -> None:
    before = User.objects.values_list("pk", "password", "name", "is_active").order_by("pk")
    kept = list(before)
    with django_capture_on_commit_callbacks(execute=True):
        ask("proved@example.com")
    [letter] = mail.outbox
    assert letter.subject == "You have an account already"
    for link in ("/account/sign-in/", "/account/password/reset/"):
        assert f"http://kasuwa.localhost:8000{link}" in letter.body
    assert "Ngozi" not in letter.body
    assert list(before.all()) == kept
    assert not EmailAddress.objects.filter(email=UNKNOWN).exists()


def test_a_full_mailbox_gets_no_letter_and_the_answer_is_the_same(settings: Any) -> None:
    settings.LETTERS_TO_ONE_MAILBOX = ((4, 3600),)
    fresh = told(ask(UNKNOWN))
    while may_write_to(email=UNKNOWN):
        pass
    before = Email.objects.count()
    assert told(ask(UNKNOWN)) == fresh
    assert Email.objects.count() == before


def _key(on_commit: OnCommit, email: str = UNKNOWN) -> tuple[str, str]:
    with on_commit(execute=True):
        filled_in: str = ask(email).json()["data"]["registration"]
    found = re.search(r"/sign-up/finish/([^/]+)/", str(mail.outbox[-1].body))
    assert found
    return found[1], filled_in


def finish(**sent: str) -> Any:
    return APIClient(HTTP_HOST=HOST).post(f"{AUTH}registration/finish/", sent)


def test_the_key_alone_opens_nothing(django_capture_on_commit_callbacks: OnCommit) -> None:
    key, filled_in = _key(django_capture_on_commit_callbacks)
    others = ask("other@example.com").json()["data"]["registration"]
    for sent in ({}, {"registration": others}, {"registration": filled_in[:-2]}, {"registration": "x"}):
        refused = finish(key=key, **sent)
        assert (refused.status_code, refused.json()["code"]) == (400, "new_password_needed")
    assert finish(key=key, new_password="short").status_code == 400
    for forged in (filled_in, key[:-2], "x"):
        assert finish(key=forged, registration=filled_in).json()["code"] == "invalid_link"
    assert not User.objects.filter(email=UNKNOWN).exists()

    opened = finish(key=key, registration=filled_in)
    assert opened.status_code == 201
    assert opened.json()["data"]["user"]["is_email_verified"] is True
    assert User.objects.get(email=UNKNOWN).check_password(PASSWORD)
    assert finish(key=key, registration=filled_in).json()["code"] == "invalid_link"
    assert finish(key=key, new_password=NEW_PASSWORD).json()["code"] == "invalid_link"
    assert User.objects.get(email=UNKNOWN).check_password(PASSWORD)


def test_the_reader_of_the_letter_chooses_a_password(django_capture_on_commit_callbacks: OnCommit) -> None:
    key, _ = _key(django_capture_on_commit_callbacks)
    assert finish(key=key, new_password=NEW_PASSWORD, name="Amina").status_code == 201
    user = User.objects.get(email=UNKNOWN)
    assert (user.name, user.check_password(NEW_PASSWORD)) == ("Amina", True)


def test_a_link_is_good_for_three_days(django_capture_on_commit_callbacks: OnCommit) -> None:
    key, filled_in = _key(django_capture_on_commit_callbacks)
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1), tick=False):
        assert finish(key=key, registration=filled_in).json()["code"] == "invalid_link"
    assert not User.objects.filter(email=UNKNOWN).exists()


def test_an_address_that_another_account_had_before_can_be_registered(
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    mover = User.objects.get(email="proved@example.com")
    User.objects.filter(pk=mover.pk).update(email="moved@example.com")
    key, filled_in = _key(django_capture_on_commit_callbacks, "proved@example.com")
    assert finish(key=key, registration=filled_in).status_code == 201
    assert EmailAddress.objects.get(email="proved@example.com").user.email == "proved@example.com"
