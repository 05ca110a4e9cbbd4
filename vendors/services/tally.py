"""One thing done to many."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kit.errors import DomainError

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of a selection were done, and why others were not."""

    done: int
    refusals: list[str]


def tally(act: Callable[[Key], object], keys: Sequence[Key]) -> Tally:
    """Do something to each of a selection; a refusal of one holds up no other."""
    refusals: list[str] = []
    for key in keys:
        try:
            act(key)
        except DomainError as error:
            refusals.append(error.message)
    return Tally(done=len(keys) - len(refusals), refusals=refusals)
