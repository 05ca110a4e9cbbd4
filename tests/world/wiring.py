"""A wiring with something more in it, and an event to try it with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from kit import wiring
from kit.wiring import Contribution, Follows, Hears, Table, Wiring
from kit.work.events import Event


@dataclass(frozen=True, slots=True)
class Counted(Event):
    """An event of a count."""

    topic = "tests.counted"
    is_for_outside = True
    number: int


@contextmanager
def wired(
    *,
    events: Sequence[type[Event]] = (),
    hears: Sequence[Hears[Any]] = (),
    follows: Sequence[Follows[Any]] = (),
    contributes: Sequence[Contribution] = (),
) -> Iterator[Wiring]:
    """Join an app of the tests' own to the installed ones."""
    both = Wiring([*wiring.read_tables(), Table("tests", events, hears, follows, contributes)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "wiring", lambda: both)
        yield both
