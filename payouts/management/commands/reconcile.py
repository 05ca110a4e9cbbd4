"""`manage.py reconcile [--from DAY] [--to DAY] [--provider NAME] [--json]`: providers' records beside the ledger."""

import json
from argparse import ArgumentTypeError
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from gateway.registry import provider_names
from kit.commands import UncheckedCommand
from kit.money import format_minor
from payouts.management.days import FIRST_DAY
from payouts.models import Difference, ReconciliationRun
from payouts.reconciliation.not_judged import not_judged_in
from payouts.reconciliation.run import reconcile
from payouts.reconciliation.selectors import differences_of
from payouts.reconciliation.window import USUAL_DAYS

OFF, INCOMPLETE = 1, 2


class Command(UncheckedCommand):
    """Exits with 1 where ledger and provider differ, with 2 where the provider could not be asked about everything."""

    help = "Compare each payment, refund and transfer at the provider with the ledger."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="since", type=_day, help=f"the first day; default: {USUAL_DAYS} days ago")
        parser.add_argument("--to", dest="until", type=_day, help="the last day; default: today")
        parser.add_argument("--provider", choices=provider_names(), help="this one alone; default: each")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_: Any, **options: Any) -> None:
        now = timezone.now()
        today = timezone.localtime(now).date()
        since = options["since"] or today - timedelta(days=USUAL_DAYS)
        until = options["until"] or today
        if max(since, until) > today:
            late = "--from" if since > today else "--to"
            raise CommandError(f"{late} is in the future. Give a day that has begun; today is {today}.")
        if min(since, until) < FIRST_DAY:
            early = "--from" if since < FIRST_DAY else "--to"
            raise CommandError(f"{early} is before {FIRST_DAY}. Give a later day; no payment is older.")
        if until < since:
            raise CommandError("--to is before --from.")
        names = [options["provider"]] if options["provider"] else provider_names()
        runs = [
            reconcile(provider=name, since=_start(since), until=min(_start(until + timedelta(days=1)), now), now=now)
            for name in names
        ]
        if options["json"]:
            self.stdout.write(json.dumps({"runs": [_as_json(run) for run in runs]}))
        else:
            for run in runs:
                self._print(run)
        if any(run.problem for run in runs):
            raise SystemExit(INCOMPLETE)
        if any(run.found for run in runs):
            raise SystemExit(OFF)

    def _print(self, run: ReconciliationRun) -> None:
        days = f"{timezone.localtime(run.since):%-d %B %Y} to {timezone.localtime(run.until):%-d %B %Y, %H:%M %Z}"
        self.stdout.write(f"{run.provider}, {days}: {run.compared:,} records compared.")
        if run.problem:
            self.stdout.write(self.style.WARNING(f"  It could not be finished: {run.problem}"))
        for each in differences_of(run):
            self.stdout.write(self.style.ERROR(f"  {each.get_kind_display()} {each.reference or each.provider_id}"))
            self.stdout.write(f"    {each.get_cause_display()}: {_sum(each, each.ours_minor)} in the ledger, ")
            self.stdout.write(f"    {_sum(each, each.theirs_minor)} at the provider.")
        if run.explained:
            self.stdout.write(f"  Differences that an operator has explained: {run.explained:,}.")
        if not_judged := not_judged_in(run):
            self.stdout.write(self.style.WARNING(f"  {not_judged}"))
        elif not run.found and not run.explained and not run.problem:
            self.stdout.write(self.style.SUCCESS("  The ledger has all of it, and nothing else."))


def _sum(difference: Difference, amount_minor: int | None) -> str:
    return "nothing" if amount_minor is None else format_minor(amount_minor, difference.currency)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a date; write it as 2026-11-30.") from error


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _as_json(run: ReconciliationRun) -> dict[str, Any]:
    not_judged = not_judged_in(run)
    return {
        "id": str(run.pk),
        "provider": run.provider,
        "from": run.since.isoformat(),
        "to": run.until.isoformat(),
        "compared": run.compared,
        "explained": run.explained,
        "not_judged": not_judged.movements if not_judged else 0,
        "judged_from": not_judged.judged_from.isoformat() if not_judged else None,
        "problem": run.problem,
        "differences": [
            {
                "id": str(each.pk),
                "kind": each.kind,
                "cause": each.cause,
                "reference": each.reference,
                "provider_id": each.provider_id,
                "currency": each.currency,
                "ours_minor": each.ours_minor,
                "theirs_minor": each.theirs_minor,
                "happened_at": each.happened_at.isoformat(),
            }
            for each in differences_of(run)
        ],
    }
