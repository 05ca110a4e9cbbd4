"""Recognise hosts of shops beyond the platform's domain, by a function that the tenancy contributes."""

from collections.abc import Callable
from dataclasses import dataclass

from kit.wiring import Contribution, contributions


@dataclass(frozen=True, slots=True)
class OwnDomains(Contribution):
    """The app that knows the domains of shops' own.

    Args:
        is_ours: whether a host (lower case, no port) is one, proved.
        works_there: whether a person, by id, works in the shop at a host.
    """

    is_single = True
    is_ours: Callable[[str], bool]
    works_there: Callable[[int, str], bool]


def is_own_domain(host: str) -> bool:
    """Return whether a host is a domain of a shop's own that leads here."""
    return any(source.is_ours(host) for source in contributions(OwnDomains))


def works_at(*, user_id: int, host: str) -> bool:
    """Return whether a person works in the shop of a domain."""
    return any(source.works_there(user_id, host) for source in contributions(OwnDomains))
