"""Which function draws which kind of goods."""

from collections.abc import Callable
from typing import TypeAlias

from runtime.demo.art.canvas import Canvas

Drawer: TypeAlias = Callable[[Canvas], None]

DRAWERS: dict[str, Drawer] = {}


def kind(name: str) -> Callable[[Drawer], Drawer]:
    """Register a drawing under the name of its kind."""

    def register(drawer: Drawer) -> Drawer:
        DRAWERS[name] = drawer
        return drawer

    return register
