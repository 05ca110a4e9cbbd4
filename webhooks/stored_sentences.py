"""Outcomes of events with values; they are shown by `in_words`."""

from django.utils.translation import gettext_noop

from checkout.models import PaymentStatus, RefundStatus
from kit.sentences.stored import SENTENCE, Listed, Sentence
from kit.sentences.values import AMOUNT, MOMENT, Label
from payouts.models import DisputeStatus, TransferStatus
from webhooks.models import InboundStatus

OTHER_KIND = Sentence(gettext_noop("Events of the kind %(event)s are not processed here."))
NOT_CONFIRMED = Sentence(
    gettext_noop("The provider's answer: %(status)s."),
    {"status": Label(PaymentStatus, TransferStatus, DisputeStatus, is_lower=True)},
)
MOVED = Sentence(
    gettext_noop("%(status)s: %(amount)s."),
    {"status": Label(PaymentStatus, TransferStatus, DisputeStatus), "amount": AMOUNT},
)
MOVED_WITH_NOTE = Sentence(
    gettext_noop("%(status)s: %(amount)s. %(note)s"),
    {"status": Label(PaymentStatus), "amount": AMOUNT, "note": SENTENCE},
)
REFUNDS_MOVED = Sentence(
    gettext_noop("Refunds: %(states)s."),
    {
        "states": Listed(
            Sentence(
                gettext_noop("%(amount)s %(status)s"), {"amount": AMOUNT, "status": Label(RefundStatus, is_lower=True)}
            )
        )
    },
)

STUCK = Sentence(
    gettext_noop("%(status)s, from %(at)s: %(outcome)s"),
    {"status": Label(InboundStatus), "at": MOMENT, "outcome": SENTENCE},
)

SENTENCES = (OTHER_KIND, NOT_CONFIRMED, MOVED, MOVED_WITH_NOTE, REFUNDS_MOVED, STUCK)
