"""Bounds of prices as people type them into a search's filters."""

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.utils.translation import get_language, gettext, override

from kit.money.amounts import parse_amount
from kit.text.conventions import conventions

LONGEST = 40  # as typed


@dataclass(frozen=True, slots=True)
class Bound:
    """A price bound as it was typed, with its amount where it is one, and what is wrong with it where it is not."""

    typed: str = ""
    minor: int | None = None
    error: str = ""

    @property
    def shown(self) -> str:
        """Return the text of the field: what was typed where that is no price."""
        return self.typed if self.error else _major(self.minor)


def read_bounds(low: str, high: str, currency: str) -> dict[str, Bound]:
    """Read the bounds of a price; a highest price below the lowest is none."""
    bounds = {"from": _bound(low, currency), "to": _bound(high, currency)}
    least, most = bounds["from"].minor, bounds["to"].minor
    if least is not None and most is not None and most < least:
        bounds["to"] = Bound(high.strip(), None, gettext("This is below the lowest price."))
    return bounds


def _bound(text: str, currency: str) -> Bound:
    """Read a price as people type it; what is no price is kept as it was typed, and not asked for.

    An address is shared, and its reader may change the language: what the one language does not take is read as the
    others write it, so that no amount means another one there.
    """
    typed = " ".join(text.split())[:LONGEST]
    if not typed:
        return Bound()
    current, error = get_language() or settings.LANGUAGE_CODE, ""
    for language in sorted((code for code, _ in settings.LANGUAGES), key=lambda code: code != current):
        with override(language):
            try:
                return Bound(typed, parse_amount(typed, currency or settings.PLATFORM_CURRENCY))
            except ValueError as refusal:
                error = error or str(refusal)
    return Bound(typed, None, error)


def _major(minor: int | None) -> str:
    if minor is None:
        return ""
    return str(Decimal(minor) / 100).removesuffix(".00").replace(".", conventions().decimals)
