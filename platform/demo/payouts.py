"""Payouts of the demo's shops: paid, failed, returned by the bank, and held; the rest is available or still pending."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

import httpx

from accounts.models import User
from console.services.payouts import approve_run, hold_payout, make_runs
from demo.accounts import OPERATOR
from demo.history import ProviderSandbox
from payouts.models import PayoutRun, Rhythm, RunStatus, Transfer
from payouts.release.round import run_round
from payouts.runs.create import create_runs
from payouts.runs.errors import NothingToPayError
from payouts.runs.poll_transfers import refresh_transfer
from payouts.runs.send import send_runs
from payouts.services.schedules import Schedule, change_schedule
from tenants.life.transitions import market_day
from tenants.models import Shop

logger = logging.getLogger(__name__)

RUN_DAYS_AGO, HELD_DAYS_AGO = 6, 2
# Ends that the provider reports of transfers of the run, one after the other; those of all other shops are paid.
OUTCOMES = {"aba-leather": ("failed",), "copper-kitchen": ("success", "reversed")}
PAID = ("success",)
HELD = "copper-kitchen"
HELD_FOR = "The bank returned the payout before. We are checking the account with you."
# These wait for their day, so that the market's first run of its own leaves their money where it can be seen.
WEEKLY = ("indigo-fabrics", "aba-leather")
DAYS_AHEAD = 3


def load_payouts(
    people: Mapping[str, User], shops: Mapping[str, Shop], *, provider_sandbox: ProviderSandbox, now: datetime
) -> None:
    """Make a run of some days ago, hold a payout, and release the money that is due by now."""
    then, operator_id = now - timedelta(days=RUN_DAYS_AGO), people[OPERATOR.email].pk
    run_round(now=then)
    try:
        runs = create_runs(now=then, is_daily=True)
    except NothingToPayError:
        logger.warning("No payment sandbox answers, so the demo has no payouts.")
        return
    for run in runs:
        if run.status == RunStatus.WAITING:
            approve_run(run_id=run.pk, actor_id=operator_id, now=then + timedelta(hours=1))
    send_runs(now=then + timedelta(hours=1))
    with httpx.Client(base_url=provider_sandbox.address, timeout=10) as sandbox:
        _settle(runs, sandbox, then + timedelta(hours=2))
    send_runs(now=then + timedelta(hours=3))  # which ends those whose payouts are all over
    _hold(shops[HELD], operator_id, now - timedelta(days=HELD_DAYS_AGO))
    run_round(now=now)
    for slug in WEEKLY:
        owner = shops[slug].memberships.order_by("pk")[0]
        schedule = Schedule(Rhythm.WEEKLY, weekday=(market_day(now) + timedelta(days=DAYS_AHEAD)).weekday())
        change_schedule(shop=shops[slug], schedule=schedule, actor_id=owner.user_id, now=now)


def _settle(runs: list[PayoutRun], sandbox: httpx.Client, at: datetime) -> None:
    """Have the provider end the transfers of runs, and ask about each."""
    sent = Transfer.objects.filter(payout__run__in=runs).select_related("payout__shop").order_by("pk")
    for transfer in sent:
        for hours, status in enumerate(OUTCOMES.get(transfer.payout.shop.slug, PAID)):
            address = f"/sandbox/transfers/{transfer.reference}/finish"
            sandbox.post(address, json={"status": status}).raise_for_status()
            refresh_transfer(
                provider=transfer.provider, reference=transfer.reference, now=at + hours * timedelta(hours=20)
            )


def _hold(shop: Shop, operator_id: int, at: datetime) -> None:
    """Pay a shop again, and hold its payout before it is sent."""
    run_round(now=at)
    [run] = make_runs(shop_id=shop.pk, actor_id=operator_id, now=at)
    for payout in run.payouts.all():
        hold_payout(payout_id=payout.pk, actor_id=operator_id, reason=HELD_FOR, now=at)
