"""The same refresh token, and the same e-mail, wanted by many at once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core import mail
from django.db import connections
from django.utils import timezone
from rest_framework_simplejwt.exceptions import InvalidToken

from accounts.models import Address
from accounts.services.addresses import AddressInput, add_address
from accounts.services.tokens import issue_tokens, rotate_tokens
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
