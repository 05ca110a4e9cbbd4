"""Journals of a transfer's money, one for each place that it moves to."""

from datetime import datetime

from django.conf import settings

from payouts.models import AccountKind, JournalKind, Payout, Place, Transfer, clearing_code
from payouts.services.accounts import AccountKey
from payouts.services.journals import JournalDraft, Leg, Posting, post, prepare_journal
from payouts.services.posting import FEES
from payouts.services.shop_money import lock_shop_money
from payouts.stored_sentences import PAYOUT_COST, PAYOUT_COST_BACK, TRANSFER_FEE_BACK, TRANSFER_MOVED

OUTSIDE = AccountKey(AccountKind.PAID_OUTSIDE)
COSTS = AccountKey(AccountKind.PAYOUT_COSTS)


def take_cost(payout: Payout, *, now: datetime) -> Posting:
    """Return the posting that takes the cost of a payout on request of what is available; its balances are locked."""
    return _cost(payout, str(payout.pk), PAYOUT_COST.written(id=payout.pk), payout.cost_minor, now)


def set_aside(payout: Payout, transfer: Transfer, *, now: datetime) -> Posting:
    """Return the posting that sets a payout's money aside and keeps back the shop's debts; its balances are locked."""
    legs = [
        Leg(_of(payout, AccountKind.SHOP_AVAILABLE), transfer.amount_minor + payout.netted_minor),
        Leg(_of(payout, AccountKind.SHOP_IN_TRANSIT), -transfer.amount_minor),
        Leg(_of(payout, AccountKind.SHOP_RECEIVABLE), -payout.netted_minor),
    ]
    return _posting(JournalKind.PAYOUT, transfer, legs, now, now)


def set_aside_again(payout: Payout, transfer: Transfer, *, now: datetime) -> Posting:
    """Return the posting that sets the money of another attempt aside; what the shop owed was kept back before."""
    legs = [
        Leg(_of(payout, AccountKind.SHOP_AVAILABLE), transfer.amount_minor),
        Leg(_of(payout, AccountKind.SHOP_IN_TRANSIT), -transfer.amount_minor),
    ]
    return _posting(JournalKind.PAYOUT, transfer, legs, now, now)


def book_paid(payout: Payout, transfer: Transfer, *, at: datetime, now: datetime) -> None:
    """Book that the provider has paid: of the money set aside, or of the shop's balance if it had come back before.

    Who bears the fee is written with it: it goes back to them, whatever the setting is by then.
    """
    fee = transfer.fees_minor or 0
    transfer.is_fee_owed = settings.PAYOUT_FEES_FROM_SHOPS
    if transfer.place == Place.SET_ASIDE:
        source = [Leg(_of(payout, AccountKind.SHOP_IN_TRANSIT), transfer.amount_minor)]
        transfer.place = Place.GONE
    else:
        available = lock_shop_money(shop_id=payout.shop_id, currency=payout.currency).available_minor
        share = min(max(available, 0), transfer.amount_minor)
        source = [
            Leg(_of(payout, AccountKind.SHOP_AVAILABLE), share),
            Leg(_of(payout, AccountKind.SHOP_RECEIVABLE), transfer.amount_minor - share),
        ]
        transfer.place = Place.LATE
    legs = [*source, Leg(_fee_bearer(payout, transfer), fee), Leg(_held(transfer), -transfer.amount_minor - fee)]
    _move(JournalKind.PAYOUT_SENT, transfer, legs, at, now)


def book_back(payout: Payout, transfer: Transfer, *, at: datetime, now: datetime) -> None:
    """Book that a transfer's money is available to its shop again, and its fee returned where it had been paid.

    A fee that the shop has borne makes its debts less. What of it the shop does not owe any more, because it was netted
    meanwhile, is available to it, by a journal of its own. The first time the shop has the cost of a payout on request
    back too: another attempt costs nothing.
    """
    fee, netted = transfer.fees_minor or 0, 0
    if transfer.place == Place.SET_ASIDE:
        source = [Leg(_of(payout, AccountKind.SHOP_IN_TRANSIT), transfer.amount_minor)]
    else:
        if transfer.is_fee_owed:
            owed = lock_shop_money(shop_id=payout.shop_id, currency=payout.currency).owed_minor
            netted = fee - min(fee, owed)
        source = [
            Leg(_held(transfer), transfer.amount_minor + fee),
            Leg(_fee_bearer(payout, transfer), netted - fee),
            Leg(FEES, -netted),
        ]
    transfer.place = Place.BACK
    legs = [*source, Leg(_of(payout, AccountKind.SHOP_AVAILABLE), -transfer.amount_minor)]
    _move(JournalKind.PAYOUT_BACK, transfer, legs, at, now)
    if netted:
        _give_fee_back(payout, transfer, netted, now)
    if payout.cost_minor and not payout.is_cost_back:
        payout.is_cost_back = True
        payout.save(update_fields=["is_cost_back"])
        post(_cost(payout, f"{payout.pk}.back", PAYOUT_COST_BACK.written(id=payout.pk), -payout.cost_minor, now))


def _give_fee_back(payout: Payout, transfer: Transfer, minor: int, now: datetime) -> None:
    draft = JournalDraft(
        JournalKind.CORRECTION,
        f"{transfer.reference}.{transfer.moves}",
        TRANSFER_FEE_BACK.written(reference=transfer.reference),
        transfer.currency,
        now,
    )
    legs = [Leg(FEES, minor), Leg(_of(payout, AccountKind.SHOP_AVAILABLE), -minor)]
    post(prepare_journal(draft=draft, legs=legs, now=now))


def book_by_hand(payout: Payout, transfer: Transfer, *, now: datetime) -> None:
    """Book that the money set aside was paid outside the providers."""
    transfer.place = Place.GONE
    legs = [
        Leg(_of(payout, AccountKind.SHOP_IN_TRANSIT), transfer.amount_minor),
        Leg(OUTSIDE, -transfer.amount_minor),
    ]
    _move(JournalKind.PAYOUT_SENT, transfer, legs, now, now)


def _fee_bearer(payout: Payout, transfer: Transfer) -> AccountKey:
    """Return the account that bears a transfer's fee: the market's, or the debts of the shop, which are netted."""
    if transfer.is_fee_owed:
        return _of(payout, AccountKind.SHOP_RECEIVABLE)
    return FEES


def _cost(payout: Payout, source: str, description: str, minor: int, now: datetime) -> Posting:
    draft = JournalDraft(JournalKind.PAYOUT_COST, source, description, payout.currency, now)
    legs = [Leg(_of(payout, AccountKind.SHOP_AVAILABLE), minor), Leg(COSTS, -minor)]
    return prepare_journal(draft=draft, legs=legs, now=now)


def _move(kind: JournalKind, transfer: Transfer, legs: list[Leg], at: datetime, now: datetime) -> None:
    transfer.moves += 1
    post(_posting(kind, transfer, legs, at, now))


def _posting(kind: JournalKind, transfer: Transfer, legs: list[Leg], at: datetime, now: datetime) -> Posting:
    source = f"{transfer.reference}.{transfer.moves}"
    draft = JournalDraft(
        kind, source, TRANSFER_MOVED.written(reference=transfer.reference), transfer.currency, min(at, now)
    )
    return prepare_journal(draft=draft, legs=legs, now=now)


def _of(payout: Payout, kind: AccountKind) -> AccountKey:
    return AccountKey(kind, payout.shop_id)


def _held(transfer: Transfer) -> AccountKey:
    return AccountKey(clearing_code(transfer.provider))
