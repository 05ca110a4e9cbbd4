"""The same refresh token, and the same e-mail, wanted by many at once."""

import contextlib
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
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
from tests.factories.people import person

MANY = 8


def at_once(work: Callable[[], str]) -> Counter[str]:
    """Run the same work in many threads that start together; count the answers."""
    start = Barrier(MANY)

    def run(_: int) -> str:
        start.wait(timeout=10)
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(MANY) as pool:
        return Counter(pool.map(run, range(MANY)))


@pytest.mark.usefixtures("live_database")
def test_a_refresh_token_is_traded_once() -> None:
    refresh = issue_tokens(user=person()).refresh

    def trade() -> str:
        try:
            rotate_tokens(refresh=refresh)
        except InvalidToken:
            return "refused"
        return "traded"

    assert at_once(trade) == {"traded": 1, "refused": MANY - 1}


def _reuse_during_a_trade(monkeypatch: pytest.MonkeyPatch, *, waits: bool) -> bool:
    """Trade a token while the one before it comes again; tell whether the traded pair is still good afterwards.

    Args:
        waits: whether the second is expected to look for relatives only after the first's commit, as by the lock.
    """
    stolen = issue_tokens(user=person()).refresh
    current = rotate_tokens(refresh=stolen).refresh
    is_trading, may_commit, has_looked = Event(), Event(), Event()

    def issue_slowly(**facts: Any) -> TokenPair:
        pair = issue_tokens(**facts)
        is_trading.set()
        assert may_commit.wait(timeout=10)
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
        assert is_trading.wait(timeout=10)
        reused = pool.submit(reuse)
        assert has_looked.wait(timeout=1 if waits else 10) is not waits
        may_commit.set()
        reused.result(timeout=10)
        newest = traded.result(timeout=10)
    try:
        RefreshToken(newest)
    except TokenError:
        return False
    return True


@pytest.mark.usefixtures("live_database")
def test_a_reused_token_ends_a_pair_that_is_being_traded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not _reuse_during_a_trade(monkeypatch, waits=True)


@pytest.mark.usefixtures("live_database")
def test_without_the_lock_the_traded_pair_would_live_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""

    def owner_unlocked(token: RefreshToken) -> User | None:
        return User.objects.filter(pk=token.payload["user_id"], is_active=True).first()

    monkeypatch.setattr(tokens, "_lock_owner", owner_unlocked)
    assert _reuse_during_a_trade(monkeypatch, waits=False)


@pytest.mark.usefixtures("live_database")
def test_an_e_mail_is_sent_once() -> None:
    now = timezone.now()
    email = Email.objects.create(to="a@example.com", subject="S", text="T", dedup_key="k", created_at=now, due_at=now)
    answers = at_once(lambda: str(deliver_email(email_id=email.pk, now=now)))
    assert answers == {"True": 1, "False": MANY - 1}
    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("live_database")
def test_many_first_addresses_make_one_default() -> None:
    user = person()
    data = AddressInput(name="A", line1="1 Road", city="Ibadan", state="Oyo", country="NG", phone="08031234567")

    def add() -> str:
        return str(add_address(user_id=user.pk, data=data).is_default)

    assert at_once(add) == {"True": 1, "False": MANY - 1}
    assert Address.objects.filter(is_default=True).count() == 1
