"""Conventions of each language for numbers, amounts and dates: a record for each (docs/languages.md)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language

NO_BREAK = "\xa0"


@dataclass(frozen=True, slots=True, eq=False)
class Conventions:
    """A language's way with numbers; each record is equal to itself alone, so that caches may be keyed by it.

    Args:
        thousands: the mark between thousands; a space is typed as any space.
        decimals: the mark before decimals.
        symbols: the currencies' signs; the code of ISO 4217 is written for all others.
        has_currency_behind: `18 500 NGN`, else `₦18,500`.
        short_month: Django's letter for a short month, as the language writes it.
        first_day: Django's form of a month's first day.
    """

    thousands: str
    decimals: str
    symbols: Mapping[str, str]
    has_currency_behind: bool = False
    short_month: str = "M"
    first_day: str = "j"

    @cache  # noqa: B019 - as many as there are languages
    def amount_pattern(self) -> re.Pattern[str]:
        """Return the form of a typed amount, which forbids all that reads in two ways.

        Forms are filled with amounts such as `18500.50`, so that a point may stand before decimals in each language.
        """
        thousands = re.escape(" " if self.thousands == NO_BREAK else self.thousands)
        decimals = "".join({self.decimals, "."} - {self.thousands})
        whole = rf"(?:[0-9]{{1,3}}(?:{thousands}[0-9]{{3}})+|[0-9]{{1,13}})"
        return re.compile(rf"{whole}(?:[{decimals}][0-9]{{1,2}})?|[0-9]{{1,13}}\.[0-9]{{2}}")


ENGLISH = Conventions(
    thousands=",",
    decimals=".",
    symbols={
        "NGN": "₦", "GHS": "GH₵", "ZAR": "R", "KES": "KSh", "USD": "$", "XOF": "CFA", "ETB": "Br", "RWF": "FRw",
        "EGP": "E£", "XAF": "FCFA", "UGX": "USh",
    },
)  # fmt: skip

# French sets the sign behind the amount, and the code where a sign would not be known (CLDR). A short month ends in a
# point: `29 nov. 2026`, `1er mai 2026`.
FRENCH = Conventions(
    thousands=NO_BREAK,
    decimals=",",
    symbols={"USD": "$US", "XOF": f"F{NO_BREAK}CFA", "XAF": "FCFA"},
    has_currency_behind=True,
    short_month="N",
    first_day=r"j\e\r",
)

CONVENTIONS = {"en-gb": ENGLISH, "fr": FRENCH}


def conventions() -> Conventions:
    """Return the conventions of the language that is active; those of English where it has none."""
    return CONVENTIONS.get(get_language() or "", ENGLISH)
