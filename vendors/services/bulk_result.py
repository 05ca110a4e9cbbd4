"""Result of one action on many rows."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from kit.errors import DomainError

Key = TypeVar("Key", bound=Hashable)

MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Refusal(Generic[Key]):
    """A row that was not changed, and the reason."""

    key: Key
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class BulkResult(Generic[Key]):
    """Rows that were changed, and those that were refused."""

    done: Sequence[Key]
    refused: Sequence[Refusal[Key]]


def apply_to_each(act: Callable[[Key], object], keys: Sequence[Key]) -> BulkResult[Key]:
    """Do something to each of a selection, to each once; a refusal of one holds up no other."""
    done: list[Key] = []
    refused: list[Refusal[Key]] = []
    for key in dict.fromkeys(keys):
        try:
            act(key)
        except DomainError as error:
            refused.append(Refusal(key, error.code, error.message))
        else:
            done.append(key)
    return BulkResult(done=done, refused=refused)
