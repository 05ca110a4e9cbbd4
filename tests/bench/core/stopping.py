"""Being told to stop, by Ctrl-C or a signal: once is enough, and taking down is not to be interrupted."""

from __future__ import annotations

import signal
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def interrupt_once() -> None:
    """Raise KeyboardInterrupt on the first of these signals, and ignore those that follow."""
    for number in SIGNALS:
        signal.signal(number, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    for each in SIGNALS:
        signal.signal(each, _do_nothing)  # not SIG_IGN, which processes started from now on would inherit
    raise KeyboardInterrupt


def _do_nothing(number: int, frame: FrameType | None) -> None:
    pass
