"""Paystack's amounts, and what it takes in one charge."""

from gateway.facts import ChargeLimits
from kit.money import MINOR_PER_MAJOR

# It counts every currency in hundredths, XOF included: https://paystack.com/docs/api/#supported-currency
HUNDREDTHS = 100

# The smallest charges: https://support.paystack.com, "What is the minimum amount I can charge?"
LIMITS = ChargeLimits(
    smallest_minor={"NGN": 50_00, "USD": 2_00, "GHS": 10, "ZAR": 1_00, "KES": 3_00, "XOF": 1_00},
)


def to_provider(amount_minor: int) -> int:
    """Return an amount as Paystack counts it."""
    return amount_minor * HUNDREDTHS // MINOR_PER_MAJOR


def from_provider(amount: int) -> int:
    """Return an amount of Paystack's in our minor units."""
    return amount * MINOR_PER_MAJOR // HUNDREDTHS
