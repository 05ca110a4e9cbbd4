"""Currencies, minimum charges and fees, all in minor units.

Nigerian card fees are Paystack's published ones; the other countries' are close enough to be
believable. A client must take `fees` from the answers and never compute them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tariff:
    """Paystack's fees in one currency; rates in basis points."""

    minimum_minor: int
    local_bps: int
    flat_minor: int
    flat_waived_below_minor: int
    cap_minor: int | None
    international_bps: int
    transfer_fee_steps: tuple[tuple[int, int], ...]
    """Pairs of (highest amount, fee); the last pair's fee holds above it too."""


TARIFFS = {
    "NGN": Tariff(5000, 150, 10000, 250000, 200000, 390, ((500000, 1000), (5000000, 2500), (5000001, 5000))),
    "GHS": Tariff(10, 195, 0, 0, None, 195, ((0, 800),)),
    "ZAR": Tariff(100, 290, 100, 0, None, 310, ((0, 300),)),
    "KES": Tariff(300, 290, 0, 0, None, 380, ((2000000, 8000), (2000001, 14000))),
    "USD": Tariff(200, 390, 0, 0, None, 390, ((0, 100),)),
    "XOF": Tariff(100, 320, 0, 0, None, 380, ((0, 10000),)),
}


def collection_fee(*, amount_minor: int, currency: str, international: bool) -> int:
    """Return Paystack's fee on a payment; half a minor unit rounds up."""
    tariff = TARIFFS[currency]
    bps = tariff.international_bps if international else tariff.local_bps
    fee = (amount_minor * bps + 5000) // 10000
    if international or amount_minor >= tariff.flat_waived_below_minor:
        fee += tariff.flat_minor
    if tariff.cap_minor is not None and not international:
        fee = min(fee, tariff.cap_minor)
    return fee


def transfer_fee(*, amount_minor: int, currency: str) -> int:
    """Return Paystack's fee for sending this amount."""
    steps = TARIFFS[currency].transfer_fee_steps
    for highest, fee in steps:
        if amount_minor <= highest:
            return fee
    return steps[-1][1]


def show(amount_minor: int, currency: str) -> str:
    """Return an amount for a person to read, such as `NGN 18,500.00`."""
    sign = "-" if amount_minor < 0 else ""
    whole, part = divmod(abs(amount_minor), 100)
    return f"{sign}{currency} {whole:,}.{part:02d}"
