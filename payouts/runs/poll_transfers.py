"""Asking about transfers under way; one that the provider does not know is sent again, with the same reference."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from gateway.errors import (
    DuplicateReferenceError,
    ProviderRefusedError,
    ProviderUnavailableError,
)
from gateway.guard import refuse_inside_transaction
from gateway.registry import get_provider
from gateway.transfers import TransferState
from kit.work import leased, rounds
from kit.work.jobs import wake
from payouts.models import HAND, Payout, PayoutProblem, Place, Transfer, TransferStatus
from payouts.runs.create import PUSH
from payouts.runs.errors import UnknownTransferError
from payouts.runs.locks import lock_payout
from payouts.runs.send import reason_not_to_send, request_of
from payouts.runs.settle import end_unknown, settle_transfer
from payouts.stored_sentences import NEVER_KNOWN

# A request is validated for a while before the provider knows it; until then it may say that it does not.
SENT_AGAIN_AFTER = timedelta(minutes=2)
# Of one that must not be sent again the money is given back, so what the provider says has to be sure.
ENDED_AFTER = timedelta(hours=1)
# A transfer that was paid may be returned by the bank, and the event be lost.
PAID_WATCHED_FOR = timedelta(days=3)
PAID_WATCHED_EVERY = timedelta(days=1)


def _waiting(now: datetime) -> Q:
    paid = Q(place=Place.GONE, ended_at__gt=now - PAID_WATCHED_FOR)
    return (Q(place=Place.SET_ASIDE) & ~Q(state=TransferStatus.PREPARED) | paid) & ~Q(provider=HAND)


TRANSFERS = leased.Kind(
    model=Transfer,
    lease=timedelta(minutes=2),
    back_off=leased.BackOff(first=timedelta(minutes=1), cap=timedelta(hours=2), factor=1.5),
    waiting=_waiting,
    given_up=lambda _: {},
    service="provider",
    silent=(ProviderUnavailableError,),
    expected=(ProviderRefusedError,),
)


def ask_about_transfers(*, now: datetime) -> int:
    """Ask about the transfers that are due; return the number that were answered."""
    refuse_inside_transaction()
    asked = rounds.work_through(
        TRANSFERS, lambda transfer: _ask(transfer, now), now=now, threads=settings.PROVIDER_CALLS_AT_ONCE
    )
    if not asked.is_complete:
        wake(PUSH)
    return asked.done


def is_transfer(reference: str) -> bool:
    """Return whether a reference is one of a transfer of ours."""
    return Transfer.objects.filter(reference=reference).exists()


def refresh_transfer(*, provider: str, reference: str, now: datetime) -> Transfer:
    """Ask a provider about a transfer; its events are only a hint to do so.

    Raises:
        UnknownTransferError: it is none of ours, or another provider's.
        ProviderUnavailableError: the provider does not answer; nothing has changed.
    """
    transfer = Transfer.objects.filter(provider=provider, reference=reference).first()
    if transfer is None or transfer.state == TransferStatus.PREPARED:
        raise UnknownTransferError
    report = get_provider(provider).find_transfer(reference)
    return settle_transfer(transfer_id=transfer.pk, report=report, now=now)


def _ask(transfer: Transfer, now: datetime) -> None:
    report = get_provider(transfer.provider).find_transfer(transfer.reference)
    if report.state != TransferState.NOT_KNOWN:
        settled = settle_transfer(transfer_id=transfer.pk, report=report, now=now)
    else:
        settled = _send_again(transfer, now)
    is_paid = settled.place == Place.GONE
    wait = int(PAID_WATCHED_EVERY.total_seconds()) if is_paid else None
    leased.put_off(TRANSFERS, transfer, now=now, retry_after=wait)


def _send_again(transfer: Transfer, now: datetime) -> Transfer:
    """Send a transfer again that the provider does not know, some time after it was sent last.

    One that must not be sent any more, because the shop is suspended or has another bank account, ends instead.
    """
    with transaction.atomic():
        payout = lock_payout(payout_id=transfer.payout_id)
        fresh = Transfer.objects.select_related("payout__shop").get(pk=transfer.pk)
        is_lost = fresh.place == Place.SET_ASIDE and fresh.state != TransferStatus.PREPARED
        if not is_lost or fresh.asked_at is None or fresh.asked_at > now - SENT_AGAIN_AFTER:
            return fresh
        if why := reason_not_to_send(payout, now):
            if fresh.asked_at <= now - ENDED_AFTER:
                note = NEVER_KNOWN.written(why=why)
                end_unknown(payout, fresh, note=note, now=now)
            return fresh
        fresh.asked_at = now
        fresh.save(update_fields=["asked_at"])
    try:
        report = get_provider(fresh.provider).transfer(request_of(fresh))
    except DuplicateReferenceError:
        return fresh  # it is known after all; the next question tells its state
    except ProviderRefusedError as refusal:
        open_payout = Payout.objects.filter(pk=fresh.payout_id, status="sending")
        open_payout.update(problem=PayoutProblem.REFUSED, note=str(refusal)[:200])
        raise
    return settle_transfer(transfer_id=fresh.pk, report=report, now=now)
