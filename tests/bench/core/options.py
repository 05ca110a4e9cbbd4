"""Thoroughness of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Options:
    """The size of everything.

    Args:
        quick: as small as can be, to see that all of it runs.
        stock_shops: up to how many shops stock django-tenants migrates them too; 1,000 take it many minutes.
        shops: how many shops `shops` goes up to.
        payout_shops: how many shops `payouts` pays.
        minutes: how long `chaos` lasts.
        orders: how many orders `chaos` goes on for, beyond its minutes.
        seed: of what `chaos` does; the same again strikes the same in the same order.
    """

    quick: bool = False
    stock_shops: int = 100
    shops: int = 1_000
    payout_shops: int = 10_000
    minutes: float = 10.0
    orders: int = 0
    seed: int = 0

    @property
    def rounds(self) -> int:
        """Return the number of pairs of runs that count."""
        return 1 if self.quick else 5

    @property
    def seconds(self) -> float:
        """Return the seconds of each run of a load."""
        return 0.25 if self.quick else 4.0

    @property
    def request_seconds(self) -> float:
        """Return the seconds of each run of requests to a web server: a rate of less than a second says nothing."""
        return max(self.seconds, 1.0)

    @property
    def clients(self) -> tuple[int, ...]:
        """Return the number of clients at once."""
        return (8,) if self.quick else (1, 8, 32)

    def pick(self, full: T, quick: T) -> T:
        """Choose by thoroughness."""
        return quick if self.quick else full
