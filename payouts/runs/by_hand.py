"""Payouts that an operator has paid outside the providers: recorded with evidence, approved above the limit, booked."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from kit.documents import Document, read_document
from kit.errors import Fault, InvalidInputError, NotFoundError
from kit.files import PRIVATE, Folder
from kit.ids import access_key, uuid7
from payouts.models import (
    HAND,
    HandPayment,
    HandPaymentStatus,
    Payout,
    PayoutStatus,
    Place,
    Transfer,
    TransferStatus,
)
from payouts.runs.errors import (
    BalanceChangedError,
    HandPaymentDecidedError,
    HandPaymentKnownError,
    SelfApprovalError,
)
from payouts.runs.hold import lock_with_run
from payouts.runs.letters import tell_payout_moved
from payouts.runs.locks import last_transfer
from payouts.runs.money import book_back, book_by_hand, set_aside_again
from payouts.runs.settle import end_unsent
from payouts.runs.step_conditions import check_no_other_open, check_unpaid
from payouts.runs.unapproved import approval_limit, count_unapproved
from payouts.services.journals import post
from payouts.services.shop_money import lock_shop_money

LONGEST_REFERENCE, LONGEST_REASON = 80, 300
NOT_CONFIRMED = gettext_noop("Paid by hand; a second person has to confirm it.")


@dataclass(frozen=True, slots=True)
class HandPaymentInput:
    """A payment as an operator records it.

    Args:
        reference: the bank's.
        reason: why it was not paid through the provider.
    """

    reference: str
    paid_on: date
    reason: str


def evidence_folder(payout_id: UUID) -> Folder:
    """Return the folder of a payout's evidence, which only operators may see."""
    return Folder(PRIVATE, f"payouts/{payout_id}/")


def record_hand_payment(
    *, payout_id: UUID, data: HandPaymentInput, upload: BinaryIO, file_name: str, actor_id: int, now: datetime
) -> HandPayment:
    """Record that a payout was paid outside the providers, and book it; above the limit of a day, once approved.

    From now on its money is set aside for it alone: nothing else pays it, whether a second person is needed or not.

    Raises:
        NotFoundError: there is no such payout.
        InvalidInputError: a field is empty or the day lies ahead, or the file is no evidence that we take.
        PayoutUnderWayError: a transfer is with the provider, or could arrive still.
        PayoutPaidAlreadyError: it is paid, or a payment by hand was recorded already.
        HandPaymentKnownError: a payment with this reference was recorded already.
        OtherPayoutOpenError: it had failed, and another payout of the shop is not over.
        BalanceChangedError: it had failed, and its money is not available any more.
    """
    _check(data, now)
    document = read_document(upload=upload, name=file_name)
    folder = evidence_folder(payout_id)
    if not Payout.objects.filter(pk=payout_id).exists():  # before a file is kept; its run is locked before it
        raise NotFoundError
    file = folder.save(f"{folder.path}{access_key()}.{document.ending}", ContentFile(document.content))
    try:
        return _record(payout_id, data, (document, file), actor_id, now)
    except Exception:
        folder.delete(file)
        raise


def approve_hand_payment(*, payout_id: UUID, actor_id: int, now: datetime) -> HandPayment:
    """Book the payment of a payout that another person has recorded.

    Raises:
        NotFoundError: there is none.
        HandPaymentDecidedError: it does not wait any more.
        SelfApprovalError: the person who recorded it has to be another.
    """
    with transaction.atomic():
        payment = _lock_waiting(payout_id)
        if payment.recorded_by_id == actor_id:
            raise SelfApprovalError
        payment.status, payment.decided_by_id, payment.decided_at = HandPaymentStatus.BOOKED, actor_id, now
        payment.save(update_fields=["status", "decided_by", "decided_at"])
        _book(payment, now)
    return payment


def refuse_hand_payment(*, payout_id: UUID, actor_id: int, now: datetime) -> HandPayment:
    """Take the payment of a payout that waits as not made: its money is available to the shop again.

    Raises:
        NotFoundError: there is none.
        HandPaymentDecidedError: it does not wait any more.
    """
    with transaction.atomic():
        payment = _lock_waiting(payout_id)
        payment.status, payment.decided_by_id, payment.decided_at = HandPaymentStatus.REFUSED, actor_id, now
        payment.save(update_fields=["status", "decided_by", "decided_at"])
        payout = payment.payout
        end_unsent(payout, status=PayoutStatus.CANCELLED, note="", now=now)
        payout.hold_reason, payout.held_by_id = "", None
        payout.save(update_fields=["hold_reason", "held_by"])
    return payment


