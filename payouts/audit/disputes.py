"""The audit's checks of disputes, and those that may be lost at their provider without being booked."""

from collections.abc import Sequence
from functools import partial

from django.utils.translation import gettext_lazy

from gateway.disputes import DisputeState
from gateway.registry import get_provider
from kit.db.statements import load_statement
from payouts.audit.checks import AuditCheck, find_by_statement
from payouts.audit.in_transit import ASKED_AT_MOST, Confirmed, MoneyInTransit, PendingMovement
from payouts.models import UNDECIDED, Dispute

DISPUTE_CHECKS = (
    AuditCheck(
        "disputes_held",
        gettext_lazy(
            "The reserve of each undecided dispute equals what its parts hold, and decided disputes hold nothing"
        ),
        find_by_statement(load_statement(__package__, "disputes_held")),
    ),
    AuditCheck(
        "disputes_hold",
        gettext_lazy(
            "The money of each part with an undecided dispute is held back from its release, and no other money is"
        ),
        find_by_statement(load_statement(__package__, "disputes_hold")),
    ),
    AuditCheck(
        "set_offs_booked",
        gettext_lazy(
            "Refunds that lost disputes have paid are booked once, and are no more than the disputes have taken"
        ),
        find_by_statement(load_statement(__package__, "set_offs_booked")),
    ),
)


def find_disputes() -> Sequence[PendingMovement]:
    """Return the newest undecided disputes, which their provider may have given to the buyer."""
    found = Dispute.objects.filter(status__in=UNDECIDED).order_by("-id")[:ASKED_AT_MOST]
    return [
        PendingMovement(
            provider=dispute.provider,
            subject=f"dispute {dispute.provider_id}",
            is_leaving=True,
            confirm=partial(_confirm, dispute),
        )
        for dispute in found
    ]


def _confirm(dispute: Dispute) -> Confirmed:
    """Ask the provider for the amount that was lost."""
    report = get_provider(dispute.provider).find_dispute(dispute.provider_id)
    if report is None or report.state != DisputeState.LOST:
        return Confirmed()
    return Confirmed(report.currency, report.amount_minor)


DISPUTES_UNDECIDED = MoneyInTransit("disputes", find_disputes)
