"""The same refresh token, and the same e-mail, wanted by many at once."""

import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.core import mail
from django.db import connections
from django.utils import timezone
from rest_framework_simplejwt.exceptions import InvalidToken, TokenError
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.models import Address, User
from accounts.services import tokens
from accounts.services.addresses import AddressInput, add_address
from accounts.services.families import family_of_row
from accounts.services.tokens import TokenPair, issue_tokens, rotate_tokens
from notifications.models import Email
from notifications.services.emails import deliver_email
from tests.world.factories.people import person
from tests.world.races import all_at_once, is_somebody_waiting

MANY = 8


@pytest.mark.usefixtures("live_database")
def test_a_refresh_token_is_traded_once() -> None:
    refresh = issue_tokens(user=person()).refresh

    def trade(_: int) -> str:
        try:
            rotate_tokens(refresh=refresh)
        except InvalidToken:
            return "refused"
        return "traded"

    assert all_at_once(trade, MANY) == {"traded": 1, "refused": MANY - 1}


def _reuse_during_a_trade(monkeypatch: pytest.MonkeyPatch, is_decided: Callable[[Event], None]) -> bool:
    """Trade a token while the one before it comes again; tell whether the traded pair is still good afterwards.

    Args:
        is_decided: waits until the second has looked for relatives, which sets the event, or waits for a lock.
    """
    stolen = issue_tokens(user=person()).refresh
    current = rotate_tokens(refresh=stolen).refresh
    is_trading, may_commit, has_looked = Event(), Event(), Event()

    def issue_slowly(**facts: Any) -> TokenPair:
        pair = issue_tokens(**facts)
        is_trading.set()
        assert may_commit.wait(timeout=60)
        return pair

    def read_watched(row: OutstandingToken) -> str:
        has_looked.set()
        return family_of_row(row)

    def reuse() -> None:
        with contextlib.suppress(InvalidToken):
            rotate_tokens(refresh=stolen)
        connections.close_all()

    def trade() -> str:
        newest = rotate_tokens(refresh=current).refresh
        connections.close_all()
        return newest

    monkeypatch.setattr(tokens, "family_of_row", read_watched)
    monkeypatch.setattr(tokens, "issue_tokens", issue_slowly)
    with ThreadPoolExecutor(2) as pool:
        traded = pool.submit(trade)
        assert is_trading.wait(timeout=60)
        reused = pool.submit(reuse)
        is_decided(has_looked)
        may_commit.set()
        reused.result(timeout=60)
        newest = traded.result(timeout=60)
    try:
        RefreshToken(newest)
    except TokenError:
        return False
    return True


@pytest.mark.usefixtures("live_database")
def test_a_reused_token_ends_a_pair_that_is_being_traded(
    monkeypatch: pytest.MonkeyPatch, eventually: Callable[..., bool]
) -> None:
    def waits_for_the_lock(has_looked: Event) -> None:
        eventually(is_somebody_waiting)
        assert not has_looked.is_set()

    assert not _reuse_during_a_trade(monkeypatch, waits_for_the_lock)


@pytest.mark.usefixtures("live_database")
def test_without_the_lock_the_traded_pair_would_live_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""

    def owner_unlocked(token: RefreshToken) -> User | None:
        return User.objects.filter(pk=token.payload["user_id"], is_active=True).first()

    def looks(has_looked: Event) -> None:
        assert has_looked.wait(timeout=60)

    monkeypatch.setattr(tokens, "_lock_owner", owner_unlocked)
    assert _reuse_during_a_trade(monkeypatch, looks)


@pytest.mark.usefixtures("live_database")
def test_an_e_mail_is_sent_once() -> None:
    now = timezone.now()
    email = Email.objects.create(to="a@example.com", subject="S", text="T", dedup_key="k", created_at=now, due_at=now)
    answers = all_at_once(lambda _: str(deliver_email(email_id=email.pk, now=now)), MANY)
    assert answers == {"True": 1, "False": MANY - 1}
    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("live_database")
def test_many_first_addresses_make_one_default() -> None:
    user = person()
    data = AddressInput(name="A", line1="1 Road", city="Ibadan", state="Oyo", country="NG", phone="08031234567")

    def add(_: int) -> str:
        return str(add_address(user_id=user.pk, data=data).is_default)

    assert all_at_once(add, MANY) == {"True": 1, "False": MANY - 1}
    assert Address.objects.filter(is_default=True).count() == 1
