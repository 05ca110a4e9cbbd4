"""Python's search for objects that only refer to each other: seldom, for nearly all are freed without it."""

from __future__ import annotations

import gc

NEW_OBJECTS = 50_000  # Python's own 700 have all modules walked some hundred times while they are loaded
YOUNGER_SEARCHES = 20


def collect_garbage_rarely() -> None:
    """Search for garbage only after tens of thousands of new objects."""
    gc.set_threshold(NEW_OBJECTS, YOUNGER_SEARCHES, YOUNGER_SEARCHES)


def exit_without_collection() -> None:
    """End the process without a walk through all that was loaded, which takes as long as loading it."""
    gc.freeze()
