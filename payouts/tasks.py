"""Tasks of the release and of payouts."""

from typing import Any

from django.utils import timezone

from kit.work.jobs import begin
from kit.work.tasks import shared_task
from payouts.reconciliation.window import reconcile_usual_days
from payouts.release.round import run_round
from payouts.runs import poll_transfers, send
from payouts.runs.daily import make_daily_runs
from payouts.watch.rounds import run_due


@shared_task(name="payouts.release_due")
def release_due(**_: Any) -> None:
    """Release the money that is due."""
    run_round(now=timezone.now())


@shared_task(name="payouts.repair_releases")
def repair_releases(**_: Any) -> None:
    """Schedule and hold what was missed, and release what is due of it."""
    run_round(now=timezone.now(), repairs=True)


@shared_task(name="payouts.push_payouts")
def push_payouts(**_: Any) -> None:
    """Send the runs under way, and ask about their transfers."""
    begin(push_payouts)
    send.send_runs(now=timezone.now())
    poll_transfers.ask_about_transfers(now=timezone.now())


@shared_task(name="payouts.reconcile", soft_time_limit=3000, time_limit=3300)  # by the provider's pace: 100 a page
def reconcile(**_: Any) -> None:
    """Compare the last days of each provider with the ledger."""
    begin(reconcile)
    reconcile_usual_days(now=timezone.now())


@shared_task(name="payouts.make_runs")
def make_runs(**_: Any) -> None:
    """Make the runs of the day, once it has begun."""
    make_daily_runs(now=timezone.now())


@shared_task(name="payouts.watch", soft_time_limit=1500, time_limit=1600)
def watch(**_: Any) -> None:
    """Make the checks that are due or were asked for."""
    begin(watch)
    run_due(now=timezone.now())
