"""The columns of a file of prices, stock, weights and tax classes: which are read, and which are not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from catalogue.errors import ImportFileError
from kit.money import SYMBOLS

SHOWN_NAMES = 20
LONGEST_NAME = 40
# A column with one of these words is taken for one of ours: left out without a word, half a file would be imported.
TELLING = frozenset(
    {"sku", "skus", "price", "prices", "stock", "hand", "onhand", "qty", "quantity", "inventory"}
) | frozenset({"weight", "weights", "grams", "tax"})
WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Columns:
    """Positions of the columns that are read, and the file's names of read and ignored columns."""

    places: dict[str, int]
    width: int
    nameless: frozenset[int]
    read: list[str]
    unread: list[str]


def find_columns(header: Sequence[str], *, currency: str) -> Columns:
    """Find the columns by the first line of a file.

    Raises:
        ImportFileError: one is missing, comes twice, or has a name that could mean one of ours and does not.
    """
    names = [_plain(name) for name in header]
    places: dict[str, int] = {}
    for column, spellings in _spellings(currency).items():
        found = [place for place, name in enumerate(names) if name in spellings]
        if len(found) > 1:
            raise ImportFileError(gettext("The first line names the column “%(column)s” twice.") % {"column": column})
        if found:
            places[column] = found[0]
    others = [place for place, name in enumerate(names) if name and place not in places.values()]
    if "sku" not in places:
        raise ImportFileError(
            gettext("The first line must name the columns, with “sku” among them. Start from the template.")
        )
    for place in others:
        if TELLING & set(WORDS.findall(names[place])):
            raise ImportFileError(
                gettext(
                    "The column “%(shown)s” is not one that we read. Name it “Price” (in %(currency)s), “On hand”, "
                    "“Weight (g)” or “Tax class” if it is one of these, or else give it another name."
                )
                % {"shown": _shown(header[place]), "currency": currency}
            )
    if len(places) == 1:
        raise ImportFileError(
            gettext(
                "There is no column “price”, “on hand”, “weight (g)” or “tax class”, so there is nothing to import."
            )
        )
    return Columns(
        places=places,
        width=len(names),
        nameless=frozenset(place for place, name in enumerate(names) if not name),
        read=[_shown(header[place]) for place in sorted(places.values())],
        unread=[_shown(header[place]) for place in others][:SHOWN_NAMES],
    )


def count_known(header: Sequence[str], *, currency: str) -> int:
    """Return the number of known columns in a first line."""
    known = set().union(*_spellings(currency).values())
    return sum(_plain(name) in known for name in header)


def _spellings(currency: str) -> dict[str, set[str]]:
    code = currency.lower()
    marks = {code, SYMBOLS.get(currency, currency).lower()}
    return {
        "sku": {"sku"},
        "price": {"price", f"price in {code}", *(f"price {mark}" for mark in marks), *(f"price ({m})" for m in marks)},
        "on hand": {"on hand", "stock"},
        "weight": {"weight (g)", "weight g", "weight in g", "weight in grams"},  # a bare "weight" may be in kilograms
        "tax class": {"tax class"},
    }


def _plain(name: str) -> str:
    return " ".join(name.replace("\ufeff", "").replace("_", " ").lower().split())


def _shown(name: str) -> str:
    return " ".join(name.split())[:LONGEST_NAME]
