"""Delay before a process that ended is started again; standard library only."""

from __future__ import annotations

from dataclasses import dataclass, field

WINDOW_SECONDS = 60.0


@dataclass(slots=True)
class Restarts:
    """The ends of one process within the last minute, and the pause that follows from their number.

    The first end is followed by a start at once, each further one by a pause twice as long. Ends older than
    the window count no more, so a process that is killed now and then is always started again soon.

    Args:
        first_pause: seconds before the second start within the window.
        longest_pause: seconds that no pause exceeds.
    """

    first_pause: float
    longest_pause: float
    _ends: list[float] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Return the ends within the window, as of the last one."""
        return len(self._ends)

    def after_end(self, *, now: float) -> float:
        """Note an end, and return the seconds to wait before the next start."""
        self._ends = [end for end in self._ends if now - end < WINDOW_SECONDS] + [now]
        if self.count == 1:
            return 0.0
        return float(min(self.first_pause * 2.0 ** (self.count - 2), self.longest_pause))
