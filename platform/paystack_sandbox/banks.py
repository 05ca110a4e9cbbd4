"""A short list of banks and the names behind account numbers."""

import hashlib
import re
from dataclasses import dataclass

from paystack_sandbox.errors import ApiError, invalid
from paystack_sandbox.shapes import Json

COUNTRY_CURRENCIES = {"nigeria": "NGN", "ghana": "GHS", "south africa": "ZAR", "kenya": "KES"}
UNKNOWN_ENDING = "404"
NUBAN_LENGTHS = range(10, 11)
OTHER_LENGTHS = range(6, 17)
ESTABLISHED = "2026-01-15T10:20:30.000Z"


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank or mobile-money wallet that can receive transfers."""

    id: int
    name: str
    code: str
    currency: str
    type: str = "nuban"

    def shape(self) -> Json:
        """Return the bank as the list shows it."""
        country = {currency: name for name, currency in COUNTRY_CURRENCIES.items()}[self.currency]
        return {
            "name": self.name,
            "slug": re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-"),
            "code": self.code,
            "longcode": f"{self.code}000000"[:9],
            "gateway": None,
            "pay_with_bank": False,
            "supports_transfer": True,
            "available_for_direct_debit": False,
            "active": True,
            "is_deleted": False,
            "country": country.title(),
            "currency": self.currency,
            "type": self.type,
            "id": self.id,
            "createdAt": ESTABLISHED,
            "updatedAt": ESTABLISHED,
        }


BANKS = (
    Bank(1, "Access Bank", "044", "NGN"),
    Bank(7, "First Bank of Nigeria", "011", "NGN"),
    Bank(9, "Guaranty Trust Bank", "058", "NGN"),
    Bank(14, "Sterling Bank", "232", "NGN"),
    Bank(18, "United Bank For Africa", "033", "NGN"),
    Bank(21, "Zenith Bank", "057", "NGN"),
    Bank(67, "Kuda Bank", "50211", "NGN"),
    Bank(101, "Ecobank Ghana", "130100", "GHS", "ghipss"),
    Bank(102, "GCB Bank", "040100", "GHS", "ghipss"),
    Bank(103, "MTN", "MTN", "GHS", "mobile_money"),
    Bank(104, "Telecel Cash", "VOD", "GHS", "mobile_money"),
    Bank(140, "Absa Bank Limited, South Africa", "632005", "ZAR", "basa"),
    Bank(141, "Capitec Bank Limited", "470010", "ZAR", "basa"),
    Bank(142, "First National Bank", "250655", "ZAR", "basa"),
    Bank(230, "Equity Bank Kenya", "68", "KES", "kepss"),
    Bank(231, "KCB Bank Kenya", "01", "KES", "kepss"),
    Bank(232, "M-PESA", "MPESA", "KES", "mobile_money"),
)
FIRST_NAMES = ("ADAEZE", "KWAME", "FATIMA", "THABO", "WANJIKU", "EMEKA", "AMINA", "YAW")
LAST_NAMES = ("OKAFOR", "MENSAH", "BELLO", "NKOSI", "KAMAU", "ADEYEMI", "DANJUMA", "BOATENG")
TRADES = ("", "", " STORES", " FABRICS", " FOODS", " ENTERPRISES")


def list_banks(*, currency: str = "", country: str = "", kind: str = "") -> list[Bank]:
    """Return the banks of a country or currency; without either, Nigeria's."""
    wanted = currency.upper() or COUNTRY_CURRENCIES.get(country.lower(), "" if country else "NGN")
    return [b for b in BANKS if b.currency == wanted and kind in ("", b.type)]


def find_bank(*, code: str, currency: str = "") -> Bank:
    """Return the bank with this code.

    Raises:
        ApiError: there is none.
    """
    for bank in BANKS:
        if bank.code == code and currency in ("", bank.currency):
            return bank
    raise invalid(f"Unknown bank code: {code}", "unknown_bank_code")


def resolve_account(*, account_number: str, bank_code: str) -> Json:
    """Return the name behind an account: always the same, none for numbers ending in 404."""
    bank = find_bank(code=bank_code)
    if not is_account(account_number, bank):
        raise ApiError(
            "Could not resolve account name. Check parameters or try again.",
            status=422,
            code="invalid_bank_code",
            next_step="Check the account number and the bank code",
        )
    name = account_name(account_number, bank)
    return {"account_number": account_number, "account_name": name, "bank_id": bank.id}


def is_account(account_number: str, bank: Bank) -> bool:
    """Return whether the bank knows this number."""
    lengths = NUBAN_LENGTHS if bank.type == "nuban" else OTHER_LENGTHS
    is_number = account_number.isascii() and account_number.isdecimal()
    return is_number and len(account_number) in lengths and not account_number.endswith(UNKNOWN_ENDING)


def account_name(account_number: str, bank: Bank) -> str:
    """Return a believable name that depends on nothing but the account."""
    seed = hashlib.sha256(f"{bank.code}/{account_number}".encode()).digest()
    first = FIRST_NAMES[seed[0] % len(FIRST_NAMES)]
    last = LAST_NAMES[seed[1] % len(LAST_NAMES)]
    return f"{last} {first}{TRADES[seed[2] % len(TRADES)]}"
