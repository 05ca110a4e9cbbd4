"""Returns of the demo's buyer, one in each status."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from checkout.exchanging.choosing import choices_of
from checkout.fulfilment.status import PartStatus
from checkout.models import ReversedBy, SubOrder
from checkout.returning.ask_return import ReturnRequest, ask_return
from checkout.returning.decide_return import move_return
from checkout.returning.moves import Move
from checkout.returning.receive_return import Receipt, receive_return
from checkout.returning.windows import returnable_lines
from checkout.reversals.reverse import Actor
from demo.accounts import OPERATOR
from demo.story import Story

BUYER, SHOP, MARKET = ReversedBy.BUYER, ReversedBy.SHOP, ReversedBy.OPERATOR
BROKEN = "It arrived broken"
HAND_IN = "Hand it in at the shop, with the packing slip."
ACCEPTED = (SHOP, Move.ACCEPT, "")
REFUSED = (SHOP, Move.REFUSE, "It was worn.")
ESCALATED = (BUYER, Move.ESCALATE, "It was never worn: the label is still on it.")
RECEIVED = (SHOP, Move.RECEIVE, "")
# Each return by its buyer's reason, with the moves after it.
CASES: dict[str, tuple[tuple[ReversedBy, Move, str], ...]] = {
    "It does not fit": (),
    "The colour is not that of the picture": ((SHOP, Move.ASK, "Can you send a photo in daylight?"),),
    "I ordered the wrong size": (ACCEPTED,),
    "I changed my mind": (REFUSED,),
    "The seam is open": (REFUSED, ESCALATED),
    "It is scratched": (REFUSED, ESCALATED, (MARKET, Move.REFUSE, "The photo shows that it was used.")),
    "I found it cheaper elsewhere": ((BUYER, Move.CANCEL, ""),),
    BROKEN: (ACCEPTED, RECEIVED),
    "It is too small": (ACCEPTED, RECEIVED),
    "I need another size": (ACCEPTED,),
    "Another one fits better": (ACCEPTED, RECEIVED),
}
EXCHANGES = frozenset({"I need another size", "Another one fits better"})


def tell_returns(story: Story) -> None:
    """Ask for a return of a unit of each of some delivered orders, and bring it to its last move."""
    for reason, moves in CASES.items():
        order, part = story.bought(timedelta(days=6), reached=PartStatus.DELIVERED)
        now = order.placed_at + timedelta(days=4)
        units = dict.fromkeys(returnable_lines(part, now=now), 1)
        wanted = _wanted(part, units) if reason in EXCHANGES else {}
        asked = ask_return(ReturnRequest(part, units, reason, wanted=wanted), now=now)
        for side, move, text in moves:
            now += timedelta(hours=5)
            by = Actor(side, story.people[OPERATOR.email].pk if side == MARKET else None)
            if move == Move.RECEIVE:
                receive_return(Receipt(asked.pk, by, text=text), now=now)
            else:
                instructions = HAND_IN if move == Move.ACCEPT else ""
                move_return(return_id=asked.pk, move=move, by=by, text=text, instructions=instructions, now=now)


def _wanted(part: SubOrder, lines: Collection[UUID]) -> dict[UUID, UUID]:
    """Return for each line the variant that is nearest to it in price, where its product has others."""
    return {
        key: min(choices, key=lambda each: abs(each.difference_minor)).offer.variant_id
        for key, choices in choices_of(part, lines=lines).items()
        if choices
    }
