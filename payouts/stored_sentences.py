"""Sentences with values that are stored with journals, payouts and checks; they are shown by `in_words`."""

from django.utils.translation import gettext_noop

from kit.sentences.stored import SENTENCE, Sentence, ngettext_noop
from kit.sentences.values import AMOUNT, COUNT, ID, MOMENT, Label
from payouts.models import DifferenceKind

# Descriptions of journals.
PAYMENT_CAPTURED = Sentence(gettext_noop("Payment %(reference)s captured"), {"reference": ID})
ORDER_PAID_BY_RETURN = Sentence(gettext_noop("Order %(number)s, paid by a return"), {"number": ID})
ORDER_NOTHING_TO_PAY = Sentence(gettext_noop("Order %(number)s, nothing to pay"), {"number": ID})
REFUND_PAID_OUT = Sentence(gettext_noop("Refund %(id)s paid out"), {"id": ID})
REFUND_SET_OFF = Sentence(gettext_noop("Refund %(id)s set off"), {"id": ID})
FEE_CORRECTED = Sentence(gettext_noop("Fee of %(reference)s corrected"), {"reference": ID})
OPERATOR_MOVED = Sentence(
    gettext_noop("Operator: %(kind)s %(id)s"), {"kind": Label(DifferenceKind, is_lower=True), "id": ID}
)
UNITS_TAKEN_BACK = Sentence(gettext_noop("Taken back of %(number)s"), {"number": ID})
PAYMENT_DISPUTED = Sentence(gettext_noop("Payment %(reference)s disputed"), {"reference": ID})
DISPUTE_DECIDED = Sentence(gettext_noop("Dispute of %(reference)s decided"), {"reference": ID})
ORDERS_RELEASED = Sentence(ngettext_noop("Released %(count)s order", "Released %(count)s orders"), {"count": COUNT})
RESERVES_RELEASED = Sentence(
    ngettext_noop("Reserve of %(count)s order released", "Reserve of %(count)s orders released"), {"count": COUNT}
)
TRANSFER_FEE_BACK = Sentence(gettext_noop("Fee of transfer %(reference)s given back"), {"reference": ID})
PAYOUT_COST_BACK = Sentence(gettext_noop("Cost of payout %(id)s given back"), {"id": ID})
PAYOUT_COST = Sentence(gettext_noop("Cost of payout %(id)s"), {"id": ID})
TRANSFER_MOVED = Sentence(gettext_noop("Transfer %(reference)s"), {"reference": ID})

# Notes of payouts and of steps, problems of checks.
NEVER_KNOWN = Sentence(gettext_noop("The provider never knew of it. %(why)s"), {"why": SENTENCE})
TRANSFER_OTHERWISE = Sentence(
    gettext_noop("The provider says “%(state)s”: %(amount)s to %(recipient)s."), {"amount": AMOUNT}
)
ONLY_AMOUNT = Sentence("%(amount)s", {"amount": AMOUNT})
STATEMENT_ENDED = Sentence(
    ngettext_noop("The database ended it after %(count)s second.", "The database ended it after %(count)s seconds."),
    {"count": COUNT},
)
# Findings about events that wait.
EVENT_WAITS = Sentence(
    ngettext_noop("since %(at)s, tried %(count)s time: %(error)s", "since %(at)s, tried %(count)s times: %(error)s"),
    {"at": MOMENT, "count": COUNT, "error": SENTENCE},
)

SENTENCES = (
    PAYMENT_CAPTURED,
    ORDER_PAID_BY_RETURN,
    ORDER_NOTHING_TO_PAY,
    REFUND_PAID_OUT,
    REFUND_SET_OFF,
    TRANSFER_FEE_BACK,
    FEE_CORRECTED,
    OPERATOR_MOVED,
    UNITS_TAKEN_BACK,
    PAYMENT_DISPUTED,
    DISPUTE_DECIDED,
    ORDERS_RELEASED,
    RESERVES_RELEASED,
    PAYOUT_COST_BACK,
    PAYOUT_COST,
    TRANSFER_MOVED,
    NEVER_KNOWN,
    TRANSFER_OTHERWISE,
    ONLY_AMOUNT,
    STATEMENT_ENDED,
    EVENT_WAITS,
)
