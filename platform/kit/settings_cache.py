"""Cache of values that follow from the settings, which tests and the replay change."""

from collections.abc import Callable
from functools import cache
from typing import ParamSpec, TypeVar

from django.conf import settings
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


def change_setting(name: str, value: object) -> None:
    """Set a setting of a running process, and have what follows from it computed anew."""
    setattr(settings, name, value)
    setting_changed.send(sender=change_setting, setting=name, value=value, enter=True)
