"""One search over everything that operators manage, by parts of a number, a name or an address."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from accounts.selectors import list_people
from checkout.orders.searching import find_orders, find_payments
from kit.money import format_minor
from kit.text.parts import has_parts
from tenants.applications.selectors import list_applications
from tenants.shops.selectors import list_shops

SHOWN = 6
KINDS = {
    "orders": gettext_lazy("Orders"),
    "payments": gettext_lazy("Payments"),
    "shops": gettext_lazy("Shops"),
    "applications": gettext_lazy("Applications"),
    "people": gettext_lazy("People"),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that was found.

    Args:
        key: its number, reference, slug, id or e-mail address.
    """

    key: str
    title: str
    note: str
    status: str
    status_label: str
    url: str


@dataclass(frozen=True, slots=True)
class HitGroup:
    """The first rows of a kind, whether there are more, and the list that has all of them, if there is one."""

    kind: str
    hits: list[Hit]
    is_cut: bool
    all_url: str

    @property
    def label(self) -> str:
        """Return the name of the kind."""
        return str(KINDS[self.kind])


def search_everything(term: str) -> list[HitGroup]:
    """Return the rows that have a term somewhere in them, by kind; a statement a kind, each on an index.

    Args:
        term: at least three letters or digits in a row (`has_parts`), else nothing is found.
    """
    if not has_parts(term):
        return []
    groups = [
        _group("orders", find_orders(term), _order, all_url=_list("console:orders", term)),
        _group("payments", find_payments(term), _payment, all_url=_list("console:payments", term)),
        _group("shops", list_shops(search=term), _shop, all_url=_list("console:shops", term)),
        _group(
            "applications", list_applications(search=term), _application, all_url=_list("console:applications", term)
        ),
        _group("people", list_people(search=term).order_by("-pk"), _person, all_url=""),
    ]
    return [group for group in groups if group.hits]


def only_hit(groups: list[HitGroup], term: str) -> Hit | None:
    """Return the one row that was found, where the term is the whole of its number, reference, slug or address."""
    hits = [hit for group in groups for hit in group.hits]
    return hits[0] if len(hits) == 1 and hits[0].key.casefold() == term.strip().casefold() else None


def _group(kind: str, rows: QuerySet[Any], read: Callable[[Any], Hit], *, all_url: str) -> HitGroup:
    found = list(rows[: SHOWN + 1])
    return HitGroup(kind, [read(row) for row in found[:SHOWN]], len(found) > SHOWN, all_url)


def _list(route: str, term: str) -> str:
    return f"{reverse(route)}?{urlencode({'q': term})}"


def _order(order: Any) -> Hit:
    note = ", ".join(filter(None, (order.shipping_address.get("name", ""), order.email)))
    total = format_minor(order.total_minor, order.currency)
    return Hit(
        order.number,
        order.number,
        f"{note} · {total}",
        order.status,
        order.get_status_display(),
        reverse("console:order", args=[order.number]),
    )


def _payment(payment: Any) -> Hit:
    amount = format_minor(payment.amount_minor, payment.currency)
    return Hit(
        payment.reference,
        payment.reference,
        f"{payment.order.number} · {amount}",
        payment.status,
        payment.label,
        reverse("console:order", args=[payment.order.number]),
    )


def _shop(shop: Any) -> Hit:
    note = " · ".join(filter(None, (shop.primary_host or shop.slug, shop.contact_email)))
    url = reverse("console:shop", args=[shop.slug])
    return Hit(shop.slug, shop.name, note, shop.status, shop.get_status_display(), url)


def _application(application: Any) -> Hit:
    note = " · ".join(filter(None, (application.legal_name, application.email, application.slug)))
    url = reverse("console:application", args=[application.pk])
    status = application.status
    return Hit(str(application.pk), application.shop_name, note, status, application.get_status_display(), url)


def _person(person: Any) -> Hit:
    url = _list("console:orders", person.email)
    status = "live" if person.is_active else "closed"
    label = gettext("Operator") if person.is_operator else gettext("Account")
    return Hit(person.email, str(person), person.email, status, label if person.is_active else gettext("Closed"), url)
