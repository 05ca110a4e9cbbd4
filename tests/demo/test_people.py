"""The demo's people: two operators, so that one can approve what the other has made."""

from __future__ import annotations

from django.test import Client

from accounts.models import User
from demo.accounts import ACCOUNTS, OPERATOR, PASSWORD, SECOND_OPERATOR
from demo.people import load_people


def test_two_operators_can_sign_in(db: None) -> None:
    people = load_people()
    assert {account.email for account in ACCOUNTS} <= set(people)
    assert set(User.objects.filter(is_operator=True).values_list("email", flat=True)) == {
        OPERATOR.email,
        SECOND_OPERATOR.email,
    }
    for account in (OPERATOR, SECOND_OPERATOR):
        client = Client(HTTP_HOST="kasuwa.localhost")
        assert client.login(email=account.email, password=PASSWORD)
        assert client.get("/operator/payout-runs/").status_code == 200
