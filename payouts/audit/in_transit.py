"""Money that may have moved at a provider without an event: each item counts when the provider confirms it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from django.conf import settings

from kit.wiring import Contribution

# The newest of each provider; with six calls at once and a quarter of a second each, 40 s.
ASKED_AT_MOST = 1_000


@dataclass(frozen=True, slots=True, order=True)
class BalanceKey:
    """A provider's balance in one currency."""

    provider: str
    currency: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The provider's confirmed amounts of a movement under way, in minor units; zero where it has not moved."""

    currency: str = ""
    amount_minor: int = 0


@dataclass(frozen=True, slots=True)
class PendingMovement:
    """A payment or a refund that may have moved without an event.

    Args:
        subject: names it, such as "payment ks-…".
        is_leaving: whether it leaves the provider; else it comes to it.
        confirm: asks the provider; raises `ProviderError` where it can't.
        is_watched: whether a task asks about it still; else a person has to.
    """

    provider: str
    subject: str
    is_leaving: bool
    confirm: Callable[[], Confirmed]
    is_watched: bool = True


@dataclass(frozen=True, slots=True)
class MoneyInTransit(Contribution):
    """A kind of money that may have moved at a provider without an event.

    Args:
        find: returns the newest of each provider, `ASKED_AT_MOST` at most; it reads the database alone.
    """

    name: str
    find: Callable[[], Sequence[PendingMovement]]

    @property
    def key(self) -> str:
        return self.name


@dataclass(slots=True)
class ConfirmedMoney:
    """Amounts that a provider has confirmed so far."""

    coming: dict[str, int] = field(default_factory=dict)
    leaving: dict[str, int] = field(default_factory=dict)
    found: list[tuple[PendingMovement, Confirmed]] = field(default_factory=list)

    def add(self, moving: PendingMovement, confirmed: Confirmed) -> None:
        """Add the confirmed amount of a movement."""
        if confirmed.amount_minor:
            sums = self.leaving if moving.is_leaving else self.coming
            sums[confirmed.currency] = sums.get(confirmed.currency, 0) + confirmed.amount_minor
            self.found.append((moving, confirmed))

    def lowest(self, currency: str, booked_minor: int) -> int:
        """Return the least that the provider may hold: all that leaves is gone."""
        return self.highest(currency, booked_minor) - self.leaving.get(currency, 0)

    def highest(self, currency: str, booked_minor: int) -> int:
        """Return the most that the provider may hold: nothing that leaves is gone yet."""
        return booked_minor + self.coming.get(currency, 0)


def confirm_until(is_enough: Callable[[ConfirmedMoney], bool], moving: Iterable[PendingMovement]) -> ConfirmedMoney:
    """Ask about movements under way, several at once, until the sum is enough or all have been asked about.

    Raises:
        ProviderError: the provider can't say.
    """
    money = ConfirmedMoney()
    with ThreadPoolExecutor(settings.PROVIDER_CALLS_AT_ONCE) as pool:
        for some in _in_batches(list(moving)[:ASKED_AT_MOST], settings.PROVIDER_CALLS_AT_ONCE):
            if is_enough(money):
                break
            for each, confirmed in zip(some, pool.map(lambda one: one.confirm(), some), strict=True):
                money.add(each, confirmed)
    return money


T = TypeVar("T")


def _in_batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
