"""The table of moves of a return: who may make which, and the status after it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings

from checkout.models import Return, ReturnStatus, ReversedBy


class Move(StrEnum):
    """Move of a return."""

    REQUEST = "request"
    ACCEPT = "accept"
    REFUSE = "refuse"
    ASK = "ask"
    REPLY = "reply"
    CANCEL = "cancel"
    ESCALATE = "escalate"
    RECEIVE = "receive"
    REFUND = "refund"  # the provider has given the money back
    REFUND_INSTEAD = "refund_instead"  # the difference of an exchange was not paid


@dataclass(frozen=True, slots=True)
class Rule:
    """Statuses from which a side may make a move, and the status after it.

    Args:
        late_from: statuses from which it may be made once the shop has had its days to answer.
    """

    status: ReturnStatus
    before: frozenset[ReturnStatus]
    late_from: frozenset[ReturnStatus] = frozenset()


S = ReturnStatus
UNDECIDED = frozenset({S.REQUESTED, S.ASKED})
RULES: dict[tuple[ReversedBy, Move], Rule] = {
    (ReversedBy.SHOP, Move.ACCEPT): Rule(S.ACCEPTED, UNDECIDED | {S.REFUSED}),
    (ReversedBy.SHOP, Move.REFUSE): Rule(S.REFUSED, UNDECIDED),
    (ReversedBy.SHOP, Move.ASK): Rule(S.ASKED, frozenset({S.REQUESTED})),
    (ReversedBy.SHOP, Move.RECEIVE): Rule(S.RECEIVED, frozenset({S.ACCEPTED})),
    (ReversedBy.BUYER, Move.REPLY): Rule(S.REQUESTED, frozenset({S.ASKED})),
    (ReversedBy.BUYER, Move.CANCEL): Rule(S.CANCELLED, UNDECIDED | {S.REFUSED, S.ACCEPTED, S.ESCALATED}),
    (ReversedBy.BUYER, Move.ESCALATE): Rule(
        S.ESCALATED, frozenset({S.REFUSED}), late_from=frozenset({S.REQUESTED, S.ACCEPTED})
    ),
    (ReversedBy.OPERATOR, Move.ACCEPT): Rule(S.ACCEPTED, frozenset({S.ESCALATED})),
    (ReversedBy.OPERATOR, Move.REFUSE): Rule(S.REJECTED, frozenset({S.ESCALATED})),
    (ReversedBy.OPERATOR, Move.RECEIVE): Rule(S.RECEIVED, frozenset({S.ESCALATED, S.ACCEPTED})),
}


def answer_by(found: Return) -> datetime:
    """Return the moment from which the buyer may ask the market to decide, because the shop has not answered."""
    return found.status_at + timedelta(days=settings.RETURN_ANSWER_DAYS)


def allowed_moves(found: Return, side: ReversedBy, *, now: datetime) -> list[Move]:
    """Return the moves that a side may make now, in the order of the table."""
    return [move for (by, move), rule in RULES.items() if by == side and _follows(found, rule, now)]


def rule_of(move: Move, side: ReversedBy) -> Rule:
    """Return the rule of a side's move."""
    return RULES[side, move]


def _follows(found: Return, rule: Rule, now: datetime) -> bool:
    is_late = found.status in rule.late_from and now >= answer_by(found)
    return found.status in rule.before or is_late
