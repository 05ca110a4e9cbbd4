"""Journals of what is taken back of a sale: of the shop's money wherever it is by then."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kit.db.sql import fetch_all
from kit.db.statements import load_statement
from payouts.models import AccountKind, Journal, JournalKind
from payouts.services.accounts import AccountKey
from payouts.services.journals import JournalDraft, Leg, Posting, post, prepare_journal
from payouts.services.posting import COMMISSION, COMMISSION_TAX, PROMOTIONS, REFUNDS
from payouts.services.shop_money import ShopMoney, lock_shop_money, pending_by_sub_order
from payouts.stored_sentences import UNITS_TAKEN_BACK

TAKE_RESERVES = load_statement(__package__, "take_reserves")


@dataclass(frozen=True, slots=True)
class ReversedShare:
    """A share of a sale, taken back: the amount that the shop and the market lose of their shares, for the buyer.

    Args:
        payable_minor: the amount that the shop is owed less.
        commission_minor: the commission that the market gives up.
        promotion_minor: the part of all that the buyer had not paid, because the platform gave it away.
        commission_tax_minor: the tax on that commission.
    """

    shop_id: int
    sub_order_id: UUID
    payable_minor: int
    commission_minor: int
    promotion_minor: int = 0
    commission_tax_minor: int = 0

    @property
    def refundable_minor(self) -> int:
        """Return the amount that is refunded to the buyer."""
        return self.payable_minor + self.commission_minor + self.commission_tax_minor - self.promotion_minor


def post_reversal(
    *, reversal_id: UUID, number: str, currency: str, taken: ReversedShare, occurred_at: datetime, now: datetime
) -> Journal | None:
    """Book the amounts that are taken back of a sale, once for each reversal.

    The shop's balances are locked, so it comes last in a transaction.

    Args:
        number: the sub-order's.

    Returns:
        The journal, or None where no money moves, or it had been booked before.

    Raises:
        ValueError: an amount is negative.
    """
    posting = _prepare(
        reversal_id=reversal_id, number=number, currency=currency, taken=taken, occurred_at=occurred_at, now=now
    )
    journal = post(posting) if posting is not None else None
    if posting is not None and journal is not None:
        _take_reserves(taken, posting)
    return journal


def _prepare(
    *, reversal_id: UUID, number: str, currency: str, taken: ReversedShare, occurred_at: datetime, now: datetime
) -> Posting | None:
    """Return the posting of what is taken back of a sale; None where no money moves."""
    amounts = (taken.payable_minor, taken.commission_minor, taken.commission_tax_minor, taken.promotion_minor)
    if min(*amounts, taken.refundable_minor) < 0:
        raise ValueError(f"Reversal {reversal_id} has a negative amount: {taken}.")
    legs = [
        *_legs_of_shop(taken, currency),
        Leg(COMMISSION, taken.commission_minor, taken.sub_order_id),
        Leg(COMMISSION_TAX, taken.commission_tax_minor, taken.sub_order_id),
        Leg(PROMOTIONS, -taken.promotion_minor, taken.sub_order_id),
        Leg(REFUNDS, -taken.refundable_minor),
    ]
    if not any(leg.amount_minor for leg in legs):
        return None
    draft = JournalDraft(
        JournalKind.REVERSAL, str(reversal_id), UNITS_TAKEN_BACK.written(number=number), currency, occurred_at
    )
    return prepare_journal(draft=draft, legs=legs, now=now)


def _legs_of_shop(taken: ReversedShare, currency: str) -> list[Leg]:
    """Return the legs that take a shop's share, each place as far as it reaches (docs/payouts.md, What is taken back).

    The shop's balances are locked before what is pending is read: whatever moves money of this shop waits until this
    is posted.
    """
    if not taken.payable_minor:
        return []
    money = lock_shop_money(shop_id=taken.shop_id, currency=currency)
    pending = pending_by_sub_order(shop_id=taken.shop_id, currency=currency, sub_order_ids=[taken.sub_order_id])
    places = take_of_places(money, pending_minor=pending.get(taken.sub_order_id, 0), amount_minor=taken.payable_minor)
    return [Leg(AccountKey(kind, taken.shop_id), share, taken.sub_order_id) for kind, share in places.items()]


def take_of_places(money: ShopMoney, *, pending_minor: int, amount_minor: int) -> dict[AccountKind, int]:
    """Return the shares of an amount that each place of a shop gives: as far as it reaches, and the rest is owed."""
    places = (
        (AccountKind.SHOP_PENDING, pending_minor),
        (AccountKind.SHOP_AVAILABLE, money.available_minor),
        (AccountKind.SHOP_RESERVED, money.reserved_minor),
        (AccountKind.SHOP_RECEIVABLE, amount_minor),
    )
    missing = amount_minor
    shares = {}
    for kind, found_minor in places:
        shares[kind] = min(missing, found_minor)
        missing -= shares[kind]
    return shares


def take_reserves(*, shop_id: int, currency: str, sub_order_id: UUID, amount_minor: int) -> None:
    """Count reserved money that a journal has taken in the reserves, this sale's own first; the balances are locked."""
    if not amount_minor:
        return
    asked = {"shop_id": shop_id, "currency": currency, "own_id": sub_order_id, "amount_minor": amount_minor}
    shares = fetch_all(TAKE_RESERVES, asked)
    if sum(share for (share,) in shares) != amount_minor:
        raise RuntimeError(f"The reserves of shop {shop_id} hold less than its reserved balance.")


def _take_reserves(taken: ReversedShare, posting: Posting) -> None:
    reserved = AccountKey(AccountKind.SHOP_RESERVED, taken.shop_id)
    take_reserves(
        shop_id=taken.shop_id,
        currency=posting.draft.currency,
        sub_order_id=taken.sub_order_id,
        amount_minor=sum(leg.amount_minor for leg in posting.legs if leg.account == reserved),
    )
