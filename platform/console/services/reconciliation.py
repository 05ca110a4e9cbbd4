"""Steps of operators about differences between the ledger and providers, each with an entry in the audit log."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from console.audit_actions import AuditAction
from console.errors import ReasonMissingError
from console.services.audit_log import NOTHING_WRITTEN, record
from payouts.models import Difference
from payouts.reconciliation import steps
from payouts.reconciliation.window import AskedComparison, ask_to_compare

DIFFERENCE = "difference:"
ASKED = AuditAction(
    "difference.asked",
    gettext_lazy("Provider asked again"),
    gettext_lazy("%(who)s asked the provider again about %(reference)s."),
)
FEE_BOOKED = AuditAction(
    "difference.fee_booked",
    gettext_lazy("Fee corrected"),
    gettext_lazy("%(who)s booked the fee of %(reference)s as the provider has it."),
)
OWN_BOOKED = AuditAction(
    "difference.own_booked",
    gettext_lazy("Booked as the operator’s own"),
    gettext_lazy("%(who)s booked %(reference)s as the operator’s own."),
)
ENDED = AuditAction(
    "difference.ended",
    gettext_lazy("Difference explained"),
    gettext_lazy("%(who)s explained the difference about %(reference)s."),
)
COMPARED = AuditAction(
    "reconciliation.asked",
    gettext_lazy("Providers compared"),
    gettext_lazy("%(who)s compared the ledger with the providers’ records."),
)
RECONCILIATION_ACTIONS = (ASKED, FEE_BOOKED, OWN_BOOKED, ENDED, COMPARED)


def compare_now(*, actor_id: int, now: datetime) -> AskedComparison:
    """Have a worker compare the last days of each provider with the ledger.

    Raises:
        NoComparisonError: no provider lists its records.
        ComparisonOpenError: a comparison is under way.
    """
    with transaction.atomic():
        asked = ask_to_compare(now=now)
        details = {"providers": ", ".join(asked.providers)}
        subject = f"reconciliation:{now:%Y-%m-%d}"
        record(actor_id=actor_id, action=COMPARED, subject=subject, reason=NOTHING_WRITTEN, details=details, now=now)
    return asked


def ask_again(*, difference_id: UUID, actor_id: int, now: datetime) -> Difference:
    """Ask the provider again about the movement of a difference; never inside a transaction.

    Raises:
        as `payouts.reconciliation.steps.ask_again`.
    """
    difference = steps.ask_again(difference_id=difference_id, actor_id=actor_id, now=now)
    _record(difference, ASKED, actor_id=actor_id, now=now)
    return difference


def book_fee(*, difference_id: UUID, actor_id: int, now: datetime) -> Difference:
    """Book a fee as the provider has it.

    Raises:
        as `payouts.reconciliation.steps.book_fee`.
    """
    with transaction.atomic():
        difference = steps.book_fee(difference_id=difference_id, actor_id=actor_id, now=now)
        _record(difference, FEE_BOOKED, actor_id=actor_id, now=now)
    return difference


def book_own(*, difference_id: UUID, actor_id: int, reason: str, now: datetime) -> Difference:
    """Book a movement that is none of the market's as the operator's own.

    Raises:
        ReasonMissingError: none was given.
        as `payouts.reconciliation.steps.book_own`.
    """
    if not reason.strip():
        raise ReasonMissingError
    with transaction.atomic():
        difference = steps.book_own(difference_id=difference_id, actor_id=actor_id, note=reason, now=now)
        _record(difference, OWN_BOOKED, actor_id=actor_id, now=now, reason=reason)
    return difference


def end_difference(*, difference_id: UUID, actor_id: int, reason: str, now: datetime) -> Difference:
    """End a difference with its explanation.

    Raises:
        ReasonMissingError: none was given.
        as `payouts.reconciliation.steps.end_difference`.
    """
    if not reason.strip():
        raise ReasonMissingError
    with transaction.atomic():
        difference = steps.end_difference(difference_id=difference_id, actor_id=actor_id, note=reason, now=now)
        _record(difference, ENDED, actor_id=actor_id, now=now, reason=reason)
    return difference


def _record(
    difference: Difference, action: AuditAction, *, actor_id: int, now: datetime, reason: str = NOTHING_WRITTEN
) -> None:
    named = difference.reference or difference.provider_id
    details = {"reference": named, "kind": difference.kind, "cause": difference.cause}
    subject = f"{DIFFERENCE}{difference.pk}"
    record(actor_id=actor_id, action=action, subject=subject, reason=reason, details=details, now=now)
