"""Causes of a stock's movements, in words: a person, an order, an import."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import User
from accounts.selectors import private_fields
from catalogue.models import StockMovement
from catalogue.selectors.imports import names_of_imports
from catalogue.selectors.stock_history import StockChange
from tenants.models import Shop

BY_A_PERSON = re.compile(r"user (\d+)")
BY_AN_IMPORT = re.compile(r"import ([0-9a-f-]{36})")
AN_ORDER = re.compile(r"[A-Z0-9]+-[A-Z0-9]+-\d+")


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A movement of stock with what made it, and where to read more."""

    movement: StockMovement
    on_hand: int
    source: str
    url: str = ""


def shown_changes(*, shop: Shop, changes: Sequence[StockChange], opens_imports: bool) -> list[ShownChange]:
    """Return movements with their sources in words, in two statements at most.

    Args:
        opens_imports: whether the reader may open the page of an import.
    """
    people = _people({int(found[1]) for found in _found(BY_A_PERSON, changes)})
    imports = names_of_imports(shop=shop, ids={found[1] for found in _found(BY_AN_IMPORT, changes)})
    shown = []
    for each in changes:
        source, url = _source(each.movement.source, people, imports)
        is_open = opens_imports or not BY_AN_IMPORT.fullmatch(each.movement.source)
        shown.append(ShownChange(each.movement, each.on_hand, source, url if is_open else ""))
    return shown


def _found(pattern: re.Pattern[str], changes: Sequence[StockChange]) -> list[re.Match[str]]:
    return [found for each in changes if (found := pattern.fullmatch(each.movement.source))]


def _people(ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=ids).defer(*private_fields())}


def _source(source: str, people: dict[int, str], imports: dict[str, str]) -> tuple[str, str]:
    if found := BY_A_PERSON.fullmatch(source):
        return people.get(int(found[1])) or gettext("A person who has left"), ""
    if found := BY_AN_IMPORT.fullmatch(source):
        name = imports.get(found[1], "")
        return name or gettext("An imported file"), reverse("vendors:import", args=[found[1]]) if name else ""
    if AN_ORDER.fullmatch(source):
        return source, reverse("vendors:order", args=[source])
    return (gettext("The product’s page") if source == "product update" else source), ""
