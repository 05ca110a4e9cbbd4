"""Things for the house: light, comfort, plants."""

from math import cos, pi, sin

from demo.art.canvas import Canvas
from demo.art.palettes import (
    BRASS,
    CLAY,
    CREAM,
    GLASS,
    INK,
    IRON,
    LEAF,
    LEAF_DARK,
    WHITE,
    WOOD,
    WOOD_DARK,
    WOOD_LIGHT,
    darker,
    lighter,
    mix,
)
from demo.art.paths import box, ellipse, mirror, path, trapezium, turned

GLOW = (255, 214, 130)


def lamp(c: Canvas) -> None:
    """Draw a table lamp with a patterned shade."""
    p = c.palette
    c.blur(ellipse(50, 44, 34, 30), GLOW, 0.5, 7)
    c.ground(width=36)
    c.fill(box(48.4, 48, 51.6, 62), BRASS)
    base = path("M50 58 C58 58 62 66 60 73 Q59 78 55 79 H45 Q41 78 40 73 C38 66 42 58 50 58 Z")
    c.fill(base, p.accent)
    c.fill(box(37, 77, 63, 80.5, 1.5), darker(p.accent, 0.3))
    shade = trapezium(50, 20, 50, 28, 50)
    c.fill(shade, p.main, pattern=c.pattern("ankara", "adire", "stripes", "fans"))
    c.line([(36.3, 21), (63.7, 21)], BRASS, 1.2)
    c.line([(25.5, 49.5), (74.5, 49.5)], BRASS, 1.4)
    c.line([(66, 50), (66, 58)], IRON, 0.4)
    c.fill(ellipse(66, 59, 1), BRASS)


def lantern(c: Canvas) -> None:
    """Draw a solar lantern with a warm light."""
    p = c.palette
    c.blur(ellipse(50, 52, 32, 28), GLOW, 0.6, 7)
    c.ground(width=38)
    c.line(path("M34 34 C34 10 66 10 66 34"), IRON, 1.8)
    c.fill(box(35, 28, 65, 36, 2.5), p.main)
    c.fill(trapezium(50, 22, 29, 18, 28), (36, 52, 84))
    for x in (46, 50, 54):
        c.line([(x, 23), (x + (x - 50) * 0.4, 28)], lighter((36, 52, 84), 0.4), 0.4)
    glass = path("M37 36 H63 C67 46 67 58 63 68 H37 C33 58 33 46 37 36 Z")
    c.fill(glass, GLASS, alpha=0.85)
    c.fill(ellipse(50, 53, 7, 10), GLOW, shade=0)
    c.fill(ellipse(50, 55, 3.6, 5.5), WHITE, shade=0)
    for x in (40, 60):
        c.line(path(f"M{x} 36 C{x + (x - 50) * 0.35} 46 {x + (x - 50) * 0.35} 58 {x} 68"), p.main, 1.6)
    c.fill(box(33, 67, 67, 80, 3), p.main)
    c.fill(ellipse(50, 73.5, 2.6), p.accent)
    c.fill(box(36, 71.5, 42, 75.5, 1), darker(p.main, 0.45), shade=0)


def candle(c: Canvas) -> None:
    """Draw a scented candle in a glass."""
    p = c.palette
    c.blur(ellipse(50, 38, 22, 22), GLOW, 0.6, 6)
    c.ground(width=42)
    body = path("M31 44 H69 V74 Q69 80 63 80 H37 Q31 80 31 74 Z")
    c.fill(body, lighter(p.second, 0.5))
    c.fill(path("M32.5 52 H67.5 V74 Q67.5 78.5 63 78.5 H37 Q32.5 78.5 32.5 74 Z"), p.main)
    c.fill(ellipse(50, 44, 19, 4.6), lighter(p.second, 0.75), shade=0)
    c.fill(ellipse(50, 50, 17.5, 4), lighter(p.main, 0.3), shade=0)
    c.line([(50, 49), (50, 42)], INK, 0.9)
    c.fill(path("M50 26 C57 34 56 43 50 43 C44 43 43 34 50 26 Z"), (246, 168, 54))
    c.fill(path("M50 33 C53.5 37 53 42 50 42 C47 42 46.5 37 50 33 Z"), (255, 236, 170), shade=0)
    c.fill(box(38, 58, 62, 73, 1.5), CREAM)
    c.fill(ellipse(50, 63.5, 3), p.accent, shade=0)
    c.line([(44, 69.5), (56, 69.5)], mix(CREAM, INK, 0.55), 0.8)


