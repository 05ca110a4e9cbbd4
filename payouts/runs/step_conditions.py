"""Conditions of sending a payout again and of recording it as paid by hand: the acts and the pages ask the same."""

from datetime import datetime

from kit.errors import DomainError
from payouts.models import (
    ENDED_WITHOUT_PAY,
    OPEN_PAYOUTS,
    UNSUCCESSFUL,
    AccountKind,
    Balance,
    BankAccount,
    HandPayment,
    HandPaymentStatus,
    Payout,
    PayoutProblem,
    PayoutStatus,
    Place,
    RunStatus,
    Transfer,
    TransferStatus,
)
from payouts.runs.errors import (
    BalanceChangedError,
    NoPayableAccountError,
    OtherPayoutOpenError,
    PayoutNotRetriableError,
    PayoutPaidAlreadyError,
    PayoutUnderWayError,
)
from payouts.runs.locks import last_transfer
from payouts.selectors.bank_accounts import payable_bank_account
from tenants.life.lifecycle import may_be_paid_out


def find_retry_refusal(payout: Payout, *, now: datetime) -> DomainError | None:
    """Return the error that sending a payout again would raise now; nothing is written."""
    try:
        check_retriable(payout, now=now)
        _check_covered(payout)
    except DomainError as refusal:
        return refusal
    return None


def find_hand_refusal(payout: Payout) -> DomainError | None:
    """Return the error that recording a payout as paid by hand would raise now; nothing is written."""
    try:
        check_unpaid(payout)
        if last_transfer(payout).state != TransferStatus.PREPARED:
            check_no_other_open(payout)
            _check_covered(payout)
    except DomainError as refusal:
        return refusal
    return None


def check_retriable(payout: Payout, *, now: datetime) -> BankAccount:
    """Return the account to which a payout can be sent again.

    Raises:
        PayoutNotRetriableError: its last transfer has not failed for good.
        NoPayableAccountError: the shop has no bank account that may be paid to.
        OtherPayoutOpenError: another payout of the shop is not over.
    """
    before = last_transfer(payout)
    is_over = before.place == Place.BACK and before.state in UNSUCCESSFUL
    if payout.status not in ENDED_WITHOUT_PAY or not is_over or payout.run.status == RunStatus.CANCELLED:
        raise PayoutNotRetriableError
    account = payable_bank_account(shop_id=payout.shop_id, now=now)
    if account is None or account.currency != payout.currency or not may_be_paid_out(payout.shop.status):
        raise NoPayableAccountError
    check_no_other_open(payout)
    return account


def check_unpaid(payout: Payout) -> None:
    """Check that nothing of a payout was paid, is under way, or could arrive still.

    Raises:
        PayoutPaidAlreadyError: it is paid, or a payment by hand was recorded already.
        PayoutUnderWayError: a transfer is with the provider, or could arrive still.
    """
    transfers = list(Transfer.objects.filter(payout=payout).order_by("attempt"))
    is_recorded = HandPayment.objects.filter(payout=payout).exclude(status=HandPaymentStatus.REFUSED).exists()
    if payout.status == PayoutStatus.PAID or is_recorded:
        raise PayoutPaidAlreadyError
    is_over = all(each.place == Place.BACK and each.state in UNSUCCESSFUL for each in transfers)
    is_unsent = payout.status in {PayoutStatus.PREPARED, PayoutStatus.HELD}
    earlier = transfers[:-1] if is_unsent else transfers
    is_known = payout.problem not in {PayoutProblem.MISMATCH, PayoutProblem.REFUSED, PayoutProblem.OTP}
    if not (is_unsent or (payout.status in ENDED_WITHOUT_PAY and is_over)) or not is_known:
        raise PayoutUnderWayError
    if any(each.place != Place.BACK for each in earlier):
        raise PayoutUnderWayError


def check_no_other_open(payout: Payout) -> None:
    """Check that no other payout of the shop and currency is open.

    Raises:
        OtherPayoutOpenError: one is.
    """
    others = Payout.objects.filter(shop=payout.shop, currency=payout.currency, status__in=OPEN_PAYOUTS)
    if other := others.exclude(pk=payout.pk).first():
        raise OtherPayoutOpenError.of(
            amount_minor=other.amount_minor,
            currency=other.currency,
            made_at=other.created_at,
            status=other.get_status_display(),
        )


def _check_covered(payout: Payout) -> None:
    available = Balance.objects.filter(
        account__code=AccountKind.SHOP_AVAILABLE,
        account__shop_id=payout.shop_id,
        account__currency=payout.currency,
        amount_minor__gte=payout.amount_minor,
    )
    if not available.exists():
        raise BalanceChangedError
