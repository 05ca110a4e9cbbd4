"""Result of one action on many rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kit.errors import DomainError

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class BulkResult:
    """Number of rows that were done, and the reasons of the others."""

    done: int
    refusals: list[str]


def apply_to_each(act: Callable[[Key], object], keys: Sequence[Key]) -> BulkResult:
    """Do something to each of a selection; a refusal of one holds up no other."""
    refusals: list[str] = []
    for key in keys:
        try:
            act(key)
        except DomainError as error:
            refusals.append(error.message)
    return BulkResult(done=len(keys) - len(refusals), refusals=refusals)
