"""A limit on repeated log lines: a lasting fault is logged, and does not fill the disk."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

LINES = 5
WINDOW_SECONDS = 60.0
KINDS = 1000  # remembered at once


@dataclass(slots=True)
class _Kind:
    """Count of written and skipped lines of one kind in its window."""

    began_at: float
    written: int = 0
    left_out: int = 0


class RefusalFilter(logging.Filter):
    """Leave the traceback out of lines about requests that are refused: their callers are at fault, not the program."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Pass every line."""
        status = getattr(record, "status_code", None)  # Django's own lines about a request have it
        if isinstance(status, int) and status < HTTPStatus.INTERNAL_SERVER_ERROR:
            record.exc_info = record.exc_text = None
        return True


class RepeatFilter(logging.Filter):
    """Pass a few lines of a kind each minute; the next one that passes names the number left out.

    Lines are of one kind if the same place in the code writes them at the same level, with an exception of the same
    type from the same place. Lines below a warning are not looked at.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._kinds: dict[Any, _Kind] = {}
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a line is to be written."""
        if record.levelno < logging.WARNING:
            return True
        key = (record.name, record.levelno, record.pathname, record.lineno, _origin(record))
        with self._lock:
            left_out = self._count(key)
        if left_out:
            record.msg = f"{record.getMessage()} (and {left_out} more like it)"
            record.args = None
        return left_out is not None

    def _count(self, key: Any) -> int | None:
        """Return the number of lines skipped before one that is to be written, None for one that is to be skipped."""
        now = self._clock()
        kind = self._kinds.get(key)
        if kind is None or now - kind.began_at >= WINDOW_SECONDS:
            left_out = kind.left_out if kind else 0
            if len(self._kinds) >= KINDS:
                self._kinds.clear()
            self._kinds[key] = _Kind(began_at=now, written=1)
            return left_out
        if kind.written < LINES:
            kind.written += 1
            return 0
        kind.left_out += 1
        return None


def _origin(record: logging.LogRecord) -> Any:
    """Return the type of a line's exception and the place that raised it, None where it has none."""
    if not record.exc_info:
        return None
    kind, _, trace = record.exc_info
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return (kind, trace.tb_frame.f_code.co_filename, trace.tb_lineno) if trace else kind
