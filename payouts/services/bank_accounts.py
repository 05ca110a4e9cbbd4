"""Changing a shop's bank account: the bank is asked first, and a changed account cools off."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from accounts.services.languages import speaking_to
from gateway.bank_accounts import ResolvedAccount, masked, resolve_account
from kit.db.roles import as_platform
from notifications.services import notify, queue_email
from payouts.errors import NotTheOwnerError
from payouts.models import BankAccount
from payouts.selectors.bank_accounts import lock_bank_accounts
from tenants.models import Role, Shop, ShopEventKind
from tenants.shops.addresses import shop_url
from tenants.shops.audit_trail import record_event
from tenants.shops.selectors import get_shop, lock_shop, members_of

if TYPE_CHECKING:
    from tenants.applications.services.decisions import ApplicationApproved


def change_bank_account(*, shop_id: int, bank_code: str, number: str, actor_id: int, now: datetime) -> BankAccount:
    """Ask the bank for an account's holder, and send payouts there from now on.

    The first account is usable at once. A changed one cools off, so that an intruder in an owner's account can't empty
    the balance before the owners, who are notified, react. Naming the current account again changes nothing.

    Raises:
        NotTheOwnerError: the person owns no part of this shop.
        ShopNotFoundError: there is no such shop.
        InvalidInputError, UnknownBankError, AccountNotFoundError: it can't be an account, or the bank has none such.
        BankSilentError: the bank doesn't answer; nothing is changed.
    """
    _check_owner(shop_id, actor_id)
    shop = get_shop(shop_id=shop_id)
    resolved = resolve_account(currency=shop.currency, bank_code=bank_code, number=number)
    return record_bank_account(shop=shop, resolved=resolved, verified_at=now, actor_id=actor_id, now=now)


@as_platform()  # no shop's role may say where money goes
def record_bank_account(
    *, shop: Shop, resolved: ResolvedAccount, verified_at: datetime, actor_id: int | None, now: datetime
) -> BankAccount:
    """Store an account whose holder the bank has confirmed already; otherwise as `change_bank_account`."""
    with transaction.atomic():
        lock_shop(shop_id=shop.pk)
        before = lock_bank_accounts(shop_id=shop.pk)
        current = next((account for account in before if account.is_current), None)
        if current is not None and (current.bank_code, current.number) == (resolved.bank_code, resolved.number):
            return current
        BankAccount.objects.filter(shop_id=shop.pk, is_current=True).update(is_current=False, replaced_at=now)
        cooling = timedelta(hours=settings.BANK_ACCOUNT_COOLING_HOURS if before else 0)
        account = BankAccount.objects.create(
            shop=shop,
            currency=shop.currency,
            bank_code=resolved.bank_code,
            bank_name=resolved.bank_name,
            number=resolved.number,
            holder_name=resolved.holder_name[:160],
            verified_at=verified_at,
            usable_from=now + cooling,
            created_by_id=actor_id,
            created_at=now,
        )
        record_event(
            shop_id=shop.pk,
            actor_id=actor_id,
            kind=ShopEventKind.BANK_ACCOUNT_CHANGED,
            subject=f"{account.bank_name} {masked(account.number)}",
            details={"usable_from": account.usable_from.isoformat(), "is_first": not before},
            now=now,
        )
        if before:
            _tell_owners(shop, account, now)
    return account


def record_approved_account(approval: "ApplicationApproved") -> None:
    """Keep the account of an approved application, where the bank has named it."""
    if not approval.has_account:
        return
    application = approval.application
    record_bank_account(
        shop=approval.shop,
        resolved=ResolvedAccount(
            application.bank_code, application.bank_name, application.account_number, application.account_name
        ),
        verified_at=application.account_at or approval.now,
        actor_id=application.applicant_id,
        now=approval.now,
    )


def _check_owner(shop_id: int, actor_id: int) -> None:
    if not any(member.user_id == actor_id and member.role == Role.OWNER for member in members_of(shop_id=shop_id)):
        raise NotTheOwnerError


def _tell_owners(shop: Shop, account: BankAccount, now: datetime) -> None:
    link = shop_url(shop, "/dashboard/settings/bank-account/")
    number = masked(account.number)
    for member in members_of(shop_id=shop.pk):
        if member.role != Role.OWNER:
            continue
        with speaking_to(user_id=member.user_id):
            queue_email(
                to=member.user.email,
                template="bank_account_changed",
                context={"name": member.user.name, "shop": shop, "account": account, "number": number, "link": link},
                dedup_key=f"bank-account:{account.pk}:{member.user_id}",
                now=now,
            )
            notify(
                user_id=member.user_id,
                kind="bank_account.changed",
                title=(gettext("%(shop)s has a new bank account") % {"shop": shop.name}),
                body=(
                    gettext("%(bank_name)s %(number)s. If it was not you or another owner, write to us at once.")
                    % {"bank_name": account.bank_name, "number": number}
                ),
                url=link,
                dedup_key=f"bank-account:{account.pk}",
                now=now,
            )
