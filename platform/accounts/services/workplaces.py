"""Pages on which people work, where a sign-in without another target leads."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

from accounts.models import User
from kit.wiring import Contribution, contributions


@dataclass(frozen=True, slots=True)
class Workplace(Contribution):
    """One app's place of work.

    Args:
        turn: of several places the one with the lowest turn is taken.
        address_of: returns the address of a person's page, or an empty text where the person does not work there.
    """

    turn: int
    address_of: Callable[[User], str]


def workplace_of(user: User) -> str:
    """Return the address of the page where a person works, or an empty text for people who only buy."""
    for place in sorted(contributions(Workplace), key=attrgetter("turn")):
        if address := place.address_of(user):
            return address
    return ""
