"""Memory of the terms that this process has parsed, by shop and version.

A version is given once (`storing.py`), so what is remembered never gets old: a shop that changes its terms has another
version, which comes with the facts that every quote reads. Terms that are not remembered are read in one statement for
all shops of a basket.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Protocol

from checkout.models import ShopTerms
from checkout.pricing.terms.parsing import NO_TERMS, SECTIONS, Terms, parse

MOST_REMEMBERED = 2_000
_remembered: OrderedDict[tuple[int, int], Terms] = OrderedDict()
_guard = Lock()


class ShopWithTerms(Protocol):
    """A shop's id, and the version of its terms: a shop's facts are one."""

    @property
    def id(self) -> int:
        """Return the shop's id."""

    @property
    def terms_version(self) -> int:
        """Return the version; 0 where it has set none."""


def find_terms(shops: Iterable[ShopWithTerms]) -> Mapping[int, Terms]:
    """Return the terms of shops that have set some, by shop id; only those that the process does not know are read."""
    wanted = [(facts.id, facts.terms_version) for facts in shops if facts.terms_version]
    if not wanted:
        return {}
    found = {key[0]: terms for key in wanted if (terms := _recall(key)) is not None}
    if unknown := [shop_id for shop_id, _ in wanted if shop_id not in found]:
        found |= _read(unknown)
    return found


def forget_all() -> None:
    """Forget all terms: for tests, which have many databases."""
    with _guard:
        _remembered.clear()


def _recall(key: tuple[int, int]) -> Terms | None:
    with _guard:
        if (terms := _remembered.get(key)) is not None:
            _remembered.move_to_end(key)
        return terms


def _read(shop_ids: list[int]) -> dict[int, Terms]:
    """Read terms as they are now: where a shop has changed them since its facts were read, the newer ones count."""
    found = dict.fromkeys(shop_ids, NO_TERMS)
    for row in ShopTerms.objects.filter(pk__in=shop_ids).order_by("pk").values("shop_id", "version", *SECTIONS):
        found[row["shop_id"]] = terms = parse(row)
        _remember((row["shop_id"], row["version"]), terms)
    return found


def _remember(key: tuple[int, int], terms: Terms) -> None:
    with _guard:
        _remembered[key] = terms
        if len(_remembered) > MOST_REMEMBERED:
            _remembered.popitem(last=False)
