"""Colours of the drawn goods: named after what a shop calls them."""

from dataclasses import dataclass
from typing import TypeAlias

Colour: TypeAlias = tuple[int, int, int]

INK: Colour = (27, 38, 43)
WHITE: Colour = (252, 250, 245)
CREAM: Colour = (241, 230, 208)
WOOD: Colour = (178, 124, 78)
WOOD_DARK: Colour = (124, 80, 49)
WOOD_LIGHT: Colour = (214, 170, 120)
STEEL: Colour = (176, 186, 190)
STEEL_DARK: Colour = (104, 116, 122)
IRON: Colour = (58, 64, 68)
BRASS: Colour = (205, 158, 74)
COPPER: Colour = (190, 105, 66)
CLAY: Colour = (186, 96, 62)
LEAF: Colour = (72, 124, 82)
LEAF_DARK: Colour = (45, 92, 64)
SKIN: Colour = (132, 84, 58)
GLASS: Colour = (206, 224, 222)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Blend two colours; `share` is the part of the second."""
    r, g, b = (round(a + (z - a) * share) for a, z in zip(one, other, strict=True))
    return (r, g, b)


def darker(colour: Colour, share: float = 0.25) -> Colour:
    """Move a colour towards ink."""
    return mix(colour, INK, share)


def lighter(colour: Colour, share: float = 0.3) -> Colour:
    """Move a colour towards white."""
    return mix(colour, WHITE, share)


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one picture: the goods in three tones and the wall behind them."""

    name: str
    main: Colour
    second: Colour
    accent: Colour
    wall: Colour

    @property
    def floor(self) -> Colour:
        """Return the table the goods stand on."""
        return darker(self.wall, 0.07)


PALETTES = {
    palette.name: palette
    for palette in (
        Palette("indigo", (44, 62, 122), (116, 146, 200), (235, 183, 78), (231, 232, 236)),
        Palette("terracotta", (184, 84, 52), (232, 170, 120), (44, 88, 92), (243, 232, 221)),
        Palette("marigold", (226, 160, 44), (246, 212, 128), (146, 60, 44), (245, 238, 222)),
        Palette("forest", (34, 92, 68), (130, 170, 120), (230, 176, 76), (231, 236, 227)),
        Palette("plum", (108, 48, 88), (196, 134, 166), (232, 176, 88), (240, 231, 236)),
        Palette("teal", (22, 112, 116), (126, 188, 182), (232, 126, 84), (226, 236, 234)),
        Palette("tan", (176, 116, 70), (222, 182, 136), (58, 78, 74), (241, 234, 224)),
        Palette("charcoal", (56, 62, 68), (142, 148, 150), (222, 158, 66), (234, 233, 229)),
        Palette("rose", (198, 92, 98), (240, 180, 172), (54, 86, 98), (245, 232, 229)),
        Palette("sky", (66, 128, 174), (160, 200, 222), (238, 172, 80), (228, 236, 240)),
        Palette("olive", (112, 116, 52), (186, 184, 112), (184, 84, 52), (238, 237, 224)),
        Palette("cream", (232, 214, 180), (246, 236, 216), (150, 92, 60), (232, 228, 220)),
        Palette("red", (182, 46, 44), (236, 150, 120), (240, 196, 96), (244, 232, 227)),
        Palette("white", (240, 238, 232), (208, 212, 210), (34, 110, 104), (222, 227, 226)),
    )
}


def palette_named(palette: "str | Palette") -> Palette:
    """Look a palette up; a palette passes through.

    Raises:
        KeyError: no palette has that name.
    """
    return palette if isinstance(palette, Palette) else PALETTES[palette]
