"""A variant's options for display: “Colour: Indigo, Size: L”."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template

from kit.text.labelled import labelled

register = template.Library()
register.filter("labelled", labelled)


@register.filter
def options_text(options: Any) -> str:
    """Return options in one line, from a mapping or from pairs, in the order in which they are kept.

    A template must not ask a mapping for its items by itself: an option of the name “items” would answer.
    """
    return ", ".join(labelled(name, value) for name, value in _pairs(options))


def _pairs(options: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(options, Mapping):
        return dict.items(dict(options))
    return [(pair[0], pair[1]) for pair in options or ()]
