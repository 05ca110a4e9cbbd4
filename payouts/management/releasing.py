"""`manage.py payouts release`: release what is due, with the repairs that the hourly task makes."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime
from typing import Any

from django.core.management.base import CommandError, OutputWrapper
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from payouts.management.days import FIRST_DAY
from payouts.release.round import run_round

NAME = "release"
HELP = "release what is due"


def describe(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "--as-of",
        type=moment,
        metavar="T",
        help="release only what was due by this moment, which has passed: 2026-12-01, 2026-12-01T09:30+01:00",
    )


def run(options: dict[str, Any], out: OutputWrapper) -> None:
    """Release, and print the numbers.

    Raises:
        CommandError: the moment has not come yet; nothing is released.
    """
    now, as_of = timezone.now(), options["as_of"]
    if as_of is not None and as_of > now:
        raise CommandError(
            f"--as-of is in the future; it is {timezone.localtime(now):%Y-%m-%dT%H:%M%z} now. Nothing was released. "
            "Leave --as-of out to release what is due, or give a moment that has passed. "
            "An operator can release one order before its day in the console."
        )
    result = run_round(now=now, as_of=as_of, repairs=True)
    out.write(f"{result.repaired:,} schedules and holds repaired, {result.lapsed:,} holds lapsed.")
    out.write(f"{result.released:,} orders released, {result.reserves_ended:,} reserves ended.")


def moment(text: str) -> datetime:
    """Return a moment; without a zone it is the market's, a day alone is its first moment."""
    try:
        found = parse_datetime(text)
        day = parse_date(text) if found is None else None
    except ValueError:
        found = day = None
    if found is None and day is not None:
        found = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - given its zone below
    if found is None:
        raise ArgumentTypeError(f"{text!r} is no moment, as 2026-12-01 or 2026-12-01T09:30+01:00.")
    if found.date() < FIRST_DAY:
        raise ArgumentTypeError(f"{text!r} is before {FIRST_DAY}; give a later moment, no order is older.")
    return found if timezone.is_aware(found) else timezone.make_aware(found)
