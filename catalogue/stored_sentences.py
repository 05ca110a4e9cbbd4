"""Faults of rows of imports, with values; they are shown by `in_words`."""

from django.utils.translation import gettext_noop

from kit.sentences.stored import SENTENCE, Sentence, ngettext_noop
from kit.sentences.values import AMOUNT, COUNT, CURRENCY, NUMBER, Stored

CODES = Stored(r"[\w, ]+", may_be_cut=False)
IN_A_FILE = Stored(r"[\d.,]+", may_be_cut=False)  # files have one form of numbers in every language

SKU_TOO_LONG = Sentence(gettext_noop("A SKU has at most %(max_sku)s characters."), {"max_sku": NUMBER})
SKU_TWICE = Sentence(gettext_noop("Line %(earlier)s has this SKU already."), {"earlier": NUMBER})
PRICE_NOT_CLEAR = Sentence(gettext_noop("“%(text)s” is not a clear price. %(why)s"), {"why": SENTENCE})
NOT_A_COUNT = Sentence(gettext_noop("“%(text)s” is not a count: stock is a whole number, zero or more."))
NOT_A_WEIGHT = Sentence(gettext_noop("“%(text)s” is not a weight: give whole grams, such as 420."))
NOT_A_TAX_CLASS = Sentence(
    gettext_noop("“%(text)s” is not a tax class. Write one of these: %(names)s."), {"names": CODES}
)
OTHER_TAX_CLASS = Sentence(
    gettext_noop(
        "Another line gives this product the tax class “%(name)s”. All variants of a product share one tax class."
    ),
    {"name": CODES},
)
COUNT_MOVED = Sentence(
    gettext_noop("The stock was not changed: it was %(if_on_hand)s when it was read and is %(on_hand)s now."),
    {"if_on_hand": NUMBER, "on_hand": NUMBER},
)
COUNT_RESERVED = Sentence(
    ngettext_noop(
        "%(reserved)s is reserved for an order that is being paid, so the stock can’t go down to %(on_hand)s.",
        "%(reserved)s are reserved for orders that are being paid, so the stock can’t go down to %(on_hand)s.",
    ),
    {"reserved": COUNT, "on_hand": NUMBER},
)

# Why a text is no amount or no weight, as `parse_amount` and `fault_of_weight` say it; stored behind or as a fault.
AMOUNT_FORM = Sentence(gettext_noop("Write it like 18,500 or %(example)s."), {"example": IN_A_FILE})
AMOUNT_WHOLE = Sentence(gettext_noop("%(currency)s has no smaller unit. Give a whole amount."), {"currency": CURRENCY})
AMOUNT_OF_OTHER_CURRENCY = Sentence(
    gettext_noop("This is an amount in %(other)s; prices here are in %(currency)s, such as %(example)s."),
    {"other": CURRENCY, "currency": CURRENCY, "example": AMOUNT},
)
WEIGHT_TOO_GREAT = Sentence(gettext_noop("A weight is at most %(most)s g."), {"most": NUMBER})

SENTENCES = (
    SKU_TOO_LONG,
    SKU_TWICE,
    PRICE_NOT_CLEAR,
    NOT_A_COUNT,
    NOT_A_WEIGHT,
    NOT_A_TAX_CLASS,
    OTHER_TAX_CLASS,
    COUNT_MOVED,
    COUNT_RESERVED,
    AMOUNT_FORM,
    AMOUNT_WHOLE,
    AMOUNT_OF_OTHER_CURRENCY,
    WEIGHT_TOO_GREAT,
)
