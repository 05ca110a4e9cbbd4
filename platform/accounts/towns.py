"""Towns and the states around them, to suggest in forms: other apps, which know of towns, contribute them."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from kit.text.subdivisions import folded, subdivisions_of
from kit.wiring import Contribution, contributions

REMEMBERED_SECONDS = 600
MOST_SUGGESTED = 200


@dataclass(frozen=True, slots=True)
class Place:
    """A state, region or county, or a town.

    Args:
        code: ISO 3166-2, of the state; of a town that of its state, empty where it is not known.
    """

    kind: str
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class KnownTowns(Contribution):
    """An app's function that names the towns of a country, each with the code of its state or an empty one."""

    app: str
    name_towns: Callable[[str], Iterable[tuple[str, str]]]


def find_places(*, country: str, asked: str = "") -> list[Place]:
    """Return states by name, then towns by name, whose names have words that begin with the words asked for."""
    states = tuple(Place("subdivision", each.name, each.code) for each in subdivisions_of(country))
    known = (*states, *_towns(country, _window()))
    words = folded(asked).split()
    return [place for place in known if _begins(folded(place.name).split(), words)]


def suggested_towns(country: str) -> list[str]:
    """Return towns of a country to suggest beside a field."""
    return [place.name for place in _towns(country, _window())[:MOST_SUGGESTED]]


def clear_process() -> None:
    """Clear the towns that this process remembers, for tests."""
    _towns.cache_clear()


def _begins(named: list[str], asked: list[str]) -> bool:
    return all(any(word.startswith(start) for word in named) for start in asked)


def _window() -> int:
    return int(time.monotonic() / REMEMBERED_SECONDS)


@lru_cache(maxsize=64)
def _towns(country: str, window: int) -> tuple[Place, ...]:  # noqa: ARG001 - looked up again once it is over
    """Return towns by name, each once for its state: spelled as an app does that knows none, which may keep less."""
    named = [(name, code) for each in contributions(KnownTowns) for name, code in each.name_towns(country)]
    found: dict[tuple[str, str], Place] = {}
    spelled = {folded(name): name for name, code in named if not code}
    with_state = {folded(name) for name, code in named if code}
    for name, code in named:
        if code or folded(name) not in with_state:
            found[folded(name), code] = Place("town", spelled.get(folded(name), name), code)
    return tuple(found[key] for key in sorted(found))
