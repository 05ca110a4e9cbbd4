"""Acts of operators on payouts, each with an entry in the audit log."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from console.audit_actions import AuditAction
from console.audit_values import amount_in
from console.errors import ReasonMissingError
from console.services.audit_log import NOTHING_WRITTEN, record
from payouts.models import Payout, PayoutRun
from payouts.runs import approve, create, hold

RUN = "payout-run:"
PAYOUT = "payout:"
RUN_MADE = AuditAction(
    "payout_run.made",
    gettext_lazy("Payout run made"),
    gettext_lazy("%(who)s made a payout run of %(amount)s."),
    amount_in,
)
RUN_APPROVED = AuditAction(
    "payout_run.approved",
    gettext_lazy("Payout run approved"),
    gettext_lazy("%(who)s approved a payout run of %(amount)s."),
    amount_in,
)
RUN_CANCELLED = AuditAction(
    "payout_run.cancelled",
    gettext_lazy("Payout run cancelled"),
    gettext_lazy("%(who)s cancelled a payout run of %(amount)s."),
    amount_in,
)
PAYOUT_HELD = AuditAction(
    "payout.held",
    gettext_lazy("Payout held"),
    gettext_lazy("%(who)s held a payout of %(amount)s to %(shop)s."),
    lambda details: {**details, **amount_in(details)},
)
PAYOUT_RELEASED = AuditAction(
    "payout.released",
    gettext_lazy("Payout released"),
    gettext_lazy("%(who)s released a payout of %(amount)s to %(shop)s."),
    lambda details: {**details, **amount_in(details)},
)
PAYOUT_RETRIED = AuditAction(
    "payout.retried",
    gettext_lazy("Payout retried"),
    gettext_lazy("%(who)s sent a payout of %(amount)s to %(shop)s again."),
    lambda details: {**details, **amount_in(details)},
)
PAYOUT_RESOLVED = AuditAction(
    "payout.resolved",
    gettext_lazy("Problem of a payout closed"),
    gettext_lazy("%(who)s closed the problem of a payout of %(amount)s to %(shop)s."),
    lambda details: {**details, **amount_in(details)},
)
PAYOUT_ACTIONS = (
    RUN_MADE,
    RUN_APPROVED,
    RUN_CANCELLED,
    PAYOUT_HELD,
    PAYOUT_RELEASED,
    PAYOUT_RETRIED,
    PAYOUT_RESOLVED,
)


def make_runs(*, shop_id: int | None, actor_id: int, now: datetime) -> list[PayoutRun]:
    """Make the runs that are due, of all shops or of one.

    Not in one transaction: it would hold the balances of all shops until the last is looked at, and their sales would
    wait. A run names its maker itself, so one that was made before a crash is not without a name.

    Raises:
        NothingToPayError: no shop can be paid.
    """
    runs = create.create_runs(now=now, actor_id=actor_id, shop_id=shop_id)
    for run in runs:
        _record_run(run, RUN_MADE, actor_id=actor_id, now=now)
    return runs


def approve_run(*, run_id: UUID, actor_id: int, now: datetime) -> PayoutRun:
    """Let a run be sent that another person has made.

    Raises:
        NotFoundError: there is none.
        RunNotWaitingError: it does not wait for approval.
        SamePersonError: the same person has made it.
    """
    with transaction.atomic():
        run = approve.approve_run(run_id=run_id, actor_id=actor_id, now=now)
        _record_run(run, RUN_APPROVED, actor_id=actor_id, now=now)
    return run


def cancel_run(*, run_id: UUID, actor_id: int, reason: str, now: datetime) -> PayoutRun:
    """End a run that waits for approval; its money is available again.

    Raises:
        ReasonMissingError: no reason was given.
        NotFoundError: there is none.
        RunNotWaitingError: it does not wait for approval.
    """
    _check_reason(reason)
    with transaction.atomic():
        run = approve.cancel_run(run_id=run_id, now=now)
        _record_run(run, RUN_CANCELLED, actor_id=actor_id, now=now, reason=reason)
    return run


def hold_payout(*, payout_id: UUID, actor_id: int, reason: str, now: datetime) -> Payout:
    """Keep a payout from being sent.

    Raises:
        ReasonMissingError: no reason was given.
        NotFoundError: there is none.
        PayoutNotHoldableError: it was sent, or has ended.
    """
    _check_reason(reason)
    with transaction.atomic():
        payout = hold.hold_payout(payout_id=payout_id, actor_id=actor_id, reason=reason, now=now)
        _record(payout, PAYOUT_HELD, actor_id=actor_id, reason=reason, now=now)
    return payout


def release_payout(*, payout_id: UUID, actor_id: int, reason: str, now: datetime) -> Payout:
    """Let a held payout be sent.

    Raises:
        ReasonMissingError: no reason was given.
        NotFoundError: there is none.
        PayoutNotHeldError: it is not held.
    """
    _check_reason(reason)
    with transaction.atomic():
        payout = hold.release_payout(payout_id=payout_id, now=now)
        _record(payout, PAYOUT_RELEASED, actor_id=actor_id, reason=reason, now=now)
    return payout


def retry_payout(*, payout_id: UUID, actor_id: int, reason: str, now: datetime) -> Payout:
    """Send an unsuccessful payout again.

    Raises:
        ReasonMissingError: no reason was given.
        NotFoundError: there is none.
        PayoutNotRetriableError, NoPayableAccountError, BalanceChangedError: it can't be sent again now.
    """
    _check_reason(reason)
    with transaction.atomic():
        payout = hold.retry_payout(payout_id=payout_id, now=now)
        _record(payout, PAYOUT_RETRIED, actor_id=actor_id, reason=reason, now=now)
    return payout


def resolve_payout(*, payout_id: UUID, actor_id: int, reason: str, now: datetime) -> Payout:
    """Close the problem of a payout that was solved elsewhere.

    Raises:
        ReasonMissingError: no reason was given.
        NotFoundError: there is none.
        NothingToSolveError: it has no problem.
    """
    _check_reason(reason)
    with transaction.atomic():
        payout = hold.close_problem(payout_id=payout_id, now=now)
        _record(payout, PAYOUT_RESOLVED, actor_id=actor_id, reason=reason, now=now)
    return payout


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissingError


def _record_run(
    run: PayoutRun, action: AuditAction, *, actor_id: int, now: datetime, reason: str = NOTHING_WRITTEN
) -> None:
    details = {"amount_minor": run.total_minor, "currency": run.currency, "payouts": run.payout_count}
    record(actor_id=actor_id, action=action, subject=f"{RUN}{run.pk}", reason=reason, details=details, now=now)


def _record(payout: Payout, action: AuditAction, *, actor_id: int, reason: str, now: datetime) -> None:
    details = {"amount_minor": payout.amount_minor, "currency": payout.currency, "shop": payout.shop.slug}
    record(actor_id=actor_id, action=action, subject=f"{PAYOUT}{payout.pk}", reason=reason, details=details, now=now)
