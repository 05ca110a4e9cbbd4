"""The port to carriers' rates: what is asked, what is answered, and the operation that every adapter implements.

Answers check their bounds when an adapter makes them: a price that cannot be charged is no answer.
"""

from dataclasses import dataclass
from typing import Protocol

from carriers.errors import RatesUnavailableError
from gateway.bounds import MOST_MINOR, text
from kit.money import is_whole_enough

LONGEST_NAME = 80
MOST_DAYS = 365


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a parcel leaves from or goes to.

    Args:
        country: ISO 3166-1 alpha-2.
        state: name of the state or region; empty where the country has none.
        town: as it is written there.
    """

    country: str
    state: str
    town: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel: its weight, and the value of the goods in it in minor units."""

    grams: int
    value_minor: int

    def __post_init__(self) -> None:
        if self.grams <= 0 or self.value_minor < 0:
            raise ValueError(f"A parcel of {self.grams} g, worth {self.value_minor}, has no rate.")


@dataclass(frozen=True, slots=True)
class RatesRequest:
    """A question for rates; it is a key of answers, and two that are equal have one answer."""

    origin: Place
    destination: Place
    parcels: tuple[Parcel, ...]
    currency: str

    @property
    def grams(self) -> int:
        """Return the weight of all parcels."""
        return sum(parcel.grams for parcel in self.parcels)


@dataclass(frozen=True, slots=True)
class OfferedService:
    """A carrier's service at its price, in the currency of the question.

    Args:
        name: of the carrier, with its service.
        transit_days: the least and the most days on the way; None: the carrier tells none.
    """

    name: str
    price_minor: int
    currency: str
    transit_days: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", text(self.name, longest=LONGEST_NAME))
        is_price = 0 <= self.price_minor <= MOST_MINOR and is_whole_enough(self.price_minor, self.currency)
        if not (self.name and is_price):
            raise RatesUnavailableError(f"{self.name!r} at {self.price_minor} {self.currency} is no service.")
        least, most = self.transit_days or (0, 0)
        if not 0 <= least <= most <= MOST_DAYS:
            object.__setattr__(self, "transit_days", None)


class ShippingRates(Protocol):
    """A service that tells carriers' rates. It calls the network, and refuses to inside a database transaction.

    Asking has no effect there, so that a question may be asked again.
    """

    label: str
    """Its name for people who run the market."""

    def find_services(self, request: RatesRequest) -> tuple[OfferedService, ...]:
        """Return the services that carry the parcels, in the currency of the question; none where no carrier does.

        Raises:
            RatesUnavailableError: there is no answer in time, or none that can be used.
            RatesRefusedError: the question is refused.
        """
        ...
