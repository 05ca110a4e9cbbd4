"""Locks of runs and payouts; a payout's row guards its transfers too."""

from collections.abc import Collection
from uuid import UUID

from kit.errors import NotFoundError
from payouts.models import Payout, PayoutRun, Transfer


def lock_run(*, run_id: UUID) -> PayoutRun:
    """Lock a run; needs an open transaction.

    Raises:
        NotFoundError: there is none.
    """
    found = PayoutRun.objects.select_for_update().filter(pk=run_id).first()
    if found is None:
        raise NotFoundError
    return found


def lock_payouts(*, payout_ids: Collection[UUID]) -> list[Payout]:
    """Lock payouts in primary-key order; needs an open transaction."""
    found = Payout.objects.select_for_update(of=("self",)).filter(pk__in=payout_ids)
    return list(found.select_related("shop", "bank_account", "run").order_by("pk"))


def lock_payout(*, payout_id: UUID) -> Payout:
    """Lock a payout; needs an open transaction.

    Raises:
        NotFoundError: there is none.
    """
    found = lock_payouts(payout_ids=[payout_id])
    if not found:
        raise NotFoundError
    return found[0]


def last_transfer(payout: Payout) -> Transfer:
    """Return the newest attempt of a payout."""
    return Transfer.objects.filter(payout=payout).order_by("-attempt")[0]
