"""Wrong passwords: guessing is slow, and nobody shuts an owner out from somewhere else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks
from rest_framework.test import APIClient

from accounts.models import User
from kit.web.too_many import in_words
from tests.world.factories.people import PASSWORD, person

pytestmark = pytest.mark.django_db
OnCommit = DjangoCaptureOnCommitCallbacks
AMINA = "amina@example.com"
HOME, ATTACKER = "198.51.100.7", "203.0.113.50"
LIMITS = {"account-caller": (6, 300), "account-network": (9, 900), "account": (12, 3600), "caller": (20, 60)}
NEW = "seven baobab umbrellas"


@pytest.fixture(autouse=True)
def _limits(settings: Any, redis_client: Any) -> None:
    settings.PASSWORD_GUESS_LIMITS = LIMITS


@pytest.fixture
def amina() -> User:
    return person(email=AMINA)


def sign_in(password: str = PASSWORD, *, at: str = HOME, email: str = AMINA) -> Any:
    api = APIClient(HTTP_HOST="kasuwa.localhost", REMOTE_ADDR=at)
    return api.post("/api/v1/auth/login/", {"email": email, "password": password})


def guess(times: int, *, at: str = ATTACKER, email: str = AMINA) -> list[int]:
    return [sign_in("a guess", at=at, email=email).status_code for _ in range(times)]


@pytest.mark.usefixtures("amina")
def test_guesses_from_elsewhere_do_not_shut_the_owner_out() -> None:
    assert guess(8) == [401] * 6 + [429] * 2
    assert sign_in(at=ATTACKER).status_code == 429
    assert sign_in().status_code == 200


@pytest.mark.usefixtures("amina")
def test_a_network_is_counted_beside_its_callers() -> None:
    assert guess(5) + guess(5, at="203.0.113.51") == [401] * 9 + [429]
    assert sign_in(at="203.0.113.52").status_code == 429
    assert sign_in().status_code == 200


@pytest.mark.usefixtures("amina")
def test_one_subscribers_ipv6_addresses_are_one_caller() -> None:
    answers = [code for number in range(8) for code in guess(1, at=f"2001:db8:1:2::{number + 1:x}")]
    assert answers == [401] * 6 + [429] * 2


@pytest.mark.usefixtures("amina")
def test_all_the_world_together_is_held_to_a_far_higher_count_and_who_was_there_before_is_not() -> None:
    assert sign_in().status_code == 200
    answers = [code for number in range(15) for code in guess(1, at=f"203.0.{number}.1")]
    assert answers == [401] * 12 + [429] * 3
    assert sign_in(at="192.0.2.1").status_code == 429
    assert sign_in().status_code == 200


@pytest.mark.usefixtures("amina")
def test_a_right_password_is_not_counted() -> None:
    guess(5, at=HOME)
    assert [sign_in().status_code for _ in range(10)] == [200] * 10
    assert guess(2, at=HOME) == [401, 429]


@pytest.mark.usefixtures("amina")
def test_unknown_accounts_are_answered_alike() -> None:
    known, unknown = guess(8), guess(8, at="192.0.2.9", email="nobody@example.com")
    assert known == unknown


@pytest.mark.usefixtures("amina")
def test_spellings_of_an_address_are_one_account() -> None:
    spelt = ["amina@example.com", "AMINA@example.com", "Amina@Example.COM"]
    answers = [code for email in spelt for code in guess(3, email=email)]
    assert answers == [401] * 6 + [429] * 3


def test_the_refusal_says_the_same_time_twice(amina: User) -> None:
    guess(6)
    refused = sign_in(at=ATTACKER)
    page = Client(HTTP_HOST="kasuwa.localhost", REMOTE_ADDR=ATTACKER).post(
        "/account/sign-in/", {"login": AMINA, "password": PASSWORD}
    )

    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")
    assert 1 <= int(refused["Retry-After"]) <= 600
    assert f"Try again in {in_words(int(refused['Retry-After']))}" in refused.json()["message"]
    assert page.status_code == 429
    assert f"Try again in {in_words(int(page['Retry-After']))}" in page.content.decode()


def test_the_time_is_true(amina: User, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000_000_200.0]
    monkeypatch.setattr("kit.web.limits.time.time", lambda: now[0])
    guess(6)
    wait = int(sign_in(at=ATTACKER)["Retry-After"])
    now[0] += wait - 2
    assert sign_in(at=ATTACKER).status_code == 429
    now[0] += 3
    assert sign_in(at=ATTACKER).status_code == 200


def _reset(on_commit: OnCommit, *, at: str) -> None:
    browser = Client(HTTP_HOST="kasuwa.localhost", REMOTE_ADDR=at)
    with on_commit(execute=True):
        browser.post("/account/password/reset/", {"email": AMINA})
    found = re.search(r"http://kasuwa\.localhost:8000(\S+)", str(mail.outbox[-1].body))
    assert found
    page = browser.get(found[1])["Location"]
    assert browser.post(page, {"password1": NEW, "password2": NEW}).status_code == 302


@pytest.mark.parametrize("at", [HOME, "192.0.2.77"], ids=["from the same place", "from another"])
def test_a_reset_password_unlocks(
    at: str, amina: User, settings: Any, django_capture_on_commit_callbacks: OnCommit
) -> None:
    settings.AXES_ENABLED = True
    settings.AXES_FAILURE_LIMIT = 3
    guess(8, at=HOME)
    assert sign_in(at=HOME).status_code == 429

    _reset(django_capture_on_commit_callbacks, at=at)

    assert sign_in(NEW, at=HOME).status_code == 200


def test_a_stopped_page_of_ours_says_the_same_time_twice(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/h/ip"}
    form = {"name": "A", "password1": PASSWORD}
    for number in range(2):
        page = client.post("/account/sign-up/", form | {"email": f"a{number}@example.com"})
    api = APIClient(HTTP_HOST="kasuwa.localhost").post(
        "/api/v1/auth/registration/", {"email": "b@example.com", "password": PASSWORD}
    )

    assert (page.status_code, api.status_code) == (429, 429)
    for refused, words in ((page, page.content.decode()), (api, api.json()["message"])):
        assert 3500 < int(refused["Retry-After"]) <= 3600
        assert "Try again in 60 minutes" in words


def test_behind_a_proxy_each_visitor_has_limits_of_their_own(settings: Any) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/h/ip"}

    def sign_up(number: int, forwarded: str) -> int:
        api = APIClient(HTTP_HOST="kasuwa.localhost", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
        body = {"email": f"visitor{number}@example.com", "password": PASSWORD}
        return int(api.post("/api/v1/auth/registration/", body).status_code)

    assert [sign_up(number, f"198.51.100.{number}") for number in range(3)] == [202] * 3
    forged = [sign_up(9, f"203.0.113.{number}, 198.51.100.1") for number in range(3)]
    assert forged == [429] * 3


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 second"),
        (59, "59 seconds"),
        (60, "60 seconds"),
        (61, "2 minutes"),
        (300, "5 minutes"),
        (301, "6 minutes"),
    ],
)
def test_a_time_in_words_is_never_too_short(seconds: int, words: str) -> None:
    assert in_words(seconds) == words
