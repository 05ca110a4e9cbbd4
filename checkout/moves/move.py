"""A move: what it is called, who may make it, from which state to which, and on which further condition."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from django.utils.functional import Promise

from checkout.capabilities import FULFIL_ORDERS
from checkout.fulfilment.errors import WrongStepError
from kit.errors import DomainError
from tenants.access import Capability

UNMADE = ""  # the state before the first one
REMOVED = "removed"  # the state of what is there no more


class Side(StrEnum):
    """Side that makes a move; the market itself ends unpaid orders."""

    BUYER = "buyer"
    SHOP = "shop"
    OPERATOR = "operator"
    MARKET = "market"


class HasStatus(Protocol):
    """Facts of a thing that has a state."""

    @property
    def status(self) -> str:
        """Return the state."""


F = TypeVar("F", bound=HasStatus)
Condition = Callable[[F, datetime], DomainError | None]


def no_condition(_facts: object, _now: datetime) -> None:
    """Return no refusal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Generic[F]):
    """A way from some states to another; several may have one name.

    Args:
        name: for programs, as `allowed_moves` lists it.
        label: for people, as a button names it.
        arrow: words on the arrows of the diagram, in English.
        to: empty: the state stays.
        refuses: returns the refusal where a further condition is not met.
        error: the refusal where the move does not fit the state.
        capability: of the shop's staff, where the shop makes it.
    """

    name: str
    label: Promise | str = ""
    arrow: str = ""
    by: frozenset[Side]
    start: frozenset[str]
    to: str = ""
    refuses: Condition[F] = no_condition
    error: type[DomainError] = WrongStepError
    capability: Capability = FULFIL_ORDERS
