"""Links from a finding of a check to the pages of what it names."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django_stubs_ext import StrOrPromise

from checkout.orders.operations import order_numbers_of_refunds
from payouts.selectors.payouts import payout_of_transfer

ID = r"([0-9a-f]{8}-[0-9a-f-]{27})"


@dataclass(frozen=True, slots=True)
class FindingLink:
    """A page about a part of a finding."""

    label: str
    url: str


def _reverse(route: str, *args: object) -> str:
    return reverse(route, urlconf=settings.PUBLIC_SCHEMA_URLCONF, args=args)


def _page(route: str) -> Callable[[str], str]:
    return lambda key: _reverse(route, key)


def _list(route: str) -> Callable[[str], str]:
    return lambda key: f"{_reverse(route)}?{urlencode({'q': key})}"


def _payout(reference: str) -> str:
    found = payout_of_transfer(reference=reference)
    return _reverse("console:payout", found) if found else ""


def _order_of_refund(refund_id: str) -> str:
    found = order_numbers_of_refunds([UUID(refund_id)])
    return "".join(_reverse("console:order", number) for number in found.values())


# Subjects as the checks write them, and their pages.
PAGES: tuple[tuple[re.Pattern[str], StrOrPromise, Callable[[str], str]], ...] = (
    (re.compile(r"\b(KS-[0-9A-Z]{10})\b"), gettext_lazy("See the order"), _page("console:order")),
    (re.compile(r"^payment (\S+)"), gettext_lazy("See the payment"), _list("console:payments")),
    (re.compile(rf"^refund[ :]{ID}"), gettext_lazy("See the order of the refund"), _order_of_refund),
    (re.compile(rf"^return[ :]{ID}"), gettext_lazy("See the return"), _page("console:return")),
    (re.compile(rf"^payout run {ID}"), gettext_lazy("See the payout run"), _page("console:payout-run")),
    (re.compile(rf"^payout {ID}"), gettext_lazy("See the payout"), _page("console:payout")),
    (re.compile(r"^transfer (\S+)"), gettext_lazy("See the payout"), _payout),
    (re.compile(r"^journal (\d+)"), gettext_lazy("See the journal"), _page("console:ledger-journal")),
    (re.compile(rf"^difference {ID}"), gettext_lazy("See the difference"), _page("console:difference")),
    (re.compile(rf"^dispute {ID}"), gettext_lazy("See the dispute"), _page("console:dispute")),
    (re.compile(r"^inbox event (\d+)"), gettext_lazy("See the event"), _page("console:inbox-event")),
    (
        re.compile(r"(?:^shop|\bat|\bof shop|^shop_\w+ of) ([a-z][a-z0-9-]+)"),
        gettext_lazy("See the shop"),
        _page("console:shop"),
    ),
    (
        re.compile(r"(?:^shop_\w+ of|^debt of shop) ([a-z][a-z0-9-]+)"),
        gettext_lazy("See the shop’s balance"),
        _page("console:shop-balance"),
    ),
)
BY_CHECK = {
    "provider": (gettext_lazy("See the reconciliation"), "console:reconciliation"),
    "commission_rules": (gettext_lazy("See the commission rules"), "console:commission-rules"),
}


def links_of(*, check_name: str, subject: str) -> list[FindingLink]:
    """Return the pages about what a finding names."""
    return list(_links(check_name, subject))


def _links(check_name: str, subject: str) -> Iterator[FindingLink]:
    if check_name in BY_CHECK:
        named, route = BY_CHECK[check_name]
        yield FindingLink(str(named), _reverse(route))
    for pattern, label, address in PAGES:
        found = pattern.search(subject)
        if found is not None and (url := address(found[1])):
            yield FindingLink(str(label), url)
    if subject.partition(" ")[0] in {"payment", "transfer", "refund", "sub-order"}:
        yield FindingLink(gettext("See its journals"), _list("console:ledger-journals")(subject.split(" ")[1]))
