"""Times at which coupons and offers may start and end."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from django.utils.translation import gettext

from checkout.models.times import FIRST_YEAR, LAST_YEAR
from kit.errors import Fault


class Timed(Protocol):
    """Values with a start and an end."""

    @property
    def starts_at(self) -> datetime | None:
        """Return the start; None: at once."""

    @property
    def ends_at(self) -> datetime | None:
        """Return the end; None: never."""


def time_faults(data: Timed, was: Timed | None) -> Iterable[tuple[str, str]]:
    """Judge the start and the end; those that were there before a change are not judged again."""
    earlier = (was.starts_at, was.ends_at) if was is not None else (None, None)
    for name, moment, before in zip(("starts_at", "ends_at"), (data.starts_at, data.ends_at), earlier, strict=True):
        if moment is not None and moment != before and not FIRST_YEAR <= moment.year <= LAST_YEAR:
            yield name, Fault(gettext("Give a time from the year 2000 up to 2100."), "overflow")
    if data.starts_at and data.ends_at and data.ends_at <= data.starts_at:
        yield "ends_at", Fault(gettext("Choose an end after the start."), "not_later")
