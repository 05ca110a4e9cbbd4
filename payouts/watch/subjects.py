"""Subjects of findings in words: stored as the checks write them, in English, and shown in the reader's language."""

from django.utils.translation import gettext_noop

from kit.sentences.stored import Sentence, in_words_of
from kit.sentences.values import Stored

# Of those that fit a subject, the first is shown. They are for subjects alone: an operator’s note may read the same.
FORMS = (
    Sentence(gettext_noop("the check itself")),
    Sentence(gettext_noop("commission rules")),
    Sentence(gettext_noop("dispute reserve")),
    Sentence(gettext_noop("payout run %(name)s")),
    Sentence(gettext_noop("payout %(name)s")),
    Sentence(gettext_noop("transfer %(name)s")),
    Sentence(gettext_noop("payment %(name)s of order %(order)s")),
    Sentence(gettext_noop("payment %(name)s")),
    Sentence(gettext_noop("refunds payable in %(currency)s")),
    Sentence(gettext_noop("refund %(name)s")),
    Sentence(gettext_noop("release of %(name)s")),
    Sentence(gettext_noop("reserve of shop %(shop)s in %(currency)s")),
    Sentence(gettext_noop("reserve of %(name)s")),
    Sentence(gettext_noop("reversal %(name)s")),
    Sentence(gettext_noop("return %(name)s")),
    Sentence(gettext_noop("exchange %(name)s")),
    Sentence(gettext_noop("credit %(name)s")),
    Sentence(gettext_noop("coupon %(name)s of shop %(shop)s")),
    Sentence(gettext_noop("coupon %(name)s of the platform")),
    Sentence(gettext_noop("dispute %(name)s of order %(order)s")),
    Sentence(gettext_noop("dispute %(name)s")),
    Sentence(gettext_noop("difference %(name)s")),
    Sentence(gettext_noop("debt of shop %(shop)s in %(currency)s")),
    Sentence(gettext_noop("statements of shop %(shop)s in %(currency)s")),
    Sentence(gettext_noop("entry %(name)s of journal %(journal)s")),
    Sentence(gettext_noop("journal %(name)s")),
    Sentence(gettext_noop("line %(name)s of vendor order %(order)s")),
    Sentence(gettext_noop("parcels of vendor order %(name)s")),
    Sentence(gettext_noop("vendor order %(name)s")),
    Sentence(gettext_noop("order %(name)s")),
    Sentence(gettext_noop("stock of variant %(name)s")),
    Sentence(gettext_noop("sub-order %(name)s")),
    Sentence(gettext_noop("set-off %(name)s")),
    Sentence(gettext_noop("offers of shop %(shop)s")),
    Sentence(gettext_noop("tax of shop %(shop)s")),
    Sentence(gettext_noop("%(account)s of %(shop)s (account %(number)s)")),
    Sentence(gettext_noop("shop_%(account)s of shop %(shop)s")),
    Sentence(gettext_noop("dispute:%(name)s")),  # causes of holds
    Sentence(gettext_noop("return:%(name)s")),
    Sentence(gettext_noop("refund:%(name)s")),
    Sentence(gettext_noop("shop %(name)s")),
    Sentence(gettext_noop("inbox event %(name)s")),
    Sentence(gettext_noop("event %(name)s")),
)


class _Subject(Stored):
    """Kind of a subject of one shop, which stands before the shop's name."""

    def shown(self, text: str) -> str:
        """Return the subject in the language that is active."""
        return in_words_of(text, FORMS) or text


AT_SHOP = Sentence(
    gettext_noop("%(subject)s at %(shop)s"), {"subject": _Subject(".+"), "shop": Stored("[a-z][a-z0-9-]*")}
)


def is_known(subject: str) -> bool:
    """Return whether a subject has one of the forms, so that it can be shown in every language."""
    at_shop = AT_SHOP.values_in(subject)
    return any(form.values_in(at_shop["subject"] if at_shop else subject) is not None for form in FORMS)


def subject_label(subject: str) -> str:
    """Return a finding's subject in the language that is active; one of no known form stays as it is."""
    return in_words_of(subject, (AT_SHOP, *FORMS)) or subject
