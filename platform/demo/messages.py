"""Letters and messages about the demo's orders, written at the hour of what they tell."""

from datetime import datetime, timedelta

from kit.work import outbox

STEP = timedelta(hours=1)


def relay_by_hour(*, days: int, now: datetime) -> None:
    """Deliver the events of the demo hour by hour, so that messages have the times of their orders, in this order."""
    at = now - timedelta(days=days)
    while at < now:
        outbox.relay(now=at)
        at += STEP
    outbox.relay(now=now)
