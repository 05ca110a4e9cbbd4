"""Banks that payouts can be sent to, and whose an account is: asked of the provider, never inside a transaction."""

import re
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import gettext, gettext_lazy

from gateway.errors import ProviderRefusedError, ProviderUnavailableError
from gateway.port import Bank, PaymentProvider
from gateway.registry import get_provider, provider_for, transfer_provider_for
from kit.errors import BusyError, InvalidInputError

# Bank numbers are digits everywhere that the provider pays to; phone numbers of wallets too.
NUMBER = re.compile(r"[0-9]{6,16}")
FRESH_SECONDS = 24 * 3600
KEPT_SECONDS = 30 * 24 * 3600


class UnknownBankError(InvalidInputError):
    """Payouts of this currency can't be sent to this bank."""

    code = "unknown_bank"
    default_message = gettext_lazy("Choose a bank from the list.")


class AccountNotFoundError(InvalidInputError):
    """The bank has answered that it has no such account."""

    code = "account_not_found"
    default_message = gettext_lazy("The bank knows no account with this number. Check the number and the bank.")


class BankSilentError(BusyError):
    """The bank or provider gave no answer, so that the account may be right or wrong."""

    code = "bank_silent"
    default_message = gettext_lazy("The bank can't be asked at the moment. Please try again in a few minutes.")


@dataclass(frozen=True, slots=True)
class ResolvedAccount:
    """An account that its bank has put a name to."""

    bank_code: str
    bank_name: str
    number: str
    holder_name: str


def list_banks(*, currency: str) -> list[Bank]:
    """Return the banks that take payouts in a currency, by name; read once a day, an older list serves in an outage.

    Raises:
        BankSilentError: the provider does not answer, and no older list is stored.
    """
    fresh, kept = f"public:gateway:banks:{currency}", f"public:gateway:banks-kept:{currency}"
    banks: list[Bank] | None = cache.get(fresh)
    if banks is not None:
        return banks
    try:
        listed = _provider(currency).banks(currency=currency)
        banks = sorted(listed, key=lambda bank: (bank.name.casefold(), bank.code))
    except (ProviderUnavailableError, ProviderRefusedError) as error:
        banks = cache.get(kept)
        if banks is None:
            raise BankSilentError from error
        return banks
    cache.set(fresh, banks, FRESH_SECONDS)
    cache.set(kept, banks, KEPT_SECONDS)
    return banks


def find_bank(*, currency: str, bank_code: str) -> Bank:
    """Return a bank of a currency.

    Raises:
        UnknownBankError: there is none with this code.
        BankSilentError: the list can't be had.
    """
    for bank in list_banks(currency=currency):
        if bank.code == bank_code:
            return bank
    raise UnknownBankError(details={"bank_code": [UnknownBankError.default_message]})


def clean_number(number: str) -> str:
    """Return an account number without the spaces and hyphens that people put in.

    Raises:
        InvalidInputError: it can't be one.
    """
    digits = re.sub(r"[\s-]", "", number)
    if not NUMBER.fullmatch(digits):
        raise InvalidInputError(details={"number": [gettext("An account number has 6 to 16 digits.")]})
    return digits


def resolve_account(*, currency: str, bank_code: str, number: str) -> ResolvedAccount:
    """Ask the bank for the holder of an account.

    Raises:
        InvalidInputError: the number is malformed, or the bank is not in the list.
        AccountNotFoundError: the bank knows no such account.
        BankSilentError: there was no answer; ask again later.
    """
    number = clean_number(number)
    bank = find_bank(currency=currency, bank_code=bank_code)
    try:
        account = _provider(currency).resolve_account(number=number, bank_code=bank.code)
    except ProviderUnavailableError as error:
        raise BankSilentError from error
    except ProviderRefusedError as error:
        raise AccountNotFoundError(details={"number": [AccountNotFoundError.default_message]}) from error
    if not account.name.strip():
        raise BankSilentError
    return ResolvedAccount(bank.code, bank.name, number, account.name.strip())


def _provider(currency: str) -> PaymentProvider:
    """Return the provider that sends transfers in a currency, whose bank codes they need; else that of its charges."""
    return get_provider(transfer_provider_for(currency=currency) or provider_for(currency=currency))


def masked(number: str) -> str:
    """Return the last four digits behind dots: enough to recognise, too little to use."""
    return f"•••• {number[-4:]}" if number else ""
