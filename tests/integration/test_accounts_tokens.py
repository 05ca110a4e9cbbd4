"""Tokens of the API: a refresh token that comes twice ends its family; a stale bearer counts as none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework_simplejwt.exceptions import InvalidToken, TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from accounts.models import User
from accounts.services.tokens import FAMILY, issue_tokens, revoke_token, rotate_tokens
from tests.factories.people import PASSWORD, person

pytestmark = pytest.mark.django_db
AUTH = "/api/v1/auth/"


@pytest.fixture
def amina() -> User:
    return person(email="amina@example.com")


def is_good(refresh: str) -> bool:
    try:
        RefreshToken(refresh)
    except TokenError:
        return False
    return True


def test_refresh_token_reuse_revokes_the_family(amina: User) -> None:
    first, elsewhere = issue_tokens(user=amina), issue_tokens(user=amina)
    second = rotate_tokens(refresh=first.refresh)
    third = rotate_tokens(refresh=second.refresh)
    assert is_good(third.refresh)

    with pytest.raises(InvalidToken):
        rotate_tokens(refresh=first.refresh)

    assert not is_good(third.refresh)
    with pytest.raises(InvalidToken):
        rotate_tokens(refresh=third.refresh)
    assert is_good(elsewhere.refresh)
    assert is_good(rotate_tokens(refresh=elsewhere.refresh).refresh)


def test_the_thief_who_was_first_is_out_too(api_client: APIClient, amina: User) -> None:
    stolen = issue_tokens(user=amina).refresh
    thiefs = api_client.post(f"{AUTH}token/refresh/", {"refresh": stolen}).json()["data"]["refresh"]
    owners = api_client.post(f"{AUTH}token/refresh/", {"refresh": stolen})
    again = api_client.post(f"{AUTH}token/refresh/", {"refresh": thiefs})

    assert (owners.status_code, owners.json()["code"]) == (401, "token_not_valid")
    assert again.status_code == 401


def test_tokens_from_before_families_are_one_family(amina: User) -> None:
    old = [RefreshToken.for_user(amina) for _ in range(2)]
    assert FAMILY not in old[0]
    rotated = rotate_tokens(refresh=str(old[0]))

    with pytest.raises(InvalidToken):
        rotate_tokens(refresh=str(old[0]))

    assert not is_good(str(old[1]))
    assert is_good(rotated.refresh)  # it has begun a family of its own


def test_signing_out_spends_the_token_alone(amina: User) -> None:
    here, there = issue_tokens(user=amina), issue_tokens(user=amina)
    revoke_token(refresh=here.refresh)
    assert (is_good(here.refresh), is_good(there.refresh)) == (False, True)


def _stale(user: User) -> dict[str, str]:
    expired = AccessToken.for_user(user)
    expired.set_exp(from_time=timezone.now() - timedelta(days=2))
    changed = str(AccessToken.for_user(user))
    user.set_password("seven baobab umbrellas")
    user.save(update_fields=["password"])
    gone = AccessToken.for_user(user)
    gone.payload["user_id"] = "999999"
    return {
        "expired": f"Bearer {expired}",
        "before a new password": f"Bearer {changed}",
        "of nobody": f"Bearer {gone}",
        "a refresh token": f"Bearer {RefreshToken.for_user(user)}",
        "garbled": "Bearer not-a-token",
        "cut": f"Bearer {str(expired)[:-10]}",
        "two words": "Bearer one two",
        "not ASCII": "Bearer \u00e9\u00e9\u00e9",
        "unsigned": "Bearer eyJhbGciOiJub25lIn0.eyJ1c2VyX2lkIjoxfQ.",
    }


OPEN = (
    ("GET", "/api/v1/listings/", None),
    ("GET", "/api/v1/cart/", None),
    ("GET", "/api/v1/applications/", None),
    ("POST", f"{AUTH}login/", {"email": "amina@example.com", "password": PASSWORD}),
    ("POST", f"{AUTH}password/reset/", {"email": "amina@example.com"}),
    ("POST", f"{AUTH}registration/verify-email/", {"key": "x"}),
)
CLOSED = (("GET", f"{AUTH}user/"), ("GET", "/api/v1/memberships/"), ("GET", f"{AUTH}addresses/"))


def test_a_stale_bearer_counts_as_none_where_everybody_may_ask(api_client: APIClient, amina: User) -> None:
    for name, header in _stale(amina).items():
        for method, path, body in OPEN:
            ask: Any = getattr(api_client, method.lower())
            with_it, without = ask(path, body, HTTP_AUTHORIZATION=header), ask(path, body)
            assert with_it.status_code == without.status_code, (name, path)


def test_a_stale_bearer_is_told_where_somebody_has_to_ask(api_client: APIClient, amina: User) -> None:
    for name, header in _stale(amina).items():
        for _, path in CLOSED:
            refused = api_client.get(path, HTTP_AUTHORIZATION=header)
            assert refused.status_code == 401, (name, path)
            assert refused.json()["code"] != "not_authenticated", (name, path)
            assert refused["WWW-Authenticate"].startswith("Bearer"), (name, path)


def test_an_open_answer_says_that_the_token_was_not_taken(api_client: APIClient) -> None:
    stale = api_client.get("/api/v1/cart/", HTTP_AUTHORIZATION="Bearer not-a-token")
    assert stale["WWW-Authenticate"] == 'Bearer realm="api", error="invalid_token"'
    assert "WWW-Authenticate" not in api_client.get("/api/v1/cart/")
