"""Bank accounts that the payouts of a statement were sent to, as its papers name them."""

from dataclasses import dataclass
from datetime import datetime

from gateway.bank_accounts import masked
from kit.db.roles import as_platform
from payouts.models import ENDED_WITHOUT_PAY, HAND, BankAccount, Payout, Transfer
from payouts.statements.statement import Statement

MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class PaidAccount:
    """Bank account with as much of it as is printed.

    Args:
        number: its last four digits behind dots.
        reference: of the transfer, as the bank may show it; empty for several transfers, and where none was sent.
    """

    bank_name: str
    number: str
    holder_name: str
    reference: str = ""

    @property
    def label(self) -> str:
        """Return bank, number and holder on one line."""
        return f"{self.bank_name} {self.number}, {self.holder_name}"


@as_platform()  # a shop may not read what the provider was asked for
def paid_accounts(statement: Statement) -> list[PaidAccount]:
    """Return the account of a statement's payout, or those of the payouts of its time, the newest first."""
    payout, span = statement.payout, statement.span
    if payout is None:
        return accounts_in(shop_id=span.shop_id, currency=span.currency, since=span.since, before=span.before)
    last = Transfer.objects.filter(payout=payout).select_related("hand_payment").order_by("-attempt").first()
    return [_paid(payout.bank_account, _reference(last))]


@as_platform()  # as above
def accounts_in(*, shop_id: int, currency: str, since: datetime | None, before: datetime | None) -> list[PaidAccount]:
    """Return the accounts of payouts that were made or arrived in a time, and did not fail."""
    payouts = Payout.objects.filter(shop_id=shop_id, currency=currency).exclude(status__in=ENDED_WITHOUT_PAY)
    if since is not None:
        payouts = payouts.filter(status_at__gte=since)
    if before is not None:
        payouts = payouts.filter(created_at__lt=before)
    accounts = BankAccount.objects.filter(pk__in=payouts.values("bank_account")).order_by("-pk")
    return [_paid(each) for each in accounts[:MOST_NAMED]]


def _paid(account: BankAccount, reference: str = "") -> PaidAccount:
    return PaidAccount(account.bank_name, masked(account.number), account.holder_name, reference)


def _reference(transfer: Transfer | None) -> str:
    """Return the reference that the bank's own statement may show: of a payment by hand the bank's."""
    if transfer is None:
        return ""
    if transfer.provider == HAND:
        return str(transfer.hand_payment.reference)
    return transfer.reference if transfer.asked_at else ""
