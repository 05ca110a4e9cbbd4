"""Shared code of the tests of releases: sold and delivered sub-orders of a shop without a schema."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from kit.ids import uuid7
from payouts.models import HoldReason
from payouts.release.holds import Hold, open_hold
from payouts.release.schedules import EarnedPart, schedule_release
from payouts.services.posting import SaleShare
from payouts.services.reversals import ReversedShare, post_reversal
from tenants.models import Shop
from tests.world.clock import NOW
from tests.world.ledger import sell

DAYS = 7
DUE = NOW + timedelta(days=DAYS)
_ids = [UUID(int=0)]  # the latest


def sold(shop: Shop, payable_minor: int = 10_000) -> EarnedPart:
    """Sell a sub-order of a shop; a tenth of what it is owed is the commission beside it."""
    return sold_at_once(shop, [payable_minor])[0]


def sold_at_once(shop: Shop, amounts: Sequence[int]) -> list[EarnedPart]:
    """Sell sub-orders of a shop in one sale."""
    shares = [SaleShare(shop.pk, _later_id(), amount, amount // 10) for amount in amounts]
    sell(f"ks-{shares[0].sub_order_id}", shares)
    return [EarnedPart(share.sub_order_id, shop.pk, f"KS-{share.sub_order_id.hex[-12:]}-1", "NGN") for share in shares]


def _later_id() -> UUID:
    """Return an id after all earlier ones, as lists are in their order; within a millisecond they are drawn."""
    while (found := uuid7()) <= _ids[-1]:
        pass
    _ids[:] = [found]
    return found


def delivered(shop: Shop, payable_minor: int = 10_000, *, days: int = DAYS, at: datetime = NOW) -> EarnedPart:
    """Sell and deliver a sub-order of a shop."""
    part = sold(shop, payable_minor)
    schedule_release(part=part, delivered_at=at, hold_days=days)
    return part


def take_back(part: EarnedPart, payable_minor: int, *, now: datetime = NOW, reversal_id: UUID | None = None) -> None:
    """Take an amount of a sub-order back."""
    with transaction.atomic():
        post_reversal(
            reversal_id=reversal_id or uuid7(),
            number=part.number,
            currency=part.currency,
            taken=ReversedShare(part.shop_id, part.sub_order_id, payable_minor, 0),
            occurred_at=now,
            now=now,
        )


def hold(part: EarnedPart, source: str, *, now: datetime = NOW, lapses_at: datetime | None = None) -> None:
    """Open a hold of a return."""
    with transaction.atomic():
        open_hold(part=part, hold=Hold(HoldReason.RETURN, source, lapses_at=lapses_at), now=now)
