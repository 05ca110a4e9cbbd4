"""Journals of a dispute: the money of shops that is held for it, and its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from payouts.models import AccountKind, Dispute, DisputePart, JournalKind, clearing_code
from payouts.release.schedules import EarnedPart
from payouts.services.accounts import AccountKey
from payouts.services.journals import JournalDraft, Leg, post, prepare_journal
from payouts.services.posting import COMMISSION, COMMISSION_TAX, LOSSES, PROMOTIONS
from payouts.services.reversals import take_of_places, take_reserves
from payouts.services.shop_money import ShopMoney, lock_money_of_shops, pending_by_sub_order
from payouts.stored_sentences import DISPUTE_DECIDED, PAYMENT_DISPUTED

RESERVE = AccountKey(AccountKind.DISPUTE_RESERVE)
AMOUNTS = (
    *("amount_minor", "payable_minor", "commission_minor", "promotion_minor"),
    *("pending_minor", "available_minor", "reserved_minor", "owed_minor"),
)


@dataclass(frozen=True, slots=True)
class DisputedShare:
    """A sub-order's share of a disputed amount: the buyer's amount, and who has it.

    Args:
        payable_minor: of the shop's money.
        commission_minor: of the market's, with the tax on it.
        promotion_minor: the market's own gift in both, which the buyer had not paid.
    """

    part: EarnedPart
    amount_minor: int
    payable_minor: int
    commission_minor: int
    promotion_minor: int = 0


@dataclass(frozen=True, slots=True)
class LostShare:
    """The amounts of a sub-order that are lost with a dispute, and the reversal that takes them back of it."""

    amount_minor: int
    payable_minor: int
    commission_minor: int
    promotion_minor: int
    reversal_id: UUID
    commission_tax_minor: int = 0


def hold_money(dispute: Dispute, shares: Sequence[DisputedShare], *, now: datetime) -> list[DisputePart]:
    """Hold the shops' money of a dispute, each place as far as it reaches, and write its parts; they are returned.

    A dispute may come to hold more later, when another of its payment ends: its parts grow, each with a journal of its
    own. The balances of all shops concerned are locked, in account-id order, before anything is read: it comes last in
    a transaction. What a shop has not got is owed by it.
    """
    money = lock_money_of_shops(shop_ids=[share.part.shop_id for share in shares], currency=dispute.currency)
    parts = [_part(dispute, share, money[share.part.shop_id]) for share in shares]
    legs = [leg for part in parts for leg in (*_taken(part), Leg(RESERVE, -part.payable_minor, part.sub_order_id))]
    if any(leg.amount_minor for leg in legs):
        draft = JournalDraft(
            JournalKind.DISPUTE,
            _source(dispute),
            PAYMENT_DISPUTED.written(reference=dispute.reference),
            dispute.currency,
            now,
        )
        if post(prepare_journal(draft=draft, legs=legs, now=now)) is None:
            raise RuntimeError(f"Dispute {dispute.pk} was held before, though this money has just been found.")
    for part in parts:
        take_reserves(
            shop_id=part.shop_id,
            currency=dispute.currency,
            sub_order_id=part.sub_order_id,
            amount_minor=part.reserved_minor,
        )
    return _kept(dispute, parts)


def end_money(dispute: Dispute, *, lost: Mapping[UUID, LostShare], now: datetime) -> list[DisputePart]:
    """Book the end of a dispute, and return its parts: what is lost leaves the provider, the rest goes back to shops.

    What was pending is pending again, so that it is released in its time. The rest pays what the shop owes by now, and
    is available: a reserve that was taken may have ended since. What was lost beyond the parts is the market's loss.
    A shop may lose more of its share than was held, by rounding or where another dispute was decided meanwhile: the
    rest is taken as a reversal takes it.

    Args:
        lost: by sub-order; what exceeds the dispute's own loss was lost with other disputes of its payment, which this
            one kept from them.
    """
    parts = list(DisputePart.objects.filter(dispute=dispute).order_by("id"))
    money = lock_money_of_shops(shop_ids=sorted({part.shop_id for part in parts}), currency=dispute.currency)
    legs: list[Leg] = []
    for part in parts:
        share = lost.get(part.sub_order_id)
        legs.append(Leg(RESERVE, part.payable_minor, part.sub_order_id))
        if share is not None:
            part.lost_minor, part.lost_payable_minor = share.amount_minor, share.payable_minor
            part.reversal_id = share.reversal_id
            legs.append(Leg(COMMISSION, share.commission_minor, part.sub_order_id))
            legs.append(Leg(COMMISSION_TAX, share.commission_tax_minor, part.sub_order_id))
            legs.append(Leg(PROMOTIONS, -share.promotion_minor, part.sub_order_id))
        legs += _settled(part, dispute.currency, money[part.shop_id])
    lost_minor = dispute.lost_minor or 0
    legs.append(Leg(LOSSES, lost_minor - sum(share.amount_minor for share in lost.values())))
    legs.append(Leg(AccountKey(clearing_code(dispute.provider)), -lost_minor))
    DisputePart.objects.bulk_update(parts, ["lost_minor", "lost_payable_minor", "reversal_id"])
    if any(leg.amount_minor for leg in legs):
        draft = JournalDraft(
            JournalKind.DISPUTE_END,
            str(dispute.pk),
            DISPUTE_DECIDED.written(reference=dispute.reference),
            dispute.currency,
            now,
        )
        if post(prepare_journal(draft=draft, legs=legs, now=now)) is None:
            raise RuntimeError(f"The end of dispute {dispute.pk} was booked before, though it was undecided.")
    for part in parts:
        take_reserves(
            shop_id=part.shop_id,
            currency=dispute.currency,
            sub_order_id=part.sub_order_id,
            amount_minor=_reserved(part, legs),
        )
    return parts


def _source(dispute: Dispute) -> str:
    """Return the source of the next journal that holds money of a dispute: its id, then `<id>.1` and so on."""
    grown = sum(step["move"] == "held" for step in dispute.steps)
    return f"{dispute.pk}.{grown}" if grown else str(dispute.pk)


def _kept(dispute: Dispute, found: Sequence[DisputePart]) -> list[DisputePart]:
    """Write held money to the parts that the dispute has, or as new ones; return the parts that were written."""
    known = {part.sub_order_id: part for part in DisputePart.objects.filter(dispute=dispute)}
    new = [part for part in found if part.sub_order_id not in known]
    DisputePart.objects.bulk_create(new)
    grown = [known[part.sub_order_id] for part in found if part.sub_order_id in known]
    for part in found:
        if (row := known.get(part.sub_order_id)) is not None:
            for name in AMOUNTS:
                setattr(row, name, getattr(row, name) + getattr(part, name))
    DisputePart.objects.bulk_update(grown, AMOUNTS)
    return [*new, *grown]


def _part(dispute: Dispute, share: DisputedShare, money: ShopMoney) -> DisputePart:
    of = share.part
    taken = _take(of.shop_id, of.currency, of.sub_order_id, money, share.payable_minor)
    return DisputePart(
        dispute=dispute,
        sub_order_id=of.sub_order_id,
        shop_id=of.shop_id,
        number=of.number,
        amount_minor=share.amount_minor,
        payable_minor=share.payable_minor,
        commission_minor=share.commission_minor,
        promotion_minor=share.promotion_minor,
        pending_minor=taken[AccountKind.SHOP_PENDING],
        available_minor=taken[AccountKind.SHOP_AVAILABLE],
        reserved_minor=taken[AccountKind.SHOP_RESERVED],
        owed_minor=taken[AccountKind.SHOP_RECEIVABLE],
    )


def _take(shop_id: int, currency: str, sub_order_id: UUID, money: ShopMoney, minor: int) -> dict[AccountKind, int]:
    """Return the shares of an amount that each place of a shop's money gives, the sub-order's pending money first."""
    pending = pending_by_sub_order(shop_id=shop_id, currency=currency, sub_order_ids=[sub_order_id])
    return take_of_places(money, pending_minor=pending.get(sub_order_id, 0), amount_minor=minor)


def _taken(part: DisputePart) -> list[Leg]:
    amounts = {
        AccountKind.SHOP_PENDING: part.pending_minor,
        AccountKind.SHOP_AVAILABLE: part.available_minor,
        AccountKind.SHOP_RESERVED: part.reserved_minor,
        AccountKind.SHOP_RECEIVABLE: part.owed_minor,
    }
    return _legs(part, amounts)


def _settled(part: DisputePart, currency: str, money: ShopMoney) -> list[Leg]:
    """Return the legs of what a shop has back of its share, or of what it loses beyond what was held."""
    beyond = part.lost_payable_minor - part.payable_minor
    if beyond > 0:
        return _legs(part, _take(part.shop_id, currency, part.sub_order_id, money, beyond))
    return _given_back(part, money)


def _given_back(part: DisputePart, money: ShopMoney) -> list[Leg]:
    """Return the legs of what is not lost of a part: first of what it had been taken of last."""
    back = part.payable_minor - part.lost_payable_minor
    pending = min(back, part.pending_minor)
    owed = min(back - pending, money.owed_minor)
    amounts = {
        AccountKind.SHOP_PENDING: -pending,
        AccountKind.SHOP_RECEIVABLE: -owed,
        AccountKind.SHOP_AVAILABLE: pending + owed - back,
    }
    return _legs(part, amounts)


def _legs(part: DisputePart, amounts: Mapping[AccountKind, int]) -> list[Leg]:
    return [Leg(AccountKey(kind, part.shop_id), amount, part.sub_order_id) for kind, amount in amounts.items()]


def _reserved(part: DisputePart, legs: Sequence[Leg]) -> int:
    """Return the amount that legs take of the reserve of a part's shop."""
    reserved = AccountKey(AccountKind.SHOP_RESERVED, part.shop_id)
    return sum(leg.amount_minor for leg in legs if leg.account == reserved)
