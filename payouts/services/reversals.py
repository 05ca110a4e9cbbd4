"""Journals of what is taken back of a sale: of the shop's money wherever it is by then."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Sum

from payouts.models import AccountKind, Balance, Entry, JournalKind
from payouts.services.accounts import AccountKey
from payouts.services.journals import JournalDraft, Leg, Posting, prepare_journal
from payouts.services.posting import COMMISSION, PROMOTIONS, REFUNDS


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A share of a sale, taken back: the amount that the shop and the market lose of their shares, for the buyer.

    Args:
        payable_minor: the amount that the shop is owed less.
        commission_minor: the commission that the market gives up.
        promotion_minor: the part of the two that the buyer had not paid, because the platform gave it away.
    """

    shop_id: int
    sub_order_id: UUID
    payable_minor: int
    commission_minor: int
    promotion_minor: int = 0

    @property
    def refundable_minor(self) -> int:
        """Return the amount that goes back to the buyer."""
        return self.payable_minor + self.commission_minor - self.promotion_minor


def prepare_reversal(
    *, reversal_id: UUID, number: str, currency: str, taken: TakenBack, occurred_at: datetime, now: datetime
) -> Posting | None:
    """Return the posting of what is taken back of a sale, once for each reversal; None where no money moves.

    Args:
        number: the sub-order's.

    Raises:
        ValueError: an amount is negative.
    """
    if min(taken.payable_minor, taken.commission_minor, taken.promotion_minor, taken.refundable_minor) < 0:
        raise ValueError(f"Reversal {reversal_id} has a negative amount: {taken}.")
    legs = [
        *_legs_of_shop(taken, currency),
        Leg(COMMISSION, taken.commission_minor, taken.sub_order_id),
        Leg(PROMOTIONS, -taken.promotion_minor, taken.sub_order_id),
        Leg(REFUNDS, -taken.refundable_minor),
    ]
    if not any(leg.amount_minor for leg in legs):
        return None
    draft = JournalDraft(JournalKind.REVERSAL, str(reversal_id), f"Taken back of {number}", currency, occurred_at)
    return prepare_journal(draft=draft, legs=legs, now=now)


def _legs_of_shop(taken: TakenBack, currency: str) -> list[Leg]:
    """Return the legs that take a shop's share: of what is pending of the sale, then of what is payable, then owed.

    The sale's order is locked by the caller, and whatever releases a sale locks it too, so what is pending of it stays
    as it is read. What is payable is locked, last but for the journal.
    """
    missing = taken.payable_minor
    legs = []
    for kind, read in ((AccountKind.SHOP_PENDING, _pending_of), (AccountKind.SHOP_AVAILABLE, lock_available)):
        share = min(missing, max(read(taken, currency), 0)) if missing else 0
        legs.append(Leg(AccountKey(kind, taken.shop_id), share, taken.sub_order_id))
        missing -= share
    return [*legs, Leg(AccountKey(AccountKind.SHOP_RECEIVABLE, taken.shop_id), missing, taken.sub_order_id)]


def _pending_of(taken: TakenBack, currency: str) -> int:
    """Return the amount that a shop is owed of a sale and that was not released."""
    of_sale = Entry.objects.filter(sub_order_id=taken.sub_order_id, account__shop_id=taken.shop_id)
    pending = of_sale.filter(account__code=AccountKind.SHOP_PENDING, currency=currency)
    return -int(pending.aggregate(total=Sum("amount_minor"))["total"] or 0)


def lock_available(taken: TakenBack, currency: str) -> int:
    """Lock a shop's payable balance and return it; needs an open transaction."""
    balances = Balance.objects.select_for_update(of=("self",)).filter(account__shop_id=taken.shop_id)
    found = balances.filter(account__code=AccountKind.SHOP_AVAILABLE, account__currency=currency).order_by("pk")
    return sum(balance.amount_minor for balance in found)
