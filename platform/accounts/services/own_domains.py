"""Which hosts are ours beyond the platform's domain; told by the app that knows."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Source:
    is_ours: Callable[[str], bool]
    works_there: Callable[[int, str], bool]


_sources: list[_Source] = []


def register_own_domains(*, is_ours: Callable[[str], bool], works_there: Callable[[int, str], bool]) -> None:
    """Register who knows the domains of shops' own; called once, from an app's `ready`.

    Args:
        is_ours: whether a host (lower case, no port) is one, proved.
        works_there: whether a person, by id, works in the shop at a host.
    """
    _sources[:] = [_Source(is_ours, works_there)]


def is_own_domain(host: str) -> bool:
    """Tell whether a host is a domain of a shop's own that leads here."""
    return any(source.is_ours(host) for source in _sources)


def works_at(*, user_id: int, host: str) -> bool:
    """Tell whether a person works in the shop at a domain of its own."""
    return any(source.works_there(user_id, host) for source in _sources)
