"""Tokens of the API: what ends a family ends its access tokens at once; a stale bearer counts as none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from redis.exceptions import RedisError
from rest_framework.test import APIClient
from rest_framework_simplejwt.exceptions import InvalidToken, TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from accounts.models import User
from accounts.services.families import FAMILY
from accounts.services.people import deactivate_user
from accounts.services.tokens import issue_tokens, revoke_token, rotate_tokens
from accounts.signed_in import TokenAuthentication
from kit.db import redis
from tests.world.factories.people import PASSWORD, person

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


def ask(access: str) -> int:
    api = APIClient(HTTP_HOST="kasuwa.localhost")
    return int(api.get(f"{AUTH}user/", HTTP_AUTHORIZATION=f"Bearer {access}").status_code)


def test_a_reused_refresh_token_ends_the_access_tokens_of_its_family_at_once(amina: User) -> None:
    first, elsewhere = issue_tokens(user=amina), issue_tokens(user=amina)
    second = rotate_tokens(refresh=first.refresh)
    third = rotate_tokens(refresh=second.refresh)
    assert [ask(pair.access) for pair in (first, second, third, elsewhere)] == [200] * 4

    with pytest.raises(InvalidToken):
        rotate_tokens(refresh=first.refresh)

    assert [ask(pair.access) for pair in (first, second, third)] == [401] * 3
    assert ask(elsewhere.access) == 200


def test_signing_out_ends_the_access_tokens_of_that_sign_in_alone(api_client: APIClient, amina: User) -> None:
    here, there = issue_tokens(user=amina), issue_tokens(user=amina)
    api_client.post(f"{AUTH}logout/", {"refresh": here.refresh})
    assert (ask(here.access), ask(there.access)) == (401, 200)
    verify = f"{AUTH}token/verify/"
    assert api_client.post(verify, {"token": here.access}).status_code == 401
    assert api_client.post(verify, {"token": there.access}).status_code == 200


def test_access_tokens_end_with_the_account_and_stay_ended_when_it_is_opened_again(amina: User) -> None:
    pairs = [issue_tokens(user=amina), issue_tokens(user=amina)]
    deactivate_user(user_id=amina.pk)
    assert [ask(pair.access) for pair in pairs] == [401, 401]
    User.objects.filter(pk=amina.pk).update(is_active=True)
    assert [ask(pair.access) for pair in pairs] == [401, 401]
    assert ask(issue_tokens(user=amina).access) == 200


def test_access_tokens_end_with_the_password(amina: User) -> None:
    pair = issue_tokens(user=amina)
    amina.set_password("seven baobab umbrellas")
    amina.save(update_fields=["password"])
    assert ask(pair.access) == 401


def test_access_tokens_end_while_redis_is_away(amina: User, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = issue_tokens(user=amina)

    def away() -> None:
        raise RedisError

    monkeypatch.setattr(redis, "client", away)
    revoke_token(refresh=pair.refresh)
    assert ask(pair.access) == 401


def test_that_a_family_has_ended_costs_a_request_no_statement(amina: User) -> None:
    ended, living = issue_tokens(user=amina), issue_tokens(user=amina)
    revoke_token(refresh=ended.refresh)
    with CaptureQueriesContext(connection) as captured:
        assert ask(ended.access) == 401
    assert [query["sql"] for query in captured if "accounts_user" not in query["sql"]] == []
    assert len(captured) == 1
    with CaptureQueriesContext(connection) as captured:
        TokenAuthentication().get_user(AccessToken(living.access))
    assert len(captured) == 1


def test_an_ended_family_is_forgotten_once_its_access_tokens_are_over(amina: User) -> None:
    old = issue_tokens(user=amina)
    revoke_token(refresh=old.refresh)
    amina.refresh_from_db()
    assert len(amina.ended_families) == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        revoke_token(refresh=issue_tokens(user=amina).refresh)
    amina.refresh_from_db()
    assert len(amina.ended_families) == 1
    assert AccessToken(old.access)[FAMILY] not in amina.ended_families


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
