"""Subjects of findings in words: stored as the checks write them, in English, and shown in the reader's language."""

import re

from django.utils.translation import gettext, gettext_noop

# Forms of subjects; of those that fit one, the first is shown.
FORMS = (
    gettext_noop("the check itself"),
    gettext_noop("commission rules"),
    gettext_noop("dispute reserve"),
    gettext_noop("payout run %(name)s"),
    gettext_noop("payout %(name)s"),
    gettext_noop("transfer %(name)s"),
    gettext_noop("payment %(name)s of order %(order)s"),
    gettext_noop("payment %(name)s"),
    gettext_noop("refunds payable in %(currency)s"),
    gettext_noop("refund %(name)s"),
    gettext_noop("release of %(name)s"),
    gettext_noop("reserve of shop %(shop)s in %(currency)s"),
    gettext_noop("reserve of %(name)s"),
    gettext_noop("reversal %(name)s"),
    gettext_noop("return %(name)s"),
    gettext_noop("exchange %(name)s"),
    gettext_noop("credit %(name)s"),
    gettext_noop("coupon %(name)s of shop %(shop)s"),
    gettext_noop("coupon %(name)s of the platform"),
    gettext_noop("dispute %(name)s of order %(order)s"),
    gettext_noop("dispute %(name)s"),
    gettext_noop("difference %(name)s"),
    gettext_noop("debt of shop %(shop)s in %(currency)s"),
    gettext_noop("statements of shop %(shop)s in %(currency)s"),
    gettext_noop("entry %(name)s of journal %(journal)s"),
    gettext_noop("journal %(name)s"),
    gettext_noop("line %(name)s of vendor order %(order)s"),
    gettext_noop("parcels of vendor order %(name)s"),
    gettext_noop("vendor order %(name)s"),
    gettext_noop("order %(name)s"),
    gettext_noop("stock of variant %(name)s"),
    gettext_noop("sub-order %(name)s"),
    gettext_noop("set-off %(name)s"),
    gettext_noop("offers of shop %(shop)s"),
    gettext_noop("tax of shop %(shop)s"),
    gettext_noop("%(account)s of %(shop)s (account %(number)s)"),
    gettext_noop("shop_%(account)s of shop %(shop)s"),
    gettext_noop("dispute:%(name)s"),  # causes of holds
    gettext_noop("return:%(name)s"),
    gettext_noop("refund:%(name)s"),
    gettext_noop("shop %(name)s"),
    gettext_noop("inbox event %(name)s"),
    gettext_noop("event %(name)s"),
)
AT_SHOP = re.compile(r"(?P<subject>.+) at (?P<shop>[a-z][a-z0-9-]*)")
PLACEHOLDER = re.compile(r"%\\\((\w+)\\\)s")


def _pattern(form: str) -> re.Pattern[str]:
    return re.compile(PLACEHOLDER.sub(r"(?P<\1>.+?)", re.escape(form)))


PATTERNS = tuple((_pattern(form), form) for form in FORMS)


def is_known(subject: str) -> bool:
    """Return whether a subject has one of the forms, so that it can be shown in every language."""
    found = AT_SHOP.fullmatch(subject)
    return any(pattern.fullmatch(found["subject"] if found else subject) for pattern, _ in PATTERNS)


def subject_label(subject: str) -> str:
    """Return a finding's subject in the language that is active; one of no known form stays as it is."""
    if found := AT_SHOP.fullmatch(subject):
        return gettext("%(subject)s at %(shop)s") % {
            "subject": subject_label(found["subject"]),
            "shop": found["shop"],
        }
    for pattern, form in PATTERNS:
        if found := pattern.fullmatch(subject):
            return gettext(form) % found.groupdict()
    return subject
