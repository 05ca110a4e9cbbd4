"""Payouts that shops ask for themselves: the amount and its cost beforehand, then the payout."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from kit.db.roles import as_platform
from kit.errors import DomainError
from payouts.models import OPEN_PAYOUTS, AccountKind, Balance, Payout
from payouts.runs.create import make_payouts, new_run, start_run
from payouts.runs.errors import (
    AccountCoolsOffError,
    BelowMinimumError,
    NoPayableAccountError,
    NotOnRequestError,
    NoTransfersError,
    PayoutAmountChangedError,
    PayoutOpenError,
    PayoutsHeldError,
)
from payouts.runs.preview import PreviewLine, Skipped, lines_of
from payouts.runs.unapproved import DAY, approval_limit, unapproved_since
from payouts.services.schedules import schedule_of
from payouts.services.shop_money import lock_shop_money
from tenants.models import Shop

# Refusals without values; the others are below.
REFUSALS: dict[Skipped, Callable[[], DomainError]] = {
    Skipped.SHOP_STATUS: PayoutsHeldError,
    Skipped.NO_ACCOUNT: NoPayableAccountError,
    Skipped.NO_PROVIDER: NoTransfersError,
}


@dataclass(frozen=True, slots=True)
class PayoutQuote:
    """A payout that a shop may ask for now, or the reason why there is none.

    Args:
        amount_minor: the amount that would be sent to the bank; zero where there is a refusal.
        account: the bank and the end of the number.
        needs_approval: whether a person of the market looks at it before it is sent.
        refusal: the error that asking would raise.
    """

    currency: str
    available_minor: int
    netted_minor: int
    cost_minor: int
    amount_minor: int
    account: str
    needs_approval: bool
    refusal: DomainError | None


def request_cost(currency: str) -> int:
    """Return the cost of a payout on request, in minor units."""
    costs: dict[str, int] = settings.PAYOUT_REQUEST_COSTS
    return max(costs.get(currency, 0), 0)


@as_platform()  # the sum that went without a second person in a day is the market's
def quote_payout(*, shop: Shop, now: datetime) -> PayoutQuote:
    """Return the payout that a shop would get if it asked now; nothing is written."""
    line = _line(shop, now)
    refusal = None if schedule_of(shop_id=shop.pk).is_on_request else NotOnRequestError()
    amount = line.amount_minor if line else 0
    return PayoutQuote(
        currency=shop.currency,
        available_minor=line.available_minor if line else 0,
        netted_minor=line.netted_minor if line else 0,
        cost_minor=request_cost(shop.currency),
        amount_minor=amount,
        account=line.account_masked if line else "",
        needs_approval=unapproved_since(currency=shop.currency, since=now - DAY) + amount > approval_limit(),
        refusal=refusal or _refusal(line, shop),
    )


@as_platform()  # runs and transfers are the platform's
def request_payout(*, shop: Shop, actor_id: int, now: datetime, amount_minor: int | None = None) -> Payout:
    """Pay the available money of a shop that asks for it: in a run of its own, once at a time.

    The cost is booked with it. Its run waits for a second person where more than the limit of a day would go.

    Args:
        amount_minor: the amount that the person has seen.

    Raises:
        NotOnRequestError: the shop's schedule has days.
        BelowMinimumError: less than the minimum payout is left after the cost and what the shop owes.
        PayoutOpenError: another one is under way.
        PayoutsHeldError: the shop's status holds its payouts.
        NoPayableAccountError, AccountCoolsOffError, NoTransfersError: there is no account that can be paid to now.
        PayoutAmountChangedError: another amount would be sent than the one that was seen.
    """
    with transaction.atomic():
        lock_shop_money(shop_id=shop.pk, currency=shop.currency)
        if not schedule_of(shop_id=shop.pk).is_on_request:
            raise NotOnRequestError
        line = _line(shop, now)
        if refusal := _refusal(line, shop):
            raise refusal
        if line is None:
            raise BelowMinimumError
        if amount_minor not in {None, line.amount_minor}:
            raise PayoutAmountChangedError.of(line.amount_minor, line.currency)
        run = new_run(provider=line.provider, currency=line.currency, actor_id=actor_id, now=now)
        [payout] = make_payouts([line], run, now=now)
        payout.run = start_run(run, now=now)
    return payout


def _line(shop: Shop, now: datetime) -> PreviewLine | None:
    """Return the payout of what is available in the shop's currency; None where it has no balance."""
    found = Balance.objects.filter(
        account__code=AccountKind.SHOP_AVAILABLE, account__shop_id=shop.pk, account__currency=shop.currency
    ).select_related("account__shop")
    cost = request_cost(shop.currency)
    return next(iter(lines_of(list(found), now=now, by_schedule=False, cost_minor=cost)), None)


def _refusal(line: PreviewLine | None, shop: Shop) -> DomainError | None:
    """Return the error of a payout that can't be made."""
    if Payout.objects.filter(shop=shop, currency=shop.currency, status__in=OPEN_PAYOUTS).exists():
        return PayoutOpenError()  # before all else: until it has arrived there may be nothing left
    if line is None or line.skipped == Skipped.BELOW_MINIMUM:
        return BelowMinimumError.of(schedule_of(shop_id=shop.pk).least_minor, shop.currency)
    if line.skipped is None:
        return None
    if line.skipped == Skipped.COOLING_OFF and line.account is not None:
        return AccountCoolsOffError.until(line.account.usable_from)
    return REFUSALS[line.skipped]()
