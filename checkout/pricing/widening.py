"""Rule of coupons and offers whose named goods are gone: they never count for all goods by that."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext

from kit.errors import Fault


def widening_faults(
    was: Any, data: Any, lists: Mapping[str, Callable[[Collection[Any]], Collection[Any]]], *, field: str
) -> Iterable[tuple[str, str]]:
    """Refuse to empty lists of named goods of which nothing is there any more: empty, they would stand for all goods.

    Args:
        was, data: values before and after a change.
        lists: by the name of each list, the function that returns those ids of it that are still there.
        field: the field that the fault is told at.
    """
    before = {name: tuple(getattr(was, name, ())) for name in lists}
    if not any(before.values()) or any(getattr(data, name) for name in lists):
        return
    if not any(living(before[name]) for name, living in lists.items() if before[name]):
        message = gettext(
            "Everything that it was limited to is deleted, so it would apply to all goods. Choose "
            "something else, or delete it."
        )
        yield field, Fault(message, "would_widen")
