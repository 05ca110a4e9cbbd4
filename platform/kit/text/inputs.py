"""Rules on the fields of a dataclass: `name: Annotated[str, rules.name(120)]`.

Services call `cleaned` on what they are given, so that it makes no difference by which way a text came. Texts that are
judged by others beside them are named in the class: `together = (phone_in("country"),)`.
"""

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar, get_type_hints

from kit.errors import Fault, InvalidInputError
from kit.text.characters import TextError
from kit.text.cross_field_rules import judged_together
from kit.text.rules import TextRule

T = TypeVar("T")


def cleaned(data: T, *, stored: object | None = None, **whole: Any) -> T:
    """Return a dataclass with its texts as they are stored; itself, where they are already.

    Args:
        stored: the row that is changed; a text that stays as it is there is not judged again.
        whole: fields to put in besides, such as dataclasses that have been cleaned.

    Raises:
        InvalidInputError: `details` hold a message for each field at fault.
    """
    found: dict[str, Any] = dict(whole)
    details: dict[str, list[str]] = {}
    for field, rule in _rules_of(type(data)).items():  # type: ignore[arg-type] # a class is hashable
        given = getattr(data, field)
        if given is not None and rule.plain.fullmatch(given):
            continue
        if stored is not None and given == getattr(stored, field):
            continue
        try:
            text = rule(given)
        except TextError as error:
            details[field] = [Fault(str(error), error.code)]
            continue
        if text != given:
            found[field] = text
    if rules := getattr(data, "together", ()):
        names = _judged_together(type(data)).difference(details)  # type: ignore[arg-type]
        texts = {name: found[name] if name in found else getattr(data, name) for name in names}
        kept = {name: getattr(stored, name) for name in names} if stored is not None else None
        changed, faults = judged_together(rules, texts, but=kept)
        found |= {name: text for name, text in changed.items() if text != texts[name]}
        details |= faults
    if details:
        raise InvalidInputError(details=details)
    return _with(data, found) if found else data


def _with(data: T, changed: dict[str, Any]) -> T:
    """Return a dataclass with some fields changed, at a fraction of the price of `dataclasses.replace`."""
    names, values_of = _fields_of(type(data))  # type: ignore[arg-type]
    return type(data)(**{**dict(zip(names, values_of(data), strict=True)), **changed})


def checked_text(field: str, rule: Callable[[str], str], text: str) -> str:
    """Return one text as it is stored.

    Raises:
        InvalidInputError: it can't be; `details` name the field.
    """
    try:
        return rule(text)
    except TextError as error:
        raise InvalidInputError(details={field: [Fault(str(error), error.code)]}) from error


@cache
def _judged_together(kind: object) -> frozenset[str]:
    """Return the fields of a dataclass whose texts are judged by others beside them."""
    return frozenset(name for rule in getattr(kind, "together", ()) for name in rule.fields)


@cache
def _fields_of(kind: Any) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    names = tuple(field.name for field in fields(kind))
    return names, attrgetter(*names) if len(names) > 1 else lambda data: (getattr(data, names[0]),)


@cache
def _rules_of(kind: object) -> dict[str, TextRule]:
    """Return the rules of a dataclass by field."""
    hints = get_type_hints(kind, include_extras=True)
    return {
        name: rule
        for name, hint in hints.items()
        for rule in getattr(hint, "__metadata__", ())
        if isinstance(rule, TextRule)
    }
