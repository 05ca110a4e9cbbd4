"""The bank account of an application: named by its bank, now or as soon as the bank answers."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from gateway.bank_accounts import (
    AccountNotFoundError,
    BankSilentError,
    ResolvedAccount,
    UnknownBankError,
    clean_number,
    find_bank,
    resolve_account,
)
from kit.errors import Fault, InvalidInputError
from kit.work.rounds import each_by_itself
from tenants.applications.errors import ApplicationClosedError
from tenants.applications.selectors import get_application, lock_application, unchecked_application_ids
from tenants.applications.services.drafts import ACCOUNT, lock_open_application
from tenants.applications.services.history import append_entry
from tenants.applications.services.self_service import approve_by_itself
from tenants.models import AccountState, ApplicationEntryKind, ShopApplication

AT_ONCE = 20


def save_account(*, application_id: UUID, bank_code: str, number: str, now: datetime) -> ShopApplication:
    """Ask the bank for an account's holder, then save the account.

    Where the bank doesn't answer, the account is kept unchecked, and a task asks again (`check_accounts`).

    Raises:
        ApplicationClosedError: it has been sent, or decided.
        InvalidInputError, UnknownBankError: the number can't be one, or the bank is not in the list.
        AccountNotFoundError: the bank knows no such account; nothing is kept.
        BankSilentError: not even the list of banks can be had.
    """
    application = get_application(application_id=application_id)
    if not application.is_open:
        raise ApplicationClosedError
    currency = application.currency
    number = clean_number(number)
    bank = find_bank(currency=currency, bank_code=bank_code)
    resolved: ResolvedAccount | None = None
    with suppress(BankSilentError):
        resolved = resolve_account(currency=currency, bank_code=bank_code, number=number)
    with transaction.atomic():
        application = lock_open_application(application_id=application_id)
        if application.currency != currency:
            message = gettext("The currency has changed. Choose a bank again.")
            raise InvalidInputError(details={"bank_code": [Fault(message, "unknown_bank")]})
        application.bank_code, application.bank_name, application.account_number = bank.code, bank.name, number
        _keep(application, resolved, now)
    return application


def check_account(*, application_id: UUID, now: datetime) -> ShopApplication:
    """Ask again about an account whose bank gave no answer; other accounts are left unchanged."""
    application = get_application(application_id=application_id)
    if application.account_state != AccountState.UNCHECKED:
        return application
    asked = (application.bank_code, application.account_number)
    resolved, is_refused = None, False
    try:
        resolved = resolve_account(currency=application.currency, bank_code=asked[0], number=asked[1])
    except (AccountNotFoundError, UnknownBankError):
        is_refused = True
    except BankSilentError:
        pass
    with transaction.atomic():
        application = lock_application(application_id=application_id)
        is_same = (application.bank_code, application.account_number) == asked
        if not is_same or application.account_state != AccountState.UNCHECKED:
            return application
        _keep(application, resolved, now, is_refused=is_refused)
        if resolved or is_refused:
            kind = ApplicationEntryKind.ACCOUNT_CONFIRMED if resolved else ApplicationEntryKind.ACCOUNT_REFUSED
            append_entry(application=application, actor_id=None, kind=kind, now=now)
        approve_by_itself(application=application, now=now)
    return application


def check_accounts(*, now: datetime) -> int:
    """Ask again about all accounts whose banks gave no answer a while ago; return the number of accounts."""
    due = unchecked_application_ids(now=now, limit=AT_ONCE)
    return each_by_itself(
        due, lambda application_id: check_account(application_id=application_id, now=now), name="Account of application"
    )


def _keep(
    application: ShopApplication, resolved: ResolvedAccount | None, now: datetime, *, is_refused: bool = False
) -> None:
    if resolved:
        application.account_state, application.account_name = AccountState.RESOLVED, resolved.holder_name[:160]
    else:
        application.account_state = AccountState.REFUSED if is_refused else AccountState.UNCHECKED
        application.account_name = ""
    application.account_at = application.updated_at = now
    application.save(update_fields=[*ACCOUNT, "updated_at"])
