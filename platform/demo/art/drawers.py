"""All kinds of goods that can be drawn, each with the function that draws it."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from demo.art import adornments, bags, clothes, devices, furniture, home, kitchen, leisure, pantry
from demo.art.canvas import Canvas

Drawer: TypeAlias = Callable[[Canvas], None]

DRAWERS: Mapping[str, Drawer] = {
    **adornments.DRAWERS,
    **bags.DRAWERS,
    **clothes.DRAWERS,
    **devices.DRAWERS,
    **furniture.DRAWERS,
    **home.DRAWERS,
    **kitchen.DRAWERS,
    **leisure.DRAWERS,
    **pantry.DRAWERS,
}
