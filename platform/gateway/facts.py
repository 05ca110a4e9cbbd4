"""Facts about a payment provider that the platform's own steps depend on."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Optional operations that a provider supports.

    Args:
        concurrent_refunds: several refunds of one charge may be under way, because each report names its own.
        finds_refund_by_key: a refund can be asked about by our key (`find_refund`), without reading a list.
        disputes: a buyer's bank may take a charge back, and the provider notifies us.
        transfers: money can be sent to bank accounts; the facts of that are `transfers` of the provider.
        resolves_accounts: banks are listed, and asked whose an account is.
        lists_records: its charges, refunds and transfers of some days can be listed, to compare them with the ledger.
    """

    concurrent_refunds: bool = False
    finds_refund_by_key: bool = False
    disputes: bool = False
    transfers: bool = False
    resolves_accounts: bool = False
    lists_records: bool = False


@dataclass(frozen=True, slots=True)
class ChargeLimits:
    """Amounts that a provider takes in one charge, for each currency that it takes, in minor units."""

    smallest_minor: Mapping[str, int]
    largest_minor: Mapping[str, int] = field(default_factory=dict)

    @property
    def currencies(self) -> frozenset[str]:
        """Return the currencies that it charges in."""
        return frozenset(self.smallest_minor)

    def minimum_minor(self, currency: str) -> int:
        """Return the smallest charge of a currency.

        Raises:
            KeyError: the provider does not take this currency.
        """
        return self.smallest_minor[currency]

    def maximum_minor(self, currency: str) -> int | None:
        """Return the largest charge of a currency; None where none is known."""
        return self.largest_minor.get(currency)
