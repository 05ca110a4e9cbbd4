"""Steps of a dispute, kept with it as they happen."""

from datetime import datetime
from typing import Any

from payouts.models import Dispute


def add_step(dispute: Dispute, move: str, *, now: datetime, by_id: int | None = None, text: str = "") -> None:
    """Add a step to a locked dispute; the caller saves `steps`."""
    step: dict[str, Any] = {"move": move, "at": now.isoformat(), "by": by_id, "text": text[:300]}
    dispute.steps = [*dispute.steps, step]
