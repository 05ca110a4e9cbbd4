"""`manage.py audit_money [--[no-]provider] [--json]`: recompute all money and stock promises, and compare."""

import json
from argparse import BooleanOptionalAction
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from kit.commands import UncheckedCommand
from payouts.audit import AuditReport, CheckResult, Verdict, run_audit

MARKS = {Verdict.OK: "ok", Verdict.OFF: "OFF", Verdict.NOT_CHECKED: "??"}
OFF, INCOMPLETE = 1, 2


class Command(UncheckedCommand):
    """Exits with 1 where anything is off, with 2 where the provider could not be asked."""

    help = "Recompute journals, balances, orders and reservations, and compare them with each other and the provider."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--provider", action=BooleanOptionalAction, default=True, help="ask the payment providers what they hold"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        report = run_audit(with_provider=options["provider"], now=timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(report)))
        else:
            self._print(report)
        if not report.is_clean:
            raise SystemExit(OFF)
        if not report.is_complete:
            raise SystemExit(INCOMPLETE)

    def _print(self, report: AuditReport) -> None:
        for result in report.results:
            style = {Verdict.OK: self.style.SUCCESS, Verdict.OFF: self.style.ERROR}.get(
                result.verdict, self.style.WARNING
            )
            self.stdout.write(f"{style(MARKS[result.verdict].rjust(3))}  {result.title}")
            if result.note:
                self.stdout.write(f"       {result.note}")
            self._print_findings(result)
        if not report.is_clean:
            off = sum(result.total for result in report.results)
            things = "thing is" if off == 1 else "things are"
            said = f"\n{off:,} {things} off. Amounts without a currency are in minor units."
            self.stdout.write(self.style.ERROR(said))
        elif not report.is_complete:
            self.stdout.write(self.style.WARNING("\nNothing is off, but not everything could be checked."))
        else:
            self.stdout.write(self.style.SUCCESS("\nThe books hold."))

    def _print_findings(self, result: CheckResult) -> None:
        for finding in result.findings:
            self.stdout.write(f"       {finding.subject}")
            self.stdout.write(f"         - {finding.expected}")
            self.stdout.write(f"         + {finding.found}")
        if result.total > len(result.findings):
            self.stdout.write(f"       … and {result.total - len(result.findings):,} more")


def _as_json(report: AuditReport) -> dict[str, Any]:
    return {
        "made_at": report.made_at.isoformat(),
        "clean": report.is_clean,
        "complete": report.is_complete,
        "checks": [asdict(result) for result in report.results],
    }
