"""Signing up, in and out through the API."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from axes.models import AccessAttempt
from django.core import mail
from django.test import override_settings
from pytest_django import DjangoCaptureOnCommitCallbacks
from rest_framework.test import APIClient

from accounts.api.base import OpenApi
from accounts.models import User
from accounts.services.people import deactivate_user
from accounts.services.roles import RoleSource, ShopRole
from accounts.services.tokens import issue_tokens
from kit.api.throttling import RateThrottle
from notifications.models import Email
from tests.world.factories.people import PASSWORD, person
from tests.world.wiring import wired

pytestmark = pytest.mark.django_db
AUTH = "/api/v1/auth/"
OnCommit = DjangoCaptureOnCommitCallbacks


def sign_in(api_client: APIClient, email: str, password: str = PASSWORD) -> dict[str, Any]:
    answer = api_client.post(f"{AUTH}login/", {"email": email, "password": password})
    assert answer.status_code == 200, answer.content
    data: dict[str, Any] = answer.json()["data"]
    return data


def bearer(access: str) -> dict[str, Any]:
    return {"HTTP_AUTHORIZATION": f"Bearer {access}"}


def key_in(letter: Any) -> str:
    link = next(line for line in letter.body.splitlines() if line.startswith("http"))
    key: str = link.rstrip("/").rsplit("/", 1)[1]
    return key


def test_the_whole_way_from_registration_to_a_refused_refresh(
    api_client: APIClient, django_capture_on_commit_callbacks: OnCommit
) -> None:
    registration = {"email": "Amina@Example.com", "password1": PASSWORD, "password2": PASSWORD, "name": "Amina Bello"}
    with django_capture_on_commit_callbacks(execute=True):
        asked = api_client.post(f"{AUTH}registration/", registration)
    assert asked.status_code == 202
    assert not User.objects.exists()
    sent = {"key": key_in(mail.outbox[0]), **asked.json()["data"]}
    registered = api_client.post(f"{AUTH}registration/finish/", sent)
    assert registered.status_code == 201
    body = registered.json()
    assert body["status"] == "success"
    assert body["data"]["user"]["email"] == "amina@example.com"
    assert {"access", "refresh"} <= body["data"].keys()
    assert "kasuwa_session" not in registered.cookies

    data = sign_in(api_client, "amina@example.com")
    me = api_client.get(f"{AUTH}user/", **bearer(data["access"]))
    assert me.json()["data"]["name"] == "Amina Bello"
    assert me.json()["data"]["is_email_verified"] is True

    rotated = api_client.post(f"{AUTH}token/refresh/", {"refresh": data["refresh"]})
    assert rotated.status_code == 200
    again = api_client.post(f"{AUTH}token/refresh/", {"refresh": data["refresh"]})
    assert again.status_code == 401
    assert again.json()["code"] == "token_not_valid"
    assert again["WWW-Authenticate"].startswith("Bearer")

    newest = rotated.json()["data"]["refresh"]
    assert api_client.post(f"{AUTH}token/verify/", {"token": newest}).status_code == 200
    assert api_client.post(f"{AUTH}logout/", {"refresh": newest}).status_code == 200
    assert api_client.post(f"{AUTH}token/refresh/", {"refresh": newest}).status_code == 401
    assert api_client.post(f"{AUTH}token/verify/", {"token": newest}).status_code == 401
    assert api_client.post(f"{AUTH}logout/", {"refresh": newest}).status_code == 401


def test_an_account_that_waits_for_proof_is_sent_the_letter_again(
    api_client: APIClient, django_capture_on_commit_callbacks: OnCommit
) -> None:
    access = issue_tokens(user=person(email="tunde@example.com")).access
    with django_capture_on_commit_callbacks(execute=True):
        api_client.post(f"{AUTH}registration/resend-email/", {"email": "tunde@example.com"})
    letter = mail.outbox[0]
    assert letter.to == ["tunde@example.com"]
    link = next(line for line in letter.body.splitlines() if line.startswith("http"))
    assert link.startswith("http://kasuwa.localhost:8000/account/email/confirm/")

    key, own = link.rstrip("/").rsplit("/", 1)[1], bearer(access)
    assert api_client.post(f"{AUTH}registration/verify-email/", {"key": key}, **own).status_code == 200
    assert EmailAddress.objects.get(email="tunde@example.com").verified
    forged = api_client.post(f"{AUTH}registration/verify-email/", {"key": key[:-3] + "abc"})
    assert (forged.status_code, forged.json()["code"]) == (400, "invalid_link")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"password": "short"}, "password"),
        ({"password": "password12345"}, "password"),
        ({"password1": PASSWORD, "password2": "four harmattan kiters", "password": None}, "password2"),
        ({"password": None}, "password"),
        ({"email": "nobody"}, "email"),
    ],
)
def test_registration_refuses_and_creates_nobody(
    api_client: APIClient, change: dict[str, str | None], field: str
) -> None:
    sent = {"email": "new@example.com", "password": PASSWORD, "name": "New"} | change
    answer = api_client.post(f"{AUTH}registration/", {key: value for key, value in sent.items() if value is not None})
    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    assert not Email.objects.exists()


def test_a_wrong_password_and_an_unknown_address_look_the_same(api_client: APIClient) -> None:
    person(email="amina@example.com")
    wrong = api_client.post(f"{AUTH}login/", {"email": "amina@example.com", "password": "not the password"})
    unknown = api_client.post(f"{AUTH}login/", {"email": "nobody@example.com", "password": "not the password"})
    assert wrong.status_code == unknown.status_code == 401
    for answer in (wrong, unknown):
        assert answer.json() == {
            "status": "error",
            "code": "invalid_credentials",
            "message": "The e-mail address or the password is not right.",
            "errors": None,
            "request_id": answer["X-Request-ID"],
        }
    assert wrong["WWW-Authenticate"] == 'Bearer realm="api"'


def test_a_stale_token_does_not_stand_in_the_way_of_signing_in(api_client: APIClient) -> None:
    person(email="amina@example.com")
    answer = api_client.post(
        f"{AUTH}login/", {"email": "amina@example.com", "password": PASSWORD}, **bearer("not-a-token")
    )
    assert answer.status_code == 200


def test_a_deactivated_person_is_shut_out_everywhere(api_client: APIClient) -> None:
    user = person(email="gone@example.com")
    data = sign_in(api_client, "gone@example.com")
    deactivate_user(user_id=user.pk)
    refused = api_client.post(f"{AUTH}login/", {"email": "gone@example.com", "password": PASSWORD})
    assert (refused.status_code, refused.json()["code"]) == (403, "account_inactive")
    guessed = api_client.post(f"{AUTH}login/", {"email": "gone@example.com", "password": "something else"})
    assert guessed.json()["code"] == "invalid_credentials"
    assert api_client.post(f"{AUTH}token/refresh/", {"refresh": data["refresh"]}).status_code == 401
    me = api_client.get(f"{AUTH}user/", **bearer(data["access"]))
    assert me.status_code == 401
    assert me.json()["status"] == "error"


def test_a_refresh_of_a_deactivated_person_is_refused_even_if_not_spent(api_client: APIClient) -> None:
    user = person(email="gone@example.com")
    data = sign_in(api_client, "gone@example.com")
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert api_client.post(f"{AUTH}token/refresh/", {"refresh": data["refresh"]}).status_code == 401


def test_a_changed_password_ends_other_sign_ins(api_client: APIClient) -> None:
    person(email="amina@example.com")
    elsewhere = sign_in(api_client, "amina@example.com")
    here = sign_in(api_client, "amina@example.com")
    new = "seven baobab umbrellas"
    wrong = api_client.post(
        f"{AUTH}password/change/", {"old_password": "no", "new_password1": new}, **bearer(here["access"])
    )
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["old_password"])
    weak = api_client.post(
        f"{AUTH}password/change/", {"old_password": PASSWORD, "new_password1": "12345"}, **bearer(here["access"])
    )
    assert (weak.status_code, list(weak.json()["errors"])) == (400, ["new_password1"])
    sign_in(api_client, "amina@example.com")

    changed = api_client.post(
        f"{AUTH}password/change/",
        {"old_password": PASSWORD, "new_password1": new, "new_password2": new},
        **bearer(here["access"]),
    )
    assert changed.status_code == 200
    assert "kasuwa_session" not in changed.cookies
    fresh = changed.json()["data"]
    assert api_client.get(f"{AUTH}user/", **bearer(fresh["access"])).status_code == 200
    assert api_client.get(f"{AUTH}user/", **bearer(elsewhere["access"])).status_code == 401
    assert api_client.post(f"{AUTH}token/refresh/", {"refresh": elsewhere["refresh"]}).status_code == 401
    sign_in(api_client, "amina@example.com", new)


def test_a_password_reset_leads_to_our_page_and_works_once(
    api_client: APIClient, django_capture_on_commit_callbacks: OnCommit
) -> None:
    person(email="amina@example.com")
    with django_capture_on_commit_callbacks(execute=True):
        known = api_client.post(f"{AUTH}password/reset/", {"email": "amina@example.com"}, HTTP_X_FORWARDED_HOST="evil")
        unknown = api_client.post(f"{AUTH}password/reset/", {"email": "nobody@example.com"})
    assert known.status_code == unknown.status_code == 200
    assert known.json() == unknown.json()
    letter = next(message for message in mail.outbox if message.to == ["amina@example.com"])
    link = next(line for line in letter.body.splitlines() if line.startswith("http"))
    assert link.startswith("http://kasuwa.localhost:8000/account/password/reset/")

    uid, token = link.rstrip("/").rsplit("/", 1)[1].split("-", 1)
    weak = api_client.post(f"{AUTH}password/reset/confirm/", {"uid": uid, "token": token, "new_password1": "1"})
    assert weak.status_code == 400
    confirm = {"uid": uid, "token": token, "new_password1": "seven baobab umbrellas"}
    assert api_client.post(f"{AUTH}password/reset/confirm/", confirm).status_code == 200
    spent = api_client.post(f"{AUTH}password/reset/confirm/", confirm)
    assert (spent.status_code, spent.json()["code"]) == (400, "invalid_link")
    sign_in(api_client, "amina@example.com", "seven baobab umbrellas")


def test_resending_says_the_same_for_everybody(
    api_client: APIClient, django_capture_on_commit_callbacks: OnCommit
) -> None:
    person(email="new@example.com")
    person(email="sure@example.com", is_email_verified=True)
    with django_capture_on_commit_callbacks(execute=True):
        answers = [
            api_client.post(f"{AUTH}registration/resend-email/", {"email": f"{name}@example.com"}).json()
            for name in ("new", "sure", "nobody")
        ]
    assert answers[0] == answers[1] == answers[2]
    assert [message.to for message in mail.outbox] == [["new@example.com"]]


def test_only_name_and_phone_can_be_changed(api_client: APIClient) -> None:
    user = person(email="amina@example.com", name="Amina")
    api_client.force_authenticate(user)
    changes = {"name": "Amina B", "phone": "0803 123 4567"}
    answer = api_client.patch(f"{AUTH}user/", changes | {"email": "x@example.com", "is_operator": True})
    assert answer.json()["errors"].keys() == {"email", "is_operator"}
    user.refresh_from_db()
    assert user.name == "Amina", "a refusal changes nothing"
    assert api_client.patch(f"{AUTH}user/", changes).status_code == 200
    user.refresh_from_db()
    assert (user.name, user.phone, user.email) == ("Amina B", "+2348031234567", "amina@example.com")
    assert not user.is_operator
    assert api_client.patch(f"{AUTH}user/", {"phone": "call me"}).json()["errors"].keys() == {"phone"}
    assert api_client.put(f"{AUTH}user/", changes).status_code == 405


SHOP = SimpleNamespace(slug="indigo-fabrics", name="Indigo Fabrics")


def test_roles_come_from_the_apps_that_give_them(api_client: APIClient) -> None:
    source = RoleSource(lambda user: [ShopRole(SHOP, "owner", "http://x/")] if user.name == "Vendor" else [])
    person(email="vendor@example.com", name="Vendor")
    with wired(contributes=[source]):
        data = sign_in(api_client, "vendor@example.com")
    assert data["user"]["roles"] == [
        {"shop": {"slug": "indigo-fabrics", "name": "Indigo Fabrics"}, "role": "owner", "dashboard_url": "http://x/"}
    ]


def test_without_a_token_the_answer_is_an_envelope(api_client: APIClient) -> None:
    answer = api_client.get(f"{AUTH}user/")
    assert answer.status_code == 401
    assert answer.json()["status"] == "error"
    assert answer.json()["code"] == "not_authenticated"
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.fixture
def two_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OpenApi, "throttle_classes", [RateThrottle])
    monkeypatch.setattr(RateThrottle, "THROTTLE_RATES", {"sign-in": "2/min", "anon": "100/min", "user": "100/min"})


@pytest.mark.usefixtures("two_a_minute", "one_minute")
def test_too_many_sign_ins_are_told_when_to_come_back(api_client: APIClient) -> None:
    body = {"email": "amina@example.com", "password": "guess"}
    codes = [api_client.post(f"{AUTH}login/", body).status_code for _ in range(2)]
    assert codes == [401, 401]
    answer = api_client.post(f"{AUTH}login/", body)
    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    assert 0 < int(answer["Retry-After"]) <= 61


def test_guessing_one_persons_password_is_stopped(api_client: APIClient, settings: Any) -> None:
    settings.PASSWORD_GUESS_LIMITS = {"account-caller": (3, 300)}
    person(email="amina@example.com")
    body = {"email": "amina@example.com", "password": "guess"}
    for _ in range(3):
        assert api_client.post(f"{AUTH}login/", body).status_code == 401
    answer = api_client.post(f"{AUTH}login/", body | {"password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts")
    assert int(answer["Retry-After"]) > 0


@override_settings(AXES_ENABLED=True)
def test_signing_in_by_api_opens_no_session_and_forgets_failures(api_client: APIClient) -> None:
    person(email="amina@example.com")
    api_client.post(f"{AUTH}login/", {"email": "amina@example.com", "password": "guess"})
    assert AccessAttempt.objects.count() == 1
    answer = api_client.post(f"{AUTH}login/", {"email": "amina@example.com", "password": PASSWORD})
    assert answer.status_code == 200
    assert not answer.cookies
    assert AccessAttempt.objects.count() == 0
    assert User.objects.get().last_login


@override_settings(AXES_ENABLED=True, AXES_FAILURE_LIMIT=3)
def test_axes_locks_out_with_the_envelope(api_client: APIClient) -> None:
    person(email="amina@example.com")
    body = {"email": "amina@example.com", "password": "guess"}
    answers = [api_client.post(f"{AUTH}login/", body) for _ in range(4)]
    assert answers[0].status_code == 401
    assert answers[-1].status_code == 429
    assert answers[-1].json()["code"] == "too_many_attempts"
    assert int(answers[-1]["Retry-After"]) == 900
    locked = api_client.post(f"{AUTH}login/", body | {"password": PASSWORD})
    assert locked.status_code == 429


def test_every_account_call_is_described(api_client: APIClient, make_user: Callable[..., Any]) -> None:
    schema = api_client.get("/api/schema/", HTTP_ACCEPT="application/json").json()
    login = schema["paths"]["/api/v1/auth/login/"]["post"]
    assert {"200", "400", "401", "429"} <= login["responses"].keys()
    envelope = login["responses"]["200"]["content"]["application/json"]["schema"]
    assert envelope["required"] == ["status", "message", "data"]
    listed = [path for path in schema["paths"] if path.startswith(AUTH)]
    assert len(listed) == 16
