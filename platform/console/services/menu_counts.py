"""Numbers of cases beside the menu's entries: on every page of the console, so they are cached."""

from datetime import datetime

from django.core.cache import cache

from console.selectors.queues import count_queues

KEY = "console:menu-counts"
SECONDS = 20


def menu_counts(*, now: datetime) -> dict[str, int]:
    """Return the number of cases in each queue, as it was some seconds ago at the most."""
    kept: dict[str, int] | None = cache.get(KEY)
    if kept is None:
        kept = count_queues(now=now)
        cache.set(KEY, kept, SECONDS)
    return kept


def forget_counts() -> None:
    """Have the next page count anew: an operator has done something."""
    cache.delete(KEY)
