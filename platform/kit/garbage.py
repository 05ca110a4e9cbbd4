"""When Python looks for objects that only refer to each other: seldom, for nearly all are freed without that."""

from __future__ import annotations

import gc

NEW_OBJECTS = 50_000  # Python's own 700 have all modules walked some hundred times while they are loaded
YOUNGER_SEARCHES = 20


def search_seldom() -> None:
    """Have it look after tens of thousands of new objects."""
    gc.set_threshold(NEW_OBJECTS, YOUNGER_SEARCHES, YOUNGER_SEARCHES)


def end_without_search() -> None:
    """Have it end the process without a walk through all that was loaded, which takes as long as loading it."""
    gc.freeze()