def _check(data: HandPaymentInput, now: datetime) -> None:
    faults: dict[str, list[str]] = {}
    if not data.reference.strip():
        faults["reference"] = [gettext("Enter the bank’s reference.")]
    if not data.reason.strip():
        faults["reason"] = [gettext("Say why it was paid by hand.")]
    if data.paid_on > timezone.localdate(now):
        faults["paid_on"] = [Fault(gettext("This date is in the future."), "not_in_time")]
    if faults:
        raise InvalidInputError(next(iter(faults.values()))[0], details=faults)


def _record(
    payout_id: UUID, data: HandPaymentInput, evidence: tuple[Document, str], actor_id: int, now: datetime
) -> HandPayment:
    document, file = evidence
    with transaction.atomic():
        payout = _lock_unpaid(payout_id)
        transfer = _set_aside(payout, now)
        day_minor = count_unapproved(currency=payout.currency, adding_minor=payout.amount_minor, now=now)
        is_free = day_minor <= approval_limit()
        payment = HandPayment(
            id=uuid7(),
            payout=payout,
            transfer=transfer,
            currency=payout.currency,
            amount_minor=payout.amount_minor,
            reference=data.reference.strip(),
            paid_on=data.paid_on,
            reason=data.reason.strip(),
            file=file,
            file_name=document.name,
            content_type=document.content_type,
            status=HandPaymentStatus.BOOKED if is_free else HandPaymentStatus.WAITING,
            limit_minor=approval_limit(),
            day_minor=day_minor,
            recorded_by_id=actor_id,
            recorded_at=now,
        )
        _save_once(payment)
        payout.status, payout.status_at, payout.problem, payout.note = PayoutStatus.HELD, now, "", ""
        payout.hold_reason, payout.held_by_id = NOT_CONFIRMED, actor_id
        payout.save(update_fields=["status", "status_at", "problem", "note", "hold_reason", "held_by"])
        if is_free:
            _book(payment, now)
    return payment


def _lock_unpaid(payout_id: UUID) -> Payout:
    """Lock a payout of which nothing was paid, is under way, or could arrive still."""
    payout = lock_with_run(payout_id)
    check_unpaid(payout)
    return payout


def _set_aside(payout: Payout, now: datetime) -> Transfer:
    """Set the money of a payout aside for a transfer that no provider makes, in place of one that was not sent."""
    before = last_transfer(payout)
    if before.state == TransferStatus.PREPARED:
        before.state, before.ended_at = TransferStatus.CANCELLED, now
        book_back(payout, before, at=now, now=now)
        before.save(update_fields=["state", "place", "moves", "ended_at"])
    else:
        check_no_other_open(payout)
    money = lock_shop_money(shop_id=payout.shop_id, currency=payout.currency)
    if money.available_minor < payout.amount_minor:
        raise BalanceChangedError
    transfer = Transfer.objects.create(
        payout=payout,
        attempt=before.attempt + 1,
        provider=HAND,
        reference=f"hand_{uuid7().hex}",
        amount_minor=payout.amount_minor,
        currency=payout.currency,
        state=TransferStatus.PREPARED,
        place=Place.SET_ASIDE,
        created_at=now,
    )
    post(set_aside_again(payout, transfer, now=now))
    return transfer


def _save_once(payment: HandPayment) -> None:
    try:
        with transaction.atomic():
            payment.save(force_insert=True)
    except IntegrityError as error:
        if "hand_payment_reference_once" in str(error):
            raise HandPaymentKnownError from error
        raise


def _lock_waiting(payout_id: UUID) -> HandPayment:
    """Return the payment of a payout that waits, the payout locked behind its run."""
    payout = lock_with_run(payout_id)
    payments = HandPayment.objects.filter(payout=payout).select_related("transfer").order_by("-pk")
    payment = payments.first()
    if payment is None:
        raise NotFoundError
    if payment.status != HandPaymentStatus.WAITING:
        raise HandPaymentDecidedError
    payment.payout = payout
    return payment


def _book(payment: HandPayment, now: datetime) -> None:
    """Book the money as paid, and write to the shop."""
    payout, transfer = payment.payout, payment.transfer
    transfer.state, transfer.recipient, transfer.asked_at = TransferStatus.SUCCESS, HAND, now
    transfer.ended_at, transfer.fees_minor, transfer.message = now, 0, payment.reference
    payout.status, payout.status_at, payout.hold_reason, payout.held_by_id = PayoutStatus.PAID, now, "", None
    payout.save(update_fields=["status", "status_at", "hold_reason", "held_by"])
    tell_payout_moved(payout, now=now, by_hand=payment)
    book_by_hand(payout, transfer, now=now)
    transfer.save(
        update_fields=["state", "recipient", "asked_at", "ended_at", "fees_minor", "message", "place", "moves"]
    )
