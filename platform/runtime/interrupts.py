"""Ctrl-C: the end of a command that is stopped."""

from __future__ import annotations

import sys
from collections.abc import Callable

INTERRUPTED = 130  # 128 and the signal's number, as shells do


def until_interrupted(run: Callable[[], int]) -> int:
    """Run a command; on Ctrl-C end it with one line instead of a traceback. Returns an exit code."""
    try:
        return run()
    except (KeyboardInterrupt, Exception) as problem:
        if not was_interrupted(problem):
            raise
        sys.stderr.write("Stopped.\n")
        return INTERRUPTED


def was_interrupted(problem: BaseException) -> bool:
    """Return whether an error is Ctrl-C, or follows from it.

    In the middle of a statement it leaves the connection in a state in which ending the transaction fails, so that
    the database's error is what arrives.
    """
    seen: BaseException | None = problem
    while seen is not None and not isinstance(seen, KeyboardInterrupt):
        seen = seen.__cause__ or seen.__context__
    return seen is not None
