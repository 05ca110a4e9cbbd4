"""The sandbox's own time, which tests can move forward instead of waiting."""

import time
from datetime import UTC, datetime


class Clock:
    """Wall-clock time plus an offset that only grows."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> float:
        """Return seconds since the epoch, in sandbox time."""
        return time.time() + self.offset

    def advance(self, seconds: float) -> float:
        """Move the sandbox's time forward and return the new offset."""
        self.offset += max(seconds, 0.0)
        return self.offset


def iso(seconds: float | None) -> str | None:
    """Return a time as Paystack writes it, such as `2026-01-15T10:20:30.000Z`."""
    if seconds is None:
        return None
    moment = datetime.fromtimestamp(seconds, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def from_iso(text: str) -> float:
    """Return the seconds since the epoch of an ISO 8601 time; one without a zone is UTC."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
