"""Payouts and runs, for operators and for the shops that are paid."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from kit.errors import NotFoundError
from payouts.models import (
    OPEN_PAYOUTS,
    HandPayment,
    HandPaymentStatus,
    Payout,
    PayoutRun,
    PayoutStatus,
    RunStatus,
    Transfer,
)


@dataclass(frozen=True, slots=True)
class PayoutTotal:
    """Payouts of one currency and status together."""

    currency: str
    status: str
    payouts: int
    amount_minor: int


def payout_totals() -> list[PayoutTotal]:
    """Return the payouts that are open, or have a problem, by currency and status."""
    found = Payout.objects.filter(Q(status__in=OPEN_PAYOUTS) | ~Q(problem="")).values("currency", "status")
    sums = found.annotate(payouts=Count("id"), total=Sum("amount_minor")).order_by("currency", "status")
    return [PayoutTotal(row["currency"], row["status"], row["payouts"], int(row["total"])) for row in sums]


def list_runs(*, status: str = "") -> "QuerySet[PayoutRun]":
    """Return runs, the newest first."""
    runs = PayoutRun.objects.select_related("created_by", "approved_by").order_by("-id")
    return runs.filter(status=status) if status else runs


def runs_needing_attention() -> "QuerySet[PayoutRun]":
    """Return runs that wait for a second person, or that the provider does not take now; the oldest first."""
    stopped = Q(status=RunStatus.SENDING) & ~Q(problem="")
    return PayoutRun.objects.filter(Q(status=RunStatus.WAITING) | stopped).order_by("id")


def get_run(*, run_id: UUID) -> PayoutRun:
    """Return a run.

    Raises:
        NotFoundError: there is none.
    """
    run = list_runs().filter(pk=run_id).first()
    if run is None:
        raise NotFoundError
    return run


def list_payouts(
    *, status: str = "", has_problem: bool | None = None, run_id: UUID | None = None, shop_id: int | None = None
) -> "QuerySet[Payout]":
    """Return payouts with their shops, accounts and transfers, the newest first."""
    payouts = Payout.objects.select_related("shop", "bank_account", "run").prefetch_related("transfers").order_by("-id")
    if status:
        payouts = payouts.filter(status=status)
    if has_problem is not None:
        waiting = HandPayment.objects.filter(payout=OuterRef("pk"), status=HandPaymentStatus.WAITING)
        needs_person = ~Q(problem="") | Exists(waiting)
        payouts = payouts.filter(needs_person if has_problem else ~needs_person)
    if run_id is not None:
        payouts = payouts.filter(run_id=run_id)
    return payouts.filter(shop_id=shop_id) if shop_id is not None else payouts


def payouts_of_shop(*, shop_id: int, status: str = "") -> "QuerySet[Payout]":
    """Return a shop's payouts with their accounts, the newest first; its own database role may read these."""
    payouts = Payout.objects.filter(shop_id=shop_id).select_related("bank_account").order_by("-id")
    return payouts.filter(status=status) if status else payouts


def held_payout_of_shop(*, shop_id: int, currency: str) -> Payout | None:
    """Return the payout of a shop that is held; its own database role may read it."""
    return payouts_of_shop(shop_id=shop_id, status=PayoutStatus.HELD).filter(currency=currency).first()


def get_payout(*, payout_id: UUID) -> Payout:
    """Return a payout.

    Raises:
        NotFoundError: there is none.
    """
    payout = list_payouts().filter(pk=payout_id).first()
    if payout is None:
        raise NotFoundError
    return payout


def other_open_payout(payout: Payout) -> Payout | None:
    """Return the payout of the same shop and currency that is open beside this one."""
    found = Payout.objects.filter(shop_id=payout.shop_id, currency=payout.currency, status__in=OPEN_PAYOUTS)
    return found.exclude(pk=payout.pk).first()


def payout_of_transfer(*, reference: str) -> UUID | None:
    """Return the id of the payout that a transfer tries to make; None where there is no such transfer."""
    return Transfer.objects.filter(reference=reference).values_list("payout_id", flat=True).first()
