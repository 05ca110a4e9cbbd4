"""`manage.py watch [--quick] [--[no-]provider] [--json]`: make the market's checks now, and keep what they find."""

import json
from argparse import BooleanOptionalAction
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from kit.commands import UncheckedCommand
from payouts.models import CheckOutcome, CheckRun, WatchRound
from payouts.watch.checks import watched_checks
from payouts.watch.errors import RoundOpenError
from payouts.watch.rounds import open_round, run_round

OFF, INCOMPLETE = 1, 2
MARKS = {CheckOutcome.OK: "ok", CheckOutcome.OFF: "OFF", CheckOutcome.FAILED: "??"}


class Command(UncheckedCommand):
    """Exits with 1 where something is found, with 2 where a check could not be made or a round is under way."""

    help = "Make the checks of the market, keep what they find, and tell operators of what is new."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quick", action="store_true", help="make the quick checks; default: all")
        parser.add_argument(
            "--provider", action=BooleanOptionalAction, default=True, help="ask the payment providers what they hold"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            made = open_round(is_whole=not options["quick"], actor_id=None, now=now)
        except RoundOpenError as error:
            raise CommandError(str(error.message), returncode=INCOMPLETE) from error
        run_round(made, with_provider=options["provider"], now=now)
        runs = list(made.runs.order_by("id"))
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(made, runs)))
        else:
            self._print(runs)
        if any(run.outcome == CheckOutcome.OFF for run in runs):
            raise SystemExit(OFF)
        if any(run.outcome == CheckOutcome.FAILED for run in runs):
            raise SystemExit(INCOMPLETE)

    def _print(self, runs: list[CheckRun]) -> None:
        titles = {check.name: check.title for check in watched_checks()}
        for run in runs:
            is_ok = run.outcome == CheckOutcome.OK
            style = self.style.SUCCESS if is_ok else self.style.ERROR
            mark = style(MARKS[CheckOutcome(run.outcome)].rjust(3))
            self.stdout.write(f"{mark}  {titles.get(run.name, run.name)} ({run.seconds:.2f} s)")
            if run.problem:
                self.stdout.write(f"       {run.problem}")
            for subject, expected, found in run.findings:
                self.stdout.write(f"       {subject}: {found}, expected: {expected}")
            if run.found > len(run.findings):
                self.stdout.write(f"       … and {run.found - len(run.findings):,} more")


def _as_json(made: WatchRound, runs: list[CheckRun]) -> dict[str, Any]:
    return {
        "round": str(made.pk),
        "is_whole": made.is_whole,
        "clean": all(run.outcome == CheckOutcome.OK for run in runs),
        "checks": [
            {
                "name": run.name,
                "outcome": run.outcome,
                "began_at": run.began_at.isoformat(),
                "ended_at": run.ended_at.isoformat(),
                "found": run.found,
                "findings": [dict(zip(("subject", "expected", "found"), each, strict=True)) for each in run.findings],
                "problem": run.problem,
            }
            for run in runs
        ],
    }
