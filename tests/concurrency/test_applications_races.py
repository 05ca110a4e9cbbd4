"""Two operators decide at once, and two owners name a bank account at once."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from django.db import IntegrityError

from accounts.models import User
from console.models import AuditEntry
from console.services.applications import approve_application, refuse_application
from gateway.bank_accounts import ResolvedAccount
from payouts.models import BankAccount
from payouts.services import bank_accounts
from tenants.applications import selectors
from tenants.applications.errors import ApplicationClosedError, ApplicationNotWaitingError
from tenants.applications.services import decisions, drafts, submission
from tenants.applications.services.drafts import Business, save_business
from tenants.models import AccountState, Shop, ShopApplication
from tests.world.applications import BUSINESS, add_paper, history, started
from tests.world.clock import NOW
from tests.world.factories.people import person
from tests.world.market import open_shop
from tests.world.races import after_all, all_at_once, before_all

DECIDERS = 6


def _whole() -> ShopApplication:
    """An application that lacks nothing; the bank needs no asking here."""
    application = started()
    save_business(application_id=application.pk, business=Business(**BUSINESS), now=NOW)
    add_paper(application)
    ShopApplication.objects.filter(pk=application.pk).update(
        account_state=AccountState.RESOLVED, account_name="SADE", account_number="0123456789", bank_code="058"
    )
    return application


def _waiting() -> ShopApplication:
    return submission.submit_application(application_id=_whole().pk, now=NOW)


def _submit(application: ShopApplication) -> str:
    try:
        submission.submit_application(application_id=application.pk, now=NOW)
    except ApplicationClosedError:
        return "sent already"
    return "sent"


def _decide(application: ShopApplication, judge: User, number: int) -> str:
    common: dict[str, Any] = {"application_id": application.pk, "actor_id": judge.pk, "now": NOW}
    try:
        if number % 2:
            approve_application(**common)
        else:
            refuse_application(**common, reason="Another of us said no.")
    except ApplicationNotWaitingError:
        return "too late"
    except IntegrityError:
        return "broken"
    return "decided"


def test_an_application_is_sent_once(live_database: str) -> None:
    application = _whole()
    assert all_at_once(lambda _: _submit(application), DECIDERS) == {"sent": 1, "sent already": DECIDERS - 1}
    assert history(application) == ["started", "submitted"]


def test_without_the_lock_it_would_be_sent_more_than_once(live_database: str) -> None:
    application = _whole()

    with patch.object(drafts, "lock_application", after_all(selectors.get_application, DECIDERS)):
        outcome = all_at_once(lambda _: _submit(application), DECIDERS)
    assert outcome == {"sent": DECIDERS}


def test_an_application_is_decided_once(live_database: str) -> None:
    judge = person(email="operator@kasuwa.test", is_operator=True)
    application = _waiting()
    outcome = all_at_once(lambda number: _decide(application, judge, number), DECIDERS)
    assert outcome == {"decided": 1, "too late": DECIDERS - 1}
    application.refresh_from_db()
    assert AuditEntry.objects.count() == 1
    assert Shop.objects.count() == (1 if application.status == "approved" else 0)


def test_without_the_lock_it_would_be_decided_more_than_once(live_database: str) -> None:
    judge = person(email="operator@kasuwa.test", is_operator=True)
    application = _waiting()

    with patch.object(decisions, "lock_application", after_all(selectors.get_application, DECIDERS)):
        outcome = all_at_once(lambda number: _decide(application, judge, 2 * number), DECIDERS)
    assert outcome == {"decided": DECIDERS}


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])
def test_owners_who_name_accounts_at_once_leave_one(live_database: str, locked: bool) -> None:
    shop = open_shop("indigo-fabrics")

    def name(number: int) -> str:
        account = ResolvedAccount("058", "GTB", f"012345678{number}", "INDIGO")
        try:
            bank_accounts.record_bank_account(shop=shop, resolved=account, verified_at=NOW, actor_id=None, now=NOW)
        except IntegrityError:
            return "refused by the database"
        return "named"

    if locked:
        outcome = all_at_once(name, DECIDERS)
        assert outcome == {"named": DECIDERS}
        assert BankAccount.objects.count() == DECIDERS
    else:
        write = before_all(BankAccount.objects.create, DECIDERS)
        with (
            patch.object(bank_accounts, "lock_shop", lambda **_: shop),
            patch.object(BankAccount.objects, "create", write),
        ):
            outcome = all_at_once(name, DECIDERS)
        assert outcome == {"named": 1, "refused by the database": DECIDERS - 1}
    assert BankAccount.objects.filter(shop=shop, is_current=True).count() == 1