def cushion(c: Canvas) -> None:
    """Draw a square cushion with piping."""
    p = c.palette
    c.ground(width=58)
    shape = path(
        "M24 28 Q50 34 76 28 Q80 27 79 31 Q73 54 79 76 Q80 81 75 80 "
        "Q50 75 25 80 Q20 81 21 76 Q27 54 21 31 Q20 27 24 28 Z"
    )
    c.fill(shape, p.main, pattern=c.pattern("ankara", "adire", "fans", "checks", "zigzag"), shade=1.2)
    c.line([*shape, shape[0]], p.accent, 1.2)
    for x, y in ((24, 30), (76, 30), (76, 77), (24, 77)):
        c.fill(ellipse(x, y, 1.8), p.accent)


def blanket(c: Canvas) -> None:
    """Draw a throw folded over a rail."""
    p = c.palette
    c.ground(width=50, y=86)
    for x in (22, 78):
        c.fill(box(x - 1.6, 24, x + 1.6, 86), WOOD)
    back = box(33, 26, 71, 62)
    c.fill(back, darker(p.main, 0.3))
    front = path("M29 27 Q29 24 32 24 H65 Q68 24 68 27 V76 H29 Z")
    for x in range(30, 68, 2):
        c.line([(x + 0.6, 75), (x + 0.6, 82)], mix(p.main, CREAM, 0.4), 0.9)
    c.fill(front, p.main, pattern=c.pattern("bands", "zigzag", "checks", "stripes"))
    c.fill(box(29, 24, 68, 28), WHITE, alpha=0.2, shade=0)
    c.fill(box(19, 22.5, 81, 26, 1.6), WOOD_LIGHT)
    c.fill(path("M29 27 Q29 22 32 22 H65 Q68 22 68 27 V32 H29 Z"), p.main, pattern="bands")


def rug(c: Canvas) -> None:
    """Draw a rolled rug and its pattern."""
    p = c.palette
    name = c.pattern("zigzag", "checks", "adire", "ankara")
    c.ground(width=70, y=84)
    sheet = path("M30 38 H82 L90 82 H22 Z")
    for step in range(24):
        x = 23.5 + step * 2.85
        c.line([(x, 82), (x - 0.3, 86)], CREAM, 0.9)
    c.fill(sheet, p.main, pattern=name, shade=0.5)
    c.line(path("M33 42 H79 L85.5 79 H27 L33 42"), p.accent, 1)
    roll = box(26, 26, 86, 43, 4)
    c.fill(roll, p.main, pattern=name)
    c.fill(box(26, 37, 86, 43), INK, alpha=0.22, shade=0, within=roll)
    c.fill(ellipse(26, 34.5, 5, 8.6), lighter(p.second, 0.25))
    for share in (0.68, 0.36):
        c.line(ellipse(26, 34.5, 5 * share, 8.6 * share), darker(p.main, 0.2), 0.8)


def plant_pot(c: Canvas) -> None:
    """Draw a leafy plant in a painted pot."""
    p = c.palette
    c.ground(width=40)
    leaf = path("M50 56 C40 46 40 28 50 16 C60 28 60 46 50 56 Z")
    for lean, tone in ((-62, 0.2), (62, 0.2), (-34, 0.0), (34, 0.0), (0, 0.12)):
        shape = turned(leaf, lean, 50, 57)
        c.fill(shape, mix(LEAF, LEAF_DARK, tone * 2) if lean else lighter(LEAF, 0.1))
        c.line(turned([(50, 55), (50, 20)], lean, 50, 57), LEAF_DARK, 0.7)
    pot_colour = p.main if p.name != "forest" else CLAY
    own = type(p)("own", pot_colour, p.second, p.accent, p.wall)
    body = path("M33 56 H67 L63 76 Q62 80 58 80 H42 Q38 80 37 76 Z")
    c.fill(body, pot_colour, pattern=c.pattern("zigzag", "adire", "dots", "fans"), palette=own)
    c.fill(box(31, 53, 69, 60, 1.5), lighter(pot_colour, 0.12))


