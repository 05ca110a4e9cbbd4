"""Making runs: each shop's money is set aside under the lock of its balances, before anything is sent."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction

from gateway.registry import get_provider
from kit.db.pipeline import ask_all
from kit.ids import uuid7
from kit.work.jobs import wake
from payouts.models import (
    AccountKind,
    Balance,
    Payout,
    PayoutRun,
    PayoutStatus,
    Place,
    RunStatus,
    Transfer,
    TransferStatus,
)
from payouts.runs.errors import NothingToPayError
from payouts.runs.locks import lock_run
from payouts.runs.money import set_aside, take_cost
from payouts.runs.preview import SHOPS_AT_ONCE, PreviewLine, lines_of, preview_payouts
from payouts.runs.unapproved import approval_limit, count_unapproved
from payouts.services.journals import post
from payouts.services.shop_money import lock_money_of_shops

PUSH = "payouts.tasks.push_payouts"


def create_runs(
    *, now: datetime, actor_id: int | None = None, shop_id: int | None = None, is_daily: bool = False
) -> list[PayoutRun]:
    """Make a run for each currency and provider in which shops can be paid, with their money set aside.

    Where more than `PAYOUT_SECOND_APPROVAL_MINOR` would go without a second person in a day, a run waits for one; else
    it is sent at once. Shops are taken two hundred at a time, each group in a transaction of its own with its run's
    figures: where the making stops half-way, what was made is a whole run, and the shops that are missing are paid by
    the next.

    Args:
        is_daily: whether it is the run that the market makes each day by itself.

    Raises:
        NothingToPayError: no shop can be paid.
    """
    runs: dict[tuple[str, str], PayoutRun] = {}
    for (provider, currency), lines in _groups(now=now, shop_id=shop_id):
        run = runs.get((provider, currency))
        new = run or new_run(provider=provider, currency=currency, actor_id=actor_id, is_daily=is_daily, now=now)
        made = _prepare(lines, new, by_schedule=shop_id is None, now=now)
        if made:
            runs[provider, currency] = new
    if not runs:
        raise NothingToPayError
    return [start_run(run, now=now) for run in runs.values()]


def _groups(*, now: datetime, shop_id: int | None) -> Iterator[tuple[tuple[str, str], list[PreviewLine]]]:
    """Yield the shops that can be paid, a few hundred of one provider and currency at a time."""
    waiting: dict[tuple[str, str], list[PreviewLine]] = {}
    for line in preview_payouts(now=now, shop_id=shop_id):
        if line.skipped:
            continue
        key = (line.provider, line.currency)
        group = waiting.setdefault(key, [])
        group.append(line)
        if len(group) == SHOPS_AT_ONCE:
            yield key, waiting.pop(key)
    yield from waiting.items()


@transaction.atomic(durable=True)  # inside another, all shops' balances would stay locked until its end
def _prepare(lines: Sequence[PreviewLine], run: PayoutRun, *, by_schedule: bool, now: datetime) -> bool:
    """Set the money of some shops aside; return whether there were any.

    Those that have changed since the preview are looked at anew, or left out.
    """
    payable = _payable_now(lines, currency=run.currency, by_schedule=by_schedule, now=now)
    if payable:
        make_payouts(payable, run, now=now)
    return bool(payable)


def make_payouts(lines: Sequence[PreviewLine], run: PayoutRun, *, now: datetime) -> list[Payout]:
    """Write the payouts of some shops to a run, with their money set aside; their balances are locked."""
    facts = get_provider(run.provider).transfers
    if facts is None:
        raise ValueError(f"{run.provider} sends no transfers.")
    payouts = [_payout(run, line, now) for line in lines]
    transfers = [_transfer(run, payout, facts.references.new(), now) for payout in payouts]
    run.payout_count += len(payouts)
    run.total_minor += sum(payout.amount_minor for payout in payouts)
    run.save(force_insert=run._state.adding)  # noqa: SLF001 - documented
    Payout.objects.bulk_create(payouts)
    Transfer.objects.bulk_create(transfers)
    for payout in payouts:
        if payout.cost_minor:
            post(take_cost(payout, now=now))  # before the payout's own journal: a line of the same statement
    postings = [set_aside(payout, transfer, now=now) for payout, transfer in zip(payouts, transfers, strict=True)]
    posted = ask_all([posting.query() for posting in postings])
    for posting, answer in zip(postings, posted, strict=True):
        posting.finish(answer)
    return payouts


def _payable_now(lines: Sequence[PreviewLine], *, currency: str, by_schedule: bool, now: datetime) -> list[PreviewLine]:
    """Return the lines as they are with the shops' balances locked; those that can't be paid any more are left out."""
    shop_ids = [line.shop.pk for line in lines]
    lock_money_of_shops(shop_ids=shop_ids, currency=currency)
    balances = Balance.objects.filter(
        account__code=AccountKind.SHOP_AVAILABLE, account__shop_id__in=shop_ids, account__currency=currency
    )
    found = list(balances.select_related("account__shop").order_by("account__shop_id"))
    fresh = lines_of(found, now=now, by_schedule=by_schedule)
    return [line for line in fresh if not line.skipped]


def new_run(*, provider: str, currency: str, actor_id: int | None, now: datetime, is_daily: bool = False) -> PayoutRun:
    """Return a run without payouts, which is not written."""
    return PayoutRun(
        id=uuid7(),
        provider=provider,
        currency=currency,
        status=RunStatus.WAITING,
        payout_count=0,
        total_minor=0,
        limit_minor=approval_limit(),
        is_daily=is_daily,
        created_by_id=actor_id,
        created_at=now,
    )


def _payout(run: PayoutRun, line: PreviewLine, now: datetime) -> Payout:
    return Payout(
        id=uuid7(),
        run=run,
        shop=line.shop,
        currency=line.currency,
        amount_minor=line.amount_minor,
        netted_minor=line.netted_minor,
        cost_minor=line.cost_minor,
        bank_account=line.account,
        status=PayoutStatus.PREPARED,
        status_at=now,
        created_at=now,
    )


def _transfer(run: PayoutRun, payout: Payout, reference: str, now: datetime) -> Transfer:
    return Transfer(
        payout=payout,
        attempt=1,
        provider=run.provider,
        reference=reference,
        amount_minor=payout.amount_minor,
        currency=payout.currency,
        state=TransferStatus.PREPARED,
        place=Place.SET_ASIDE,
        created_at=now,
    )


@transaction.atomic
def start_run(made: PayoutRun, *, now: datetime) -> PayoutRun:
    """Send a run that needs no second person: what has gone without one in a day is counted with it."""
    run = lock_run(run_id=made.pk)  # before the day, as a payment by hand has it
    if run.status != RunStatus.WAITING:
        return run
    run.day_minor = count_unapproved(currency=run.currency, adding_minor=run.total_minor, now=now)
    if run.day_minor <= run.limit_minor:
        run.status = RunStatus.SENDING
        wake(PUSH)
    run.save(update_fields=["status", "day_minor"])
    return run
