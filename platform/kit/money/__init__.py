"""Money as integer minor units beside an ISO 4217 code."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Self

from kit.text.conventions import ENGLISH, NO_BREAK, Conventions, conventions
from kit.text.numbers import grouped

# Every currency of the market is kept in hundredths, so that a column means the same in every currency. Those
# that ISO 4217 gives no smaller unit hold whole units alone: setters of amounts check it (`is_whole_enough`).
# Adapters convert to the units of their provider (gateway.port).
MINOR_PER_MAJOR = 100
REMEMBERED = 20_000  # amounts with their text
WITHOUT_DECIMALS = frozenset({"XOF", "XAF", "RWF", "UGX"})
SYMBOLS = ENGLISH.symbols  # the currencies that the market knows


class CurrencyMismatchError(ValueError):
    """Two amounts of different currencies met in one sum."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in minor units of a currency."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.minor, int) or isinstance(self.minor, bool):
            raise TypeError(f"Money takes an integer of minor units, not {self.minor!r}.")

    def _same(self, other: Self) -> None:
        if other.currency != self.currency:
            raise CurrencyMismatchError(f"{self.currency} and {other.currency} cannot be added.")

    def __add__(self, other: Self) -> "Money":
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Self) -> "Money":
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __str__(self) -> str:
        return format_minor(self.minor, self.currency)


def symbol_of(currency: str) -> str:
    """Return the sign that people read for a currency, or its code."""
    return conventions().symbols.get(currency, currency)


def smallest_unit(currency: str) -> int:
    """Return the smallest amount that can be paid in a currency, in minor units."""
    return MINOR_PER_MAJOR if currency in WITHOUT_DECIMALS else 1


def is_whole_enough(minor: int, currency: str) -> bool:
    """Return whether an amount can be paid in a currency: one without smaller units has whole ones alone."""
    return minor % smallest_unit(currency) == 0


def format_minor(minor: int, currency: str) -> str:
    """Format an amount for people: `₦18,500`, `CFA 1,500`, with minor units where there are any; `18 500,50 NGN`."""
    return _formatted(minor, currency, conventions())


@lru_cache(maxsize=REMEMBERED)
def _formatted(minor: int, currency: str, written: Conventions) -> str:
    """Format an amount in the language that is active; remembered, since lists show the same prices again and again."""
    sign, amount = "−" if minor < 0 else "", bare_amount(abs(minor))
    if written.has_currency_behind:
        return f"{sign}{amount}{NO_BREAK}{symbol_of(currency)}"
    return f"{sign}{_spaced(symbol_of(currency))}{amount}"


def bare_amount(minor: int) -> str:
    """Format an amount for people without its currency, for columns that name it above: `18,500.50`."""
    whole, rest = divmod(abs(minor), MINOR_PER_MAJOR)
    sign = "−" if minor < 0 else ""
    return sign + grouped(whole) + (f"{conventions().decimals}{rest:02d}" if rest else "")


def _spaced(mark: str) -> str:
    """Return a currency's mark with the space that sets one which ends in a letter apart from the amount (CLDR)."""
    return f"{mark}{NO_BREAK}" if mark[-1].isalpha() else mark


def plain_amount(minor: int) -> str:
    """Return an amount in major units as programs and form fields read it: `18500`, `18500.50`."""
    whole, rest = divmod(minor, MINOR_PER_MAJOR)
    return f"{whole}.{rest:02d}" if rest else str(whole)


def decimal_amount(minor: int, currency: str) -> Decimal:
    """Return an amount in major units for a table, with as many decimals as its currency has: 18500.50, or 18500."""
    is_whole = currency in WITHOUT_DECIMALS and minor % MINOR_PER_MAJOR == 0
    return (Decimal(minor) / MINOR_PER_MAJOR).quantize(Decimal(1) if is_whole else Decimal("0.01"))


def minor_from_decimal(amount: Decimal) -> int:
    """Turn a decimal of major units into minor units.

    Raises:
        ValueError: the amount has more decimals than the currency.
    """
    scaled = amount * MINOR_PER_MAJOR
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} has more than two decimals.")
    return int(scaled)
