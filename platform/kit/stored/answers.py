"""Today's form of a value that an earlier release stored; nothing that people see is lost."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from kit.stored.columns import FormedColumn
from kit.text.characters import TextError, clean_line
from kit.text.columns import CleanedText
from kit.text.pairs import NAME_AND_VALUE, PairsColumn, in_order, pairs_of

SHOWN_OF_KEY = 6


@dataclass(frozen=True, slots=True)
class Answer:
    """The form of a value.

    Args:
        fault: why the value needs a person's look; empty where its rule takes it.
    """

    value: Any
    fault: str = ""


def answer_for(field: FormedColumn, stored: Any, *, key: object, names: tuple[str, ...] = ()) -> Answer:
    """Return the form of a stored value: by the column's rule, or else as near to it as nothing visible is lost.

    What no rule takes (a phone number that is none) loses invisible characters alone. Where nothing is left of a text
    that has to be there, it is called by its key.

    Args:
        names: the order of the pairs, where it is known.
    """
    if isinstance(field, PairsColumn):
        return _pairs(stored, names)
    try:
        value = field.stored_form(stored)
    except TextError as error:
        return Answer(_nearest(field, stored), str(error))
    if value or field.blank or not stored:
        return Answer(value)
    if not field.is_free:
        return Answer(stored, gettext("Nothing would be left of it."))
    return Answer(unnamed(key), gettext("Nothing was left of it."))


def unnamed(key: object) -> str:
    """Return the name for a row whose own name had no visible character."""
    return gettext("Unnamed %(number)s") % {"number": str(key)[-SHOWN_OF_KEY:]}


def numbered(text: str, number: int, most: int | None) -> str:
    """Return a text with a number behind it, for a column in which another row has the text already."""
    ending = f"-{number}"
    return f"{text[: most - len(ending)] if most else text}{ending}"


def _nearest(field: CleanedText, stored: str) -> str:
    """Return a text without its invisible characters, or as it is where it can't be had in that column."""
    try:
        value = field.visible_form(stored)
    except TextError:
        return stored
    return value if value and (field.max_length is None or len(value) <= field.max_length) else stored


def _pairs(stored: Any, names: tuple[str, ...]) -> Answer:
    """Return pairs in order with their texts cleaned; as they are where two names would be one, or a text nothing."""
    if not _are_pairs(stored):
        return Answer(stored, gettext("These are no names with texts."))
    pairs = pairs_of(stored)
    try:
        cleaned = [[clean_line(text) for text in pair] for pair in pairs]
    except TextError as error:
        return Answer(in_order(pairs, names), str(error))
    if len({name for name, _ in cleaned}) < len(cleaned) or not all(map(all, cleaned)):
        fault = gettext("Two names would be the same, or a name or text would be empty.")
        return Answer(in_order(pairs, names), fault)
    return Answer(in_order(cleaned, names))


def _are_pairs(stored: Any) -> bool:
    entries = list(stored.items()) if isinstance(stored, dict) else stored
    return isinstance(entries, list) and all(
        isinstance(entry, list | tuple)
        and len(entry) == NAME_AND_VALUE
        and all(isinstance(text, str) for text in entry)
        for entry in entries
    )
