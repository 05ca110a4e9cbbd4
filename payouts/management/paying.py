"""`manage.py payouts run` and `approve`: pay out what is available to shops."""

import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError, OutputWrapper
from django.utils import timezone

from accounts.access import is_operator
from accounts.selectors import find_user
from kit.errors import DomainError
from kit.money import format_minor
from payouts.models import PayoutRun, RunStatus
from payouts.runs.approve import approve_run
from payouts.runs.create import create_runs
from payouts.runs.preview import PreviewLine, preview_payouts
from tenants.shops.selectors import get_shop_by_slug

NAME = "run"
HELP = "pay out what is available"


def describe(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--shop", metavar="SLUG", default="", help="this shop alone")
    parser.add_argument("--dry-run", action="store_true", help="show who would be paid what, and write nothing")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--by", metavar="EMAIL", default="", help="the operator who makes the run")


def run(options: dict[str, Any], out: OutputWrapper) -> None:
    """Print the preview, or make the runs."""
    now = timezone.now()
    shop_id = _shop_id(options["shop"])
    if options["dry_run"]:
        _preview(list(preview_payouts(now=now, shop_id=shop_id)), out, as_json=options["json"])
        return
    try:
        actor_id = operator_id(options["by"]) if options["by"] else None
        runs = create_runs(now=now, actor_id=actor_id, shop_id=shop_id)
    except DomainError as error:
        raise CommandError(error.message) from error
    if options["json"]:
        out.write(json.dumps({"runs": [as_json(each) for each in runs]}))
        return
    for each in runs:
        out.write(described(each))


def approve(*, run_id: str, email: str, now: datetime) -> PayoutRun:
    """Approve a run in the name of an operator."""
    try:
        return approve_run(run_id=UUID(run_id), actor_id=operator_id(email), now=now)
    except ValueError as error:
        raise CommandError(f"{run_id!r} is no id of a run.") from error
    except DomainError as error:
        raise CommandError(error.message) from error


def operator_id(email: str) -> int:
    """Return the id of the operator with an address."""
    user = find_user(email=email)
    if user is None or not is_operator(user):
        raise CommandError(f"{email} is no operator's address.")
    return user.pk


def as_json(run: PayoutRun) -> dict[str, Any]:
    """Return a run for programs."""
    return {
        "id": str(run.pk),
        "provider": run.provider,
        "currency": run.currency,
        "status": run.status,
        "payouts": run.payout_count,
        "total_minor": run.total_minor,
        "needs_approval": run.status == RunStatus.WAITING,
    }


def described(run: PayoutRun) -> str:
    """Return a run in a line for people."""
    total = format_minor(run.total_minor, run.currency)
    waits = " A second person has to approve it." if run.status == "waiting" else ""
    return f"Run {run.pk}: {run.payout_count:,} payouts of {total}.{waits}"


def _shop_id(slug: str) -> int | None:
    if not slug:
        return None
    try:
        shop_id: int = get_shop_by_slug(slug).pk
    except DomainError as error:
        raise CommandError(f"There is no shop {slug!r}.") from error
    return shop_id


def _preview(lines: list[PreviewLine], out: OutputWrapper, *, as_json: bool) -> None:
    if as_json:
        out.write(json.dumps({"shops": [_line_json(line) for line in lines]}))
        return
    for line in lines:
        amount = line.why or f"{format_minor(line.amount_minor, line.currency)} to {line.account_masked}"
        available = format_minor(line.available_minor, line.currency)
        out.write(f"{line.shop.slug:<30} {available} available: {amount}")
    if not lines:
        out.write("No shop has anything available.")


def _line_json(line: PreviewLine) -> dict[str, Any]:
    return {
        "shop": line.shop.slug,
        "currency": line.currency,
        "provider": line.provider,
        "available_minor": line.available_minor,
        "netted_minor": line.netted_minor,
        "amount_minor": line.amount_minor,
        "skipped": line.skipped,
    }
