"""Sentences with values that are stored with payments and refunds; they are shown by `in_words`."""

from django.utils.translation import gettext_noop

from kit.sentences.stored import Sentence
from kit.sentences.values import AMOUNT, CURRENCY

PAID_IN_OTHER_CURRENCY = Sentence(
    gettext_noop("Paid in %(paid)s instead of %(asked)s."), {"paid": CURRENCY, "asked": CURRENCY}
)
PAID_TOO_LITTLE = Sentence(
    gettext_noop("Too little: %(paid)s instead of %(asked)s."), {"paid": AMOUNT, "asked": AMOUNT}
)
ANSWER_UNREADABLE = Sentence(gettext_noop("The provider's answer can't be read: %(error)s"))
EARLIER_TRY_ALIVE = Sentence(gettext_noop("The provider says “%(state)s” of an earlier try, %(id)s."))
OTHER_REFUND_ANSWERED = Sentence(gettext_noop("The provider answered %(key)s with another refund: %(other)s."))
OTHER_AMOUNT_REFUNDED = Sentence(
    gettext_noop("The provider says %(said)s instead of %(asked)s."), {"said": AMOUNT, "asked": AMOUNT}
)

SENTENCES = (
    PAID_IN_OTHER_CURRENCY,
    PAID_TOO_LITTLE,
    ANSWER_UNREADABLE,
    EARLIER_TRY_ALIVE,
    OTHER_REFUND_ANSWERED,
    OTHER_AMOUNT_REFUNDED,
)
