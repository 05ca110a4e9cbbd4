"""`manage.py payouts status`: the money of all shops by currency, and what waits to be released."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import OutputWrapper
from django.utils import timezone

from kit.money import format_minor
from payouts.selectors.payouts import payout_totals
from payouts.selectors.release_totals import MoneyTotals, money_totals

NAME = "status"
HELP = "show where the money of all shops is"
FIGURES = ("pending_minor", "available_minor", "reserved_minor", "in_transit_minor", "receivable_minor")


def describe(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: dict[str, Any], out: OutputWrapper) -> None:
    """Print the totals."""
    totals = money_totals(now=timezone.now())
    if options["json"]:
        payouts = [asdict(total) for total in payout_totals()]
        out.write(json.dumps({"currencies": [asdict(total) for total in totals], "payouts": payouts}))
        return
    for total in totals:
        _print(total, out)
    for each in payout_totals():
        out.write(f"{each.payouts:,} payouts {each.status}: {format_minor(each.amount_minor, each.currency)}")
    if not totals:
        out.write("No shop has any money yet.")


def _print(total: MoneyTotals, out: OutputWrapper) -> None:
    out.write(total.currency)
    for name in FIGURES:
        label = name.removesuffix("_minor").replace("_", " ")
        out.write(f"  {label:<11} {format_minor(getattr(total, name), total.currency)}")
    out.write(f"  {total.waiting:,} orders wait for their days, {total.held:,} are held, {total.due:,} are due now")
    out.write(f"  {total.reserves:,} reserves are kept")
