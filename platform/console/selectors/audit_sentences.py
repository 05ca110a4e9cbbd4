"""Audit entries as sentences, with the names of their subjects and links to them."""

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from checkout.orders.operations import order_numbers_of_refunds
from checkout.stations.selectors import station_names
from console.audit_actions import AuditAction
from console.models import AuditEntry
from console.selectors.audit_log import entries_about
from kit.wiring import contributions
from tenants.applications.selectors import shop_names_of
from tenants.shops.selectors import shops_by_slug

Names = dict[str, str]


@dataclass(frozen=True, slots=True)
class ReadableEntry:
    """An audit entry with its sentence, and the address of its subject."""

    entry: AuditEntry
    sentence: str
    subject: str
    url: str


def history_of(*, subjects: Collection[str], limit: int | None = None, action: str = "") -> list[ReadableEntry]:
    """Return the entries about any of these subjects, newest first, as people read them.

    Args:
        action: a part of the names of the actions that are wanted; empty for all.
    """
    return readable(entries_about(subjects=subjects, limit=limit, action=action))


def readable(found: Iterable[AuditEntry]) -> list[ReadableEntry]:
    """Return entries as people read them; one statement for each kind of subject among them."""
    entries = list(found)
    names = _names(entries)
    actions = {action.name: action for action in contributions(AuditAction)}
    return [_readable(entry, actions.get(entry.action), names) for entry in entries]


def _readable(entry: AuditEntry, action: AuditAction | None, names: Names) -> ReadableEntry:
    kind, _, key = entry.subject.partition(":")
    name = names.get(entry.subject, key)
    who = str(entry.actor) if entry.actor else gettext("The market")
    sentence = gettext("%(who)s: %(action)s, %(subject)s.") % {"who": who, "action": entry.label, "subject": name}
    if action is not None:
        words = {**action.values(entry.details), "who": who, "subject": name}
        with suppress(KeyError):  # an entry of an earlier release, with other details
            sentence = str(action.sentence) % words
    return ReadableEntry(entry, sentence, name, _url(kind, key, name))


def _names(entries: Iterable[AuditEntry]) -> Names:
    """Return the names of subjects by subject, read in one statement for each kind."""
    keys: dict[str, set[str]] = {}
    for entry in entries:
        kind, _, key = entry.subject.partition(":")
        keys.setdefault(kind, set()).add(key)
    return {
        f"{kind}:{key}": name
        for kind, find in NAMED.items()
        if kind in keys
        for key, name in find(sorted(keys[kind])).items()
    }


def _shops(slugs: Sequence[str]) -> Names:
    return {slug: shop.name for slug, shop in shops_by_slug(slugs).items()}


def _applications(ids: Sequence[str]) -> Names:
    return {str(pk): name for pk, name in shop_names_of([UUID(each) for each in ids]).items()}


def _refunds(ids: Sequence[str]) -> Names:
    return {str(pk): number for pk, number in order_numbers_of_refunds([UUID(each) for each in ids]).items()}


def _stations(ids: Sequence[str]) -> Names:
    return station_names([UUID(each) for each in ids])


NAMED: dict[str, Callable[[Sequence[str]], Names]] = {
    "shop": _shops,
    "application": _applications,
    "refund": _refunds,
    "station": _stations,
}


ROUTES = {
    "shop": "console:shop",
    "application": "console:application",
    "event": "console:inbox-event",
    "bulk": "console:bulk-job",
    "station": "console:station",
    "order": "console:order",
    "refund": "console:order",
}
LISTS = {"payment": "console:payments", "category": "console:categories", "coupon": "console:coupons"}


def _url(kind: str, key: str, name: str) -> str:
    """Return the address of a subject, or of the list that has it; empty where there is none."""
    if kind == "refund" and name == key:
        return ""  # its order is unknown
    if kind in ROUTES:
        return _console(ROUTES[kind], name if kind == "refund" else key)
    return f"{_console(LISTS[kind])}?q={key}" if kind in LISTS else ""


def _console(route: str, *args: str) -> str:
    return reverse(route, urlconf=settings.PUBLIC_SCHEMA_URLCONF, args=args)
