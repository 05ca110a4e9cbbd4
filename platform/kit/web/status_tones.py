"""Colours of statuses: words that mean the same everywhere, and those that apps declare for their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from kit.wiring import Contribution, WiringError, contributions

NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class StatusTones(Contribution):
    """Colours of an app's statuses; an undeclared status is neutral."""

    app: str
    success: tuple[str, ...] = ()
    warning: tuple[str, ...] = ()
    error: tuple[str, ...] = ()
    info: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return the app."""
        return self.app

    @property
    def tones(self) -> dict[str, str]:
        """Return the colour of each status."""
        by_tone = {"success": self.success, "warning": self.warning, "error": self.error, "info": self.info}
        return {status: tone for tone, statuses in by_tone.items() for status in statuses}


COMMON = StatusTones(
    "kit",
    success=("active", "completed", "processed", "success", "verified"),
    warning=("awaiting", "late", "pending", "queued", "waiting"),
    error=("error", "expired", "failed", "refused"),
    info=("processing",),
)


def tone_of(status: object) -> str:
    """Name the colour of a status; neutral for those that need no attention."""
    key = str(status).lower().replace("-", "_").replace(" ", "_")
    return _index(contributions(StatusTones)).get(key, NEUTRAL)


@lru_cache(maxsize=2)
def _index(declared: tuple[StatusTones, ...]) -> Mapping[str, str]:
    """Join the apps' declarations.

    Raises:
        WiringError: two of them want the same word in two colours.
    """
    found: dict[str, str] = {}
    for part in (COMMON, *declared):
        for status, tone in part.tones.items():
            if found.setdefault(status, tone) != tone:
                raise WiringError(f"{part.app}: {status} is {found[status]} elsewhere.")
    return found
