"""Cancelled units, refunds without a return, and the provider's answers about all refunds."""

from __future__ import annotations

from datetime import timedelta

from checkout.fulfilment.status import PartStatus
from checkout.models import Refund, ReversedBy
from checkout.refunds.push_refunds import push_open_refunds
from checkout.reversals.cancel_units import Cancellation, cancel_units
from checkout.reversals.choosing import units_left, units_paid
from checkout.reversals.refund_part import PartRefund, refund_part
from checkout.reversals.reverse import Actor
from demo.accounts import OPERATOR
from demo.returns import BROKEN
from demo.story import Story

NOT_THERE = "The parcel was left in the rain. Sorry."
TOO_MANY = "I ordered one too many."
# How the provider ends refunds, by the reason of what they are for; all others are processed.
ENDINGS = {NOT_THERE: "failed", BROKEN: "needs-attention"}
STILL_THERE = TOO_MANY  # of which the provider has not told the end


def add_reversals(story: Story) -> None:
    """Cancel a unit by the buyer, one by the shop, a whole order by the market; refund by shop and market."""
    market = Actor(ReversedBy.OPERATOR, story.people[OPERATOR.email].pk)
    for by, reason, units in (
        (Actor(ReversedBy.BUYER), TOO_MANY, 1),
        (Actor(ReversedBy.SHOP), "The last one is torn.", 1),
        (market, "The buyer asked by phone: it was ordered twice.", 2),
    ):
        order, part = story.bought(timedelta(hours=5))
        wish = {part.pk: dict.fromkeys(units_left(part), units)}
        restocks = by.side != ReversedBy.SHOP
        now = order.placed_at + timedelta(hours=1)
        cancel_units(Cancellation(order.pk, wish, by, reason, restocks=restocks), now=now)
    for by, reason, units, goodwill_minor in (
        (Actor(ReversedBy.SHOP), "One is torn. Sorry.", 1, 50_000),
        (market, NOT_THERE, 0, 100_000),
    ):
        order, part = story.bought(timedelta(days=6), reached=PartStatus.DELIVERED)
        given = dict.fromkeys(units_paid(part), units) if units else {}
        wish_back = PartRefund(part, by, reason, units=given, goodwill_minor=goodwill_minor)
        refund_part(wish_back, now=order.placed_at + timedelta(days=4))


def refund_goodwill(story: Story) -> None:
    """Ask the provider for all refunds, have it end them, and hear of it."""
    for refund in Refund.objects.select_related("payment", "reversal"):
        if outcome := ENDINGS.get(_reason(refund)):
            fault = {"kind": "refund_outcome", "outcome": outcome, "match": {"reference": refund.payment.reference}}
            story.sandbox.post("/sandbox/faults", json=fault).raise_for_status()
    push_open_refunds(now=story.now - timedelta(minutes=10))
    for refund in Refund.objects.exclude(provider_id="").select_related("reversal"):
        if _reason(refund) != STILL_THERE:
            ending = {"status": ENDINGS.get(_reason(refund), "processed")}
            story.sandbox.post(f"/sandbox/refunds/{refund.provider_id}/finish", json=ending)
    push_open_refunds(now=story.now)


def _reason(refund: Refund) -> str:
    return refund.reversal.reason if refund.reversal else ""
