"""Values of stored sentences: how each kind stands in a row, and how it is read in the language that is active."""

import datetime as dt
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.db.models import Choices
from django.utils.timezone import localtime
from django.utils.translation import override

from kit.money import MINOR_PER_MAJOR, SYMBOLS, Money, format_minor
from kit.text.dates import written_date
from kit.text.numbers import grouped

SOURCE = "en-gb"  # the language that marked texts are written in, and rows hold


class Stored:
    """Kind of a value: here a text that is shown as it is, such as a name, or what a provider has written.

    Args:
        pattern: of the value as it is stored.
        may_be_cut: whether a part of it does, where its sentence is too long for the column.
    """

    def __init__(self, pattern: str = ".*?", *, may_be_cut: bool = True) -> None:
        self._pattern, self.may_be_cut = pattern, may_be_cut

    @property
    def pattern(self) -> str:
        """Return the pattern of the value as it is stored."""
        return self._pattern

    def written(self, value: Any) -> str:
        """Return a value as it is stored."""
        return str(value)

    def shown(self, text: str) -> str:
        """Return a stored value as people read it."""
        return text


class StoredNumber(Stored):
    """Kind of whole numbers, such as counts."""

    def written(self, value: Any) -> str:
        """Return `1,000`."""
        return f"{value:,}"

    def number(self, text: str) -> int:
        """Return the number that a text writes."""
        return int(text.replace(",", ""))

    def shown(self, text: str) -> str:
        """Return `1,000` or `1 000`."""
        return grouped(self.number(text))


class StoredAmount(Stored):
    """Kind of amounts, which name their currency by its code, so that they can be read in one way only."""

    def written(self, value: Any) -> str:
        """Return `NGN 18,500.50` of a `Money`."""
        if not isinstance(value, Money):
            raise TypeError(f"An amount is a Money, not {value!r}.")
        whole, rest = divmod(abs(value.minor), MINOR_PER_MAJOR)
        return f"{'−' if value.minor < 0 else ''}{value.currency} {whole:,}{f'.{rest:02d}' if rest else ''}"

    def shown(self, text: str) -> str:
        """Return `₦18,500.50` or `18 500,50 NGN`."""
        found = AMOUNT_PARTS.fullmatch(text)
        if found is None:
            return text
        minor = int(found["whole"].replace(",", "")) * MINOR_PER_MAJOR + int(found["rest"] or 0)
        return format_minor(-minor if found["sign"] else minor, CURRENCIES.get(found["mark"], found["mark"]))


class StoredMoment(Stored):
    """Kind of times."""

    def written(self, value: Any) -> str:
        """Return `2026-11-29 23:00 UTC`."""
        return f"{value.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"

    def shown(self, text: str) -> str:
        """Return the time in the market's zone: `30 Nov 2026, 00:00 WAT`."""
        moment = dt.datetime.strptime(text, "%Y-%m-%d %H:%M UTC").replace(tzinfo=dt.UTC)
        return written_date(localtime(moment), "j M Y, H:i T")


class Label(Stored):
    """Kind of choices, stored by their English label.

    Args:
        choices: all whose labels may stand there.
        is_lower: whether the label stands inside a sentence, without its capital.
    """

    def __init__(self, *choices: type[Choices], is_lower: bool = False) -> None:
        super().__init__(may_be_cut=False)
        self._kinds, self.is_lower = choices, is_lower

    @property
    def pattern(self) -> str:
        """Return the pattern of the English labels."""
        return "|".join(re.escape(label) for label in sorted(self._by_label, key=len, reverse=True))

    @property
    def choices(self) -> list[Any]:
        """Return all choices."""
        return [choice for kind in self._kinds for choice in kind]

    def written(self, value: Any) -> str:
        """Return the English label of a choice."""
        with override(SOURCE):
            return self._of(value)

    def shown(self, text: str) -> str:
        """Return the label in the language that is active."""
        return self._of(self._by_label[text])

    @cached_property
    def _by_label(self) -> Mapping[str, Any]:
        with override(SOURCE):
            return {self._of(choice): choice for choice in reversed(self.choices)}

    def _of(self, choice: Any) -> str:
        return str(choice.label).lower() if self.is_lower else str(choice.label)


# Rows of earlier releases have the sign that English readers know.
CURRENCIES = {sign: code for code, sign in SYMBOLS.items()}
AMOUNT_PARTS = re.compile(
    rf"(?P<sign>−?)(?P<mark>[A-Z]{{3}}|{'|'.join(map(re.escape, CURRENCIES))})[ \xa0]?"
    r"(?P<whole>[\d,]+)(?:\.(?P<rest>\d\d))?"
)
TEXT = Stored()
ID = Stored(r"[\w.-]*\d[\w.-]*", may_be_cut=False)  # one word with a digit, so that few texts of other origin fit
CURRENCY = Stored(r"[A-Z]{3}", may_be_cut=False)
COUNT = StoredNumber(r"-?\d[\d,]*", may_be_cut=False)  # that a plural depends on
NUMBER = StoredNumber(r"-?\d[\d,]*", may_be_cut=False)
AMOUNT = StoredAmount(re.sub(r"\?P<\w+>", "?:", AMOUNT_PARTS.pattern), may_be_cut=False)
MOMENT = StoredMoment(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", may_be_cut=False)
