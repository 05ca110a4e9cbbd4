"""Journals of sales, of what is taken back of them, and of refunds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from payouts.models import AccountKind, Journal, JournalKind, clearing_code
from payouts.services.accounts import AccountKey
from payouts.services.journals import JournalDraft, Leg, Posting, post, prepare_journal
from payouts.stored_sentences import FEE_CORRECTED, PAYMENT_CAPTURED, REFUND_PAID_OUT, REFUND_SET_OFF

FEES = AccountKey(AccountKind.PSP_FEES)
COMMISSION = AccountKey(AccountKind.COMMISSION)
COMMISSION_TAX = AccountKey(AccountKind.COMMISSION_TAX)
REFUNDS = AccountKey(AccountKind.REFUNDS_PAYABLE)
PROMOTIONS = AccountKey(AccountKind.PLATFORM_PROMOTIONS)
LOSSES = AccountKey(AccountKind.DISPUTE_LOSSES)
OPERATOR_FUNDS = AccountKey(AccountKind.OPERATOR_FUNDS)


@dataclass(frozen=True, slots=True)
class SaleShare:
    """A shop's share of a captured payment: the amount owed to it, and the platform's commission.

    Args:
        promotion_minor: the part of all that the buyer has not paid, because the platform gave it away.
        commission_tax_minor: the platform's tax on its commission.
    """

    shop_id: int
    sub_order_id: UUID
    payable_minor: int
    commission_minor: int
    promotion_minor: int = 0
    commission_tax_minor: int = 0

    @property
    def parts(self) -> tuple[int, int, int]:
        """Return the amounts of shop and platform."""
        return self.payable_minor, self.commission_minor, self.commission_tax_minor


def prepare_sale(
    *,
    provider: str,
    reference: str,
    currency: str,
    captured_minor: int,
    fees_minor: int,
    shares: Sequence[SaleShare],
    refundable_minor: int,
    occurred_at: datetime,
    now: datetime,
    credit_minor: int = 0,
) -> Posting:
    """Return the posting of a captured payment, once for its reference: shops' shares, commission, refundable rest.

    Args:
        provider: the name of who holds it.
        fees_minor: the provider's fee, which the platform bears; the provider holds the rest.
        refundable_minor: the part that no shop will fulfil, or that was paid beyond what was due.
        credit_minor: what was owed to the buyer for a return, and pays for this order too.

    Raises:
        ValueError: the parts do not sum to what was captured and the platform's discounts, or one is negative.
    """
    parts = [amount for share in shares for amount in share.parts]
    promotions = [share.promotion_minor for share in shares]
    if captured_minor <= 0 or min([fees_minor, refundable_minor, credit_minor, *parts, *promotions]) < 0:
        raise ValueError(f"Sale {reference} has a negative amount, or none.")
    given, due = captured_minor + credit_minor + sum(promotions), sum(parts) + refundable_minor
    if due != given:
        raise ValueError(f"The parts of sale {reference} sum to {due}, not {given}.")
    legs = [
        Leg(AccountKey(clearing_code(provider)), captured_minor - fees_minor),
        Leg(FEES, fees_minor),
        *_legs_of(shares),
        Leg(REFUNDS, credit_minor),
        Leg(REFUNDS, -refundable_minor),
    ]
    draft = JournalDraft(
        JournalKind.SALE, reference, PAYMENT_CAPTURED.written(reference=reference), currency, occurred_at
    )
    return prepare_journal(draft=draft, legs=legs, now=now)


def prepare_free_sale(
    *, number: str, currency: str, shares: Sequence[SaleShare], now: datetime, credit_minor: int = 0
) -> Posting | None:
    """Return the posting of an order with nothing to pay, once for its number: the platform owes what it gives.

    Args:
        credit_minor: what was owed to the buyer for a return, and pays for this order.

    Returns:
        The posting, or None where the shops give everything themselves, and there is no debt to book.

    Raises:
        ValueError: the parts do not sum to the platform's discounts.
    """
    legs = [*_legs_of(shares), Leg(REFUNDS, credit_minor)]
    if not any(leg.amount_minor for leg in legs):
        return None
    draft = JournalDraft(
        JournalKind.SALE,
        number,
        f"Order {number}, {'paid by a return' if credit_minor else 'nothing to pay'}",
        currency,
        now,
    )
    return prepare_journal(draft=draft, legs=legs, now=now)


def _legs_of(shares: Sequence[SaleShare]) -> list[Leg]:
    """Return the legs of the shops' shares, the market's commission with its tax, and its gifts."""
    return [
        *(
            Leg(AccountKey(AccountKind.SHOP_PENDING, share.shop_id), -share.payable_minor, share.sub_order_id)
            for share in shares
        ),
        *(Leg(COMMISSION, -share.commission_minor, share.sub_order_id) for share in shares),
        *(Leg(COMMISSION_TAX, -share.commission_tax_minor, share.sub_order_id) for share in shares),
        *(Leg(PROMOTIONS, share.promotion_minor, share.sub_order_id) for share in shares),
    ]


def post_refund(
    *, provider: str, refund_id: UUID, amount_minor: int, currency: str, occurred_at: datetime, now: datetime
) -> Journal | None:
    """Book money that the provider has given back to a buyer, once for each refund.

    Returns:
        The journal, or None where the refund had been booked before.

    Raises:
        ValueError: the amount is not positive.
    """
    if amount_minor <= 0:
        raise ValueError(f"Refund {refund_id} is of {amount_minor}.")
    draft = JournalDraft(
        JournalKind.REFUND, str(refund_id), REFUND_PAID_OUT.written(id=refund_id), currency, occurred_at
    )
    legs = [Leg(REFUNDS, amount_minor), Leg(AccountKey(clearing_code(provider)), -amount_minor)]
    return post(prepare_journal(draft=draft, legs=legs, now=now))


def post_set_off(*, source: str, refund_id: UUID, amount_minor: int, currency: str, now: datetime) -> Journal | None:
    """Book that a lost dispute has paid a refund that was owed, once for each source.

    Args:
        amount_minor: below zero where that is undone, as the provider has paid it too.

    Returns:
        The journal, or None where it had been booked before.
    """
    draft = JournalDraft(JournalKind.SET_OFF, source, REFUND_SET_OFF.written(id=refund_id), currency, now)
    legs = [Leg(REFUNDS, amount_minor), Leg(LOSSES, -amount_minor)]
    return post(prepare_journal(draft=draft, legs=legs, now=now))


def post_fee_correction(
    *, provider: str, source: str, reference: str, more_minor: int, currency: str, now: datetime
) -> Journal | None:
    """Book the fee of a charge that the provider has taken beside the one that was booked, once for each source.

    Args:
        more_minor: the fee beside the booked one; below zero where it was smaller.

    Returns:
        The journal, or None where it had been booked before.
    """
    draft = JournalDraft(JournalKind.CORRECTION, source, FEE_CORRECTED.written(reference=reference), currency, now)
    legs = [Leg(FEES, more_minor), Leg(AccountKey(clearing_code(provider)), -more_minor)]
    return post(prepare_journal(draft=draft, legs=legs, now=now))


def post_operator_movement(
    *,
    provider: str,
    source: str,
    movement: str,
    held_minor: int,
    fees_minor: int,
    currency: str,
    occurred_at: datetime,
    now: datetime,
) -> Journal | None:
    """Book a movement at a provider that the operator has made outside the market, once for each source.

    Args:
        movement: the description of the journal.
        held_minor: the change of what the provider holds: below zero of what was taken out.
        fees_minor: the provider's fee in it, which the market bears.

    Returns:
        The journal, or None where it had been booked before.
    """
    draft = JournalDraft(JournalKind.OPERATOR, source, movement, currency, occurred_at)
    legs = [
        Leg(AccountKey(clearing_code(provider)), held_minor),
        Leg(FEES, fees_minor),
        Leg(OPERATOR_FUNDS, -held_minor - fees_minor),
    ]
    return post(prepare_journal(draft=draft, legs=legs, now=now))
