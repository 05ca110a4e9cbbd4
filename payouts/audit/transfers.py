"""Transfers that may have left a provider without being booked, for the audit to ask about."""

from collections.abc import Sequence
from functools import partial

from gateway.registry import get_provider
from gateway.transfers import RETURNED_STATES, TransferState
from payouts.audit.in_transit import ASKED_AT_MOST, Confirmed, MoneyInTransit, PendingMovement
from payouts.models import Place, Transfer, TransferStatus


def find_transfers() -> Sequence[PendingMovement]:
    """Return the newest transfers that were asked for and whose money is set aside."""
    found = Transfer.objects.filter(place=Place.SET_ASIDE).exclude(state=TransferStatus.PREPARED)
    return [
        PendingMovement(
            provider=transfer.provider,
            subject=f"transfer {transfer.reference}",
            is_leaving=True,
            confirm=partial(_confirm, transfer),
        )
        for transfer in found.order_by("-id")[:ASKED_AT_MOST]
    ]


def _confirm(transfer: Transfer) -> Confirmed:
    """Ask the provider for the amount that has left with the fee."""
    report = get_provider(transfer.provider).find_transfer(transfer.reference)
    if report.state == TransferState.NOT_KNOWN or report.state in RETURNED_STATES:
        return Confirmed()
    return Confirmed(report.currency, report.amount_minor + (report.fees_minor or 0))


TRANSFERS_UNDER_WAY = MoneyInTransit("transfers", find_transfers)
