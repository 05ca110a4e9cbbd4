"""A shop's bank account: named by the bank, changed by owners alone, cooling off, told to all owners."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from accounts.models import User
from gateway.bank_accounts import AccountNotFoundError, BankSilentError
from gateway.guard import NetworkInTransactionError
from notifications.models import Notification
from payouts.errors import NotTheOwnerError
from payouts.models import BankAccount
from payouts.selectors.bank_accounts import current_bank_account, payable_bank_account
from payouts.services.bank_accounts import change_bank_account
from tenants.models import Role, Shop, ShopEvent
from tenants.staff.members import add_member
from tests.world.applications import BANK, NUMBER
from tests.world.clock import NOW
from tests.world.factories.people import person
from tests.world.ledger import without_triggers
from tests.world.market import open_shop
from tests.world.own_shop import member

pytestmark = pytest.mark.django_db
OTHER = "9876543210"
LATER = NOW + timedelta(days=30)


@pytest.fixture
def shop() -> Shop:
    return open_shop("indigo-fabrics")


@pytest.fixture
def owner(shop: Shop) -> User:
    return member(shop)


def change(shop: Shop, owner: User, number: str = NUMBER, *, now: Any = NOW) -> BankAccount:
    return change_bank_account(shop_id=shop.pk, bank_code=BANK, number=number, actor_id=owner.pk, now=now)


def test_the_first_account_is_usable_at_once(paystack: Any, shop: Shop, owner: User) -> None:
    account = change(shop, owner)
    assert payable_bank_account(shop_id=shop.pk, now=NOW) == account
    assert (account.currency, account.created_by, account.holder_name != "") == ("NGN", owner, True)
    event = ShopEvent.objects.get(kind="bank_account.changed")
    assert (event.actor, event.subject) == (owner, "Guaranty Trust Bank •••• 6789")
    assert NUMBER not in str(event.details)


def test_a_changed_account_cools_off_and_every_owner_hears_of_it(
    paystack: Any, shop: Shop, owner: User, django_capture_on_commit_callbacks: Any
) -> None:
    partner = person(email="partner@indigo.test", name="Partner")
    add_member(shop_id=shop.pk, user_id=partner.pk, role=Role.OWNER, now=NOW)
    member(shop, Role.MANAGER)
    change(shop, owner)
    with django_capture_on_commit_callbacks(execute=True):
        changed = change(shop, owner, OTHER, now=LATER)
    assert changed.usable_from == LATER + timedelta(hours=48)
    assert current_bank_account(shop_id=shop.pk) == changed
    assert payable_bank_account(shop_id=shop.pk, now=LATER + timedelta(hours=47)) is None
    assert payable_bank_account(shop_id=shop.pk, now=LATER + timedelta(hours=48)) == changed
    assert sorted(to for message in mail.outbox for to in message.to) == sorted([owner.email, partner.email])
    assert all("•••• 3210" in message.body and OTHER not in message.body for message in mail.outbox)
    assert Notification.objects.filter(kind="bank_account.changed").count() == 2
    before, after = BankAccount.objects.order_by("pk")
    assert (before.is_current, before.replaced_at, after.is_current) == (False, LATER, True)


def test_the_same_account_again_is_no_change(paystack: Any, shop: Shop, owner: User) -> None:
    first = change(shop, owner)
    assert change(shop, owner, "0123-456 789", now=LATER) == first
    assert BankAccount.objects.count() == ShopEvent.objects.filter(kind="bank_account.changed").count() == 1


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ACCOUNTANT, Role.VIEWER])
def test_only_owners_change_it(paystack: Any, shop: Shop, role: Role) -> None:
    with pytest.raises(NotTheOwnerError):
        change(shop, member(shop, role))
    with pytest.raises(NotTheOwnerError):
        change(shop, member(open_shop("copper-kitchen")))
    assert not BankAccount.objects.exists()


def test_what_the_bank_does_not_confirm_changes_nothing(paystack: Any, shop: Shop, owner: User) -> None:
    first = change(shop, owner)
    with pytest.raises(AccountNotFoundError):
        change(shop, owner, "0000000404", now=LATER)
    paystack.add_fault("server_error", match={"path": "/bank/resolve"})
    with pytest.raises(BankSilentError):
        change(shop, owner, OTHER, now=LATER)
    assert current_bank_account(shop_id=shop.pk) == first
    assert BankAccount.objects.count() == 1


def test_the_bank_is_never_asked_inside_a_transaction(paystack: Any, shop: Shop, owner: User) -> None:
    with transaction.atomic(), pytest.raises(NetworkInTransactionError):
        change(shop, owner)


BROKEN: dict[str, dict[str, Any]] = {
    "bank_account_number_is_one": {"number": "12ab"},
    "bank_account_named_by_its_bank": {"holder_name": ""},
    "bank_account_usable_once_made": {"usable_from": NOW - timedelta(days=1)},
    "bank_account_replaced_when": {"is_current": False},
}


@pytest.mark.parametrize("constraint", BROKEN)
def test_the_database_holds_accounts_to_their_rules(paystack: Any, shop: Shop, owner: User, constraint: str) -> None:
    change(shop, owner)
    with without_triggers(), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        BankAccount.objects.update(**BROKEN[constraint])


def test_a_shop_has_one_current_account(paystack: Any, shop: Shop, owner: User) -> None:
    account = change(shop, owner)
    account.pk, account.number = None, OTHER
    with pytest.raises(IntegrityError, match="bank_account_one_current_each"), transaction.atomic():
        account.save()
