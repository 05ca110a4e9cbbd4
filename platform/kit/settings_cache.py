"""Cache of values that follow from the settings, which change in tests only."""

from collections.abc import Callable
from functools import cache
from typing import ParamSpec, TypeVar

from django.core.signals import setting_changed

P = ParamSpec("P")
T = TypeVar("T")


def cached_by_settings(function: Callable[P, T]) -> Callable[P, T]:
    """Remember a function's results until a setting changes; its arguments have to be hashable."""
    remembered = cache(function)

    def forget(**_: object) -> None:
        remembered.cache_clear()

    setting_changed.connect(forget, weak=False)
    return remembered  # type: ignore[return-value]
