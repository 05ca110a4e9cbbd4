"""Bank accounts as providers know them: registered once, outside any transaction, and kept as the provider's code."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.conf import settings

from gateway.bank_accounts import BankSilentError, UnknownBankError, find_bank
from gateway.errors import ProviderRefusedError, ProviderUnavailableError
from gateway.registry import get_provider
from gateway.transfers import RecipientRequest
from payouts.models import BankAccount, PayoutRecipient


def registered(
    accounts: Sequence[BankAccount], *, provider: str, now: datetime
) -> tuple[dict[int, str], dict[int, str]]:
    """Return the provider's codes of accounts by their ids, and its reasons for refusing others by theirs.

    Accounts about which it does not answer are in neither.

    Raises:
        ProviderUnavailableError: the provider answers about none of them.
    """
    known = dict(
        PayoutRecipient.objects.filter(bank_account__in=accounts, provider=provider).values_list(
            "bank_account_id", "code"
        )
    )
    missing = [account for account in accounts if account.pk not in known]
    if not missing:
        return known, {}
    with ThreadPoolExecutor(settings.PROVIDER_CALLS_AT_ONCE) as pool:
        answers = list(pool.map(lambda asked: _register(asked[0], asked[1], provider), _with_kinds(missing)))
    made = {account.pk: answer for account, answer in zip(missing, answers, strict=True) if isinstance(answer, str)}
    PayoutRecipient.objects.bulk_create(
        [
            PayoutRecipient(bank_account_id=account_id, provider=provider, code=code, created_at=now)
            for account_id, code in made.items()
        ],
        ignore_conflicts=True,  # another worker has registered it meanwhile, under the same code
    )
    errors = {account.pk: answer for account, answer in zip(missing, answers, strict=True)}
    refused = {key: str(error) for key, error in errors.items() if isinstance(error, ProviderRefusedError)}
    silent = [error for error in errors.values() if isinstance(error, ProviderUnavailableError)]
    if silent and not known and not made and not refused:
        raise silent[0]
    return known | made, refused


def _with_kinds(accounts: Sequence[BankAccount]) -> list[tuple[BankAccount, str]]:
    """Return accounts with the kind of their bank; read before the threads begin, from the list that is kept."""
    return [(account, _kind_of(account)) for account in accounts]


def _kind_of(account: BankAccount) -> str:
    try:
        return find_bank(currency=account.currency, bank_code=account.bank_code).kind
    except (UnknownBankError, BankSilentError):
        return ""


def _register(account: BankAccount, bank_kind: str, provider: str) -> str | Exception:
    request = RecipientRequest(
        key=f"shop-{account.shop_id}-account-{account.pk}",
        holder_name=account.holder_name,
        number=account.number,
        bank_code=account.bank_code,
        bank_kind=bank_kind,
        currency=account.currency,
    )
    try:
        return get_provider(provider).create_recipient(request).code
    except (ProviderRefusedError, ProviderUnavailableError) as error:
        return error
