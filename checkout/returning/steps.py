"""Entries in the history of a return."""

from datetime import datetime
from typing import Any

from checkout.models import Return, ReturnStatus, ReversedBy
from checkout.returning.moves import Move


def step(move: Move, status: ReturnStatus, by: ReversedBy | None, *, now: datetime, text: str = "") -> dict[str, Any]:
    """Return the entry of a move; the market's own, without a person, has no side."""
    return {
        "move": move.value,
        "status": status.value,
        "by": by.value if by else "",
        "text": text,
        "at": now.isoformat(),
    }


def append_step(
    found: Return, move: Move, status: ReturnStatus, by: ReversedBy | None, *, now: datetime, text: str = ""
) -> int:
    """Set a return's status with its entry; return the entry's place."""
    found.status, found.status_at = status, now
    found.steps = [*found.steps, step(move, status, by, now=now, text=text)]
    return len(found.steps) - 1