def clock(c: Canvas) -> None:
    """Draw a wall clock in a carved ring."""
    p = c.palette
    c.blur(ellipse(51.5, 53.5, 31), darker(p.wall, 0.7), 0.4, 1.6)
    c.fill(ellipse(50, 50, 31), WOOD)
    for step in range(24):
        angle = 2 * pi * step / 24
        c.fill(ellipse(50 + cos(angle) * 28.3, 50 + sin(angle) * 28.3, 1.2), p.accent if step % 2 else p.main, shade=0)
    c.fill(ellipse(50, 50, 25.5), WHITE, shade=0.4)
    for step in range(12):
        angle = 2 * pi * step / 12
        reach = 19.5 if step % 3 == 0 else 21.5
        ends = [(50 + cos(angle) * r, 50 + sin(angle) * r) for r in (reach, 23.2)]
        c.line(ends, p.main, 1.8 if step % 3 == 0 else 0.9)
    c.line([(50, 50), (39, 44)], INK, 2)
    c.line([(50, 50), (58, 33)], INK, 1.4)
    c.line([(48, 55), (53, 31)], p.accent, 0.7)
    c.fill(ellipse(50, 50, 2.2), INK)


def vase(c: Canvas) -> None:
    """Draw a tall vase with dried stems."""
    p = c.palette
    c.ground(width=36)
    for tip, bend in ((34, 40), (44, 46), (58, 54), (68, 61)):
        c.line(path(f"M50 44 Q{bend} 32 {tip} 18"), WOOD, 0.9)
        for step in range(5):
            x, y = tip + (bend - tip) * step * 0.09, 16 + step * 3.2
            c.fill(turned(ellipse(x, y, 1.3, 2.6), (tip - 50) * 1.2, x, y), lighter(p.accent, 0.15), shade=0.5)
    body = path("M44 38 H56 C55 46 66 52 66 64 C66 74 60 80 56 80 H44 C40 80 34 74 34 64 C34 52 45 46 44 38 Z")
    c.fill(body, p.main)
    c.fill(box(30, 58, 70, 69), p.main, pattern=c.pattern("adire", "zigzag", "fans"), within=body, shade=0.5)
    c.fill(ellipse(50, 38, 6.2, 1.8), darker(p.main, 0.5), shade=0)


def mirror_frame(c: Canvas) -> None:
    """Draw a round mirror in a sun of beads."""
    p = c.palette
    c.blur(ellipse(51.5, 53, 32), darker(p.wall, 0.7), 0.35, 1.6)
    for step in range(28):
        angle = 2 * pi * step / 28
        tip = (50 + cos(angle) * 34, 50 + sin(angle) * 34)
        c.line([(50 + cos(angle) * 24, 50 + sin(angle) * 24), tip], p.main if step % 2 else p.accent, 2.6)
        c.fill(ellipse(*tip, 1.9), BRASS)
    c.fill(ellipse(50, 50, 25.5), BRASS)
    c.fill(ellipse(50, 50, 22.5), lighter(GLASS, 0.1), shade=0.4)
    for shift in (0, 7):
        c.line([(37 + shift, 58), (55 + shift, 36)], WHITE, 3 if shift else 1.4, alpha=0.7, within=ellipse(50, 50, 22))


def broom(c: Canvas) -> None:
    """Draw a hand broom bound with cloth."""
    p = c.palette
    c.ground(width=46, y=82)
    for step in range(24):
        share = step / 23
        c.line(
            [(46 + share * 8, 46), (28 + share * 44, 82 - abs(share - 0.5) * 3)],
            mix(WOOD_LIGHT, WOOD, share % 0.3 * 3),
            1.3,
        )
    c.fill(path("M42 16 H58 L56 50 H44 Z"), p.main, pattern=c.pattern("stripes", "zigzag", "ankara"))
    for y in (20, 33, 46):
        c.line([(43, y), (57, y)], p.accent, 1.2)
    c.line(path("M50 16 C44 9 56 9 50 16"), darker(WOOD_DARK, 0.1), 1)
    for part in (path("M40 56 Q50 60 60 56"), mirror(path("M38 62 Q50 66 62 62"))):
        c.line(part, p.main, 1.2)


DRAWERS = {
    "lamp": lamp,
    "lantern": lantern,
    "candle": candle,
    "cushion": cushion,
    "blanket": blanket,
    "rug": rug,
    "plant-pot": plant_pot,
    "clock": clock,
    "vase": vase,
    "mirror": mirror_frame,
    "broom": broom,
}
