"""Shares of the parts of an order in an amount that is disputed or lost, by what is left of each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from checkout.fulfilment.status import SOLD
from checkout.models import SubOrder
from checkout.pricing.allocation import allocate
from checkout.releasing.schedule import earned
from checkout.reversals.part_steps import refunding_step
from checkout.reversals.reverse import reverse_lost_amount
from checkout.reversals.steps import Asked
from payouts.disputes.money import DisputedShare, LostShare
from payouts.disputes.selectors import HeldOfPart, held_by_part
from payouts.models import Dispute


def shares_of(parts: Sequence[SubOrder], *, amount_minor: int) -> list[DisputedShare]:
    """Return the shares of the sold parts in an amount, by largest remainder of what is left of each.

    What another undecided dispute holds of a part is not left. They sum to the amount, or to what is left of all parts,
    where that is less.
    """
    sold = {part.pk: part for part in parts if part.status in SOLD}
    held = held_by_part(sub_order_ids=list(sold))
    left = {key: minor for key, part in sold.items() if (minor := part.kept_minor - _held(held, key).amount_minor) > 0}
    shares = allocate(min(amount_minor, sum(left.values())), left)
    return [_share(sold[key], share, _held(held, key)) for key, share in shares.items() if share]


def reverse_lost_shares(
    dispute: Dispute, parts: Sequence[SubOrder], *, lost_minor: int, now: datetime
) -> dict[UUID, LostShare]:
    """Take the loss of a dispute back of its parts, in proportion to their shares, and return it by part.

    The order is locked, and nothing else was taken back of it since the dispute was opened. What was lost beyond the
    shares stays with the market.
    """
    by_id = {part.pk: part for part in parts}
    held = {part.sub_order_id: part.amount_minor for part in dispute.parts.order_by("id")}
    lost = allocate(min(lost_minor, sum(held.values())), held)
    return {key: _lose(by_id[key], share, dispute, now) for key, share in lost.items() if share}


def _lose(part: SubOrder, amount_minor: int, dispute: Dispute, now: datetime) -> LostShare:
    reversal = reverse_lost_amount(part, asked_for(part, amount_minor), reason=dispute.claim[:200], now=now)
    return LostShare(
        amount_minor=reversal.refund_minor,
        payable_minor=reversal.payable_minor,
        commission_minor=reversal.commission_minor,
        commission_tax_minor=reversal.commission_tax_minor,
        promotion_minor=reversal.platform_discount_minor,
        reversal_id=reversal.pk,
    )


def _held(held: Mapping[UUID, HeldOfPart], key: UUID) -> HeldOfPart:
    return held.get(key, HeldOfPart())


def _share(part: SubOrder, amount_minor: int, held: HeldOfPart) -> DisputedShare:
    """Return a part's share: as a refund of it, but that disputes together hold no more than the shop has of the part.

    The last of them holds the remainder.
    """
    _, step = refunding_step(part, asked_for(part, amount_minor))
    promotion_minor = step.share.platform_minor
    whole_minor = amount_minor + promotion_minor
    left_minor = min(max(part.payable_minor - held.payable_minor, 0), whole_minor)
    payable_minor = min(whole_minor - step.commission_minor - step.commission_tax_minor, left_minor)
    if held.amount_minor + amount_minor == part.kept_minor:
        payable_minor = left_minor
    return DisputedShare(
        part=earned(part),
        amount_minor=amount_minor,
        payable_minor=payable_minor,
        commission_minor=whole_minor - payable_minor,
        promotion_minor=promotion_minor,
    )


def asked_for(part: SubOrder, amount_minor: int) -> Asked:
    """Return the step that takes an amount of a part back: all that is left of it, or an amount without units.

    Of the delivery less may be left than was paid for it: goodwill that was given before is taken off it too.
    """
    if amount_minor < part.kept_minor:
        return Asked(goodwill_minor=amount_minor)
    paid = {UUID(line["variant_id"]): line["paid"] for line in part.counted_lines if line["paid"]}
    return Asked(paid, ends_delivery=True)
