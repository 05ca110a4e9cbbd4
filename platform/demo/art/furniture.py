"""Chairs, stools, tables and shelves."""

from demo.art.canvas import Canvas
from demo.art.palettes import BRASS, CLAY, LEAF, WOOD, WOOD_DARK, WOOD_LIGHT, darker, lighter
from demo.art.paths import box, ellipse, mirror, path, turned


def chair(c: Canvas) -> None:
    """Draw a lounge chair with a patterned cushion."""
    p = c.palette
    c.ground(width=54, y=84)
    for leg in ((32, 60, 27, 84), (68, 60, 73, 84)):
        c.line([leg[:2], leg[2:]], WOOD_DARK, 2.6)
    for leg in ((38, 62, 37, 80), (62, 62, 63, 80)):
        c.line([leg[:2], leg[2:]], darker(WOOD_DARK, 0.3), 2.2)
    back = path("M32 28 Q32 18 42 18 H58 Q68 18 68 28 L70 58 H30 Z")
    c.fill(back, p.main, pattern=c.pattern("ankara", "adire", "fans", "zigzag"))
    seat = path("M28 52 H72 Q76 52 76 57 V60 Q76 65 71 65 H29 Q24 65 24 60 V57 Q24 52 28 52 Z")
    c.fill(seat, lighter(p.main, 0.1))
    for arm in (path("M20 44 H30 Q32 44 32 46.5 Q32 49 30 49 H20 Q18 49 18 46.5 Q18 44 20 44 Z"),):
        for part in (arm, mirror(arm)):
            c.fill(part, WOOD)
    for post in (box(21, 48, 24.5, 64, 1.4), mirror(box(21, 48, 24.5, 64, 1.4))):
        c.fill(post, WOOD)


def stool(c: Canvas) -> None:
    """Draw a carved stool."""
    p = c.palette
    c.ground(width=50)
    c.fill(path("M26 74 Q50 82 74 74 V78 Q50 86 26 78 Z"), WOOD_DARK)
    middle = path("M36 44 H64 C60 54 60 64 66 76 Q50 81 34 76 C40 64 40 54 36 44 Z")
    c.fill(middle, WOOD)
    c.fill(path("M39 54 H61 C60 58 60 61 61 65 H39 C40 61 40 58 39 54 Z"), p.main, pattern=c.pattern("zigzag", "adire"))
    c.fill(path("M22 36 C30 44 70 44 78 36 C80 44 78 48 72 49 Q50 54 28 49 C22 48 20 44 22 36 Z"), WOOD_LIGHT)
    c.line(path("M23 38 C31 46 69 46 77 38"), WOOD_DARK, 0.8, alpha=0.6)


def table(c: Canvas) -> None:
    """Draw a round side table with a bowl of fruit."""
    p = c.palette
    c.ground(width=56, y=84)
    for leg in ((34, 54, 28, 84), (66, 54, 72, 84), (50, 54, 50, 86)):
        c.line([leg[:2], leg[2:]], WOOD_DARK, 2.8)
    c.fill(ellipse(50, 53, 33, 6.5), WOOD)
    c.fill(ellipse(50, 51, 33, 6.5), WOOD_LIGHT, shade=0.5)
    for x, y, colour in ((44, 38, (226, 140, 40)), (54, 37.5, (200, 62, 44)), (49, 34.5, LEAF)):
        c.fill(ellipse(x, y, 5.4), colour)
    c.fill(path("M34 39 C38 42 62 42 66 39 C66 47 60 51 50 51 C40 51 34 47 34 39 Z"), p.main, pattern="zigzag")


def shelf(c: Canvas) -> None:
    """Draw a wall shelf with pots and books."""
    p = c.palette
    c.blur(box(20, 43, 82, 48), darker(p.wall, 0.7), 0.3, 1.2)
    c.blur(box(20, 73, 82, 78), darker(p.wall, 0.7), 0.3, 1.2)
    for rod in (24, 74):
        c.fill(box(rod, 20, rod + 2.4, 82, 1), BRASS)
    for x, tall, tone in ((29, 14, p.main), (34.5, 17, p.accent), (39, 12, p.second)):
        c.fill(box(x, 43 - tall, x + 4.4, 43, 0.6), tone)
    c.fill(path("M58 30 H70 L68 43 H60 Z"), CLAY, pattern="zigzag")
    leaf = path("M64 31 C58 26 58 19 64 14 C70 19 70 26 64 31 Z")
    for lean in (-38, 38, 0):
        c.fill(turned(leaf, lean, 64, 31), LEAF)
    c.fill(path("M36 58 C42 60 44 66 43 73 H29 C28 66 30 60 36 58 Z"), p.main)
    c.fill(box(52, 60, 70, 73, 1.5), p.second, pattern=c.pattern("adire", "fans"))
    for y in (43, 73):
        c.fill(box(18, y, 82, y + 3.6, 1), WOOD)


def bed(c: Canvas) -> None:
    """Draw a made bed with a patterned cover."""
    p = c.palette
    c.ground(width=76, y=80)
    c.fill(path("M16 34 Q50 26 84 34 V72 H16 Z"), WOOD)
    c.fill(box(18, 50, 82, 74, 3), (244, 240, 232))
    for x in (24, 53):
        c.fill(box(x, 44, x + 23, 56, 5), lighter(p.second, 0.55))
    cover = path("M15 58 Q50 54 85 58 V74 Q85 77 82 77 H18 Q15 77 15 74 Z")
    c.fill(cover, p.main, pattern=c.pattern("adire", "checks", "ankara", "zigzag"))
    c.fill(path("M15 58 Q50 54 85 58 V62 Q50 58 15 62 Z"), lighter(p.main, 0.45))
    for x in (18, 78):
        c.fill(box(x, 76, x + 4, 82), WOOD_DARK)


DRAWERS = {
    "chair": chair,
    "stool": stool,
    "table": table,
    "shelf": shelf,
    "bed": bed,
}
