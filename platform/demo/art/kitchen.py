"""Pots, pans and tableware."""

from demo.art.canvas import Canvas
from demo.art.palettes import (
    BRASS,
    COPPER,
    INK,
    IRON,
    STEEL,
    STEEL_DARK,
    WHITE,
    WOOD,
    WOOD_DARK,
    WOOD_LIGHT,
    darker,
    lighter,
    mix,
)
from demo.art.paths import box, ellipse, mirror, path, turned

STEAM = ("M44 26 C40 21 48 18 44 12", "M54 26 C50 21 58 18 54 12")


def _steam(c: Canvas, dx: float = 0.0, dy: float = 0.0) -> None:
    for curl in STEAM:
        c.line([(x + dx, y + dy) for x, y in path(curl)], WHITE, 1.6, alpha=0.75)


def pot(c: Canvas) -> None:
    """Draw a cooking pot with a lid, in copper unless the palette says otherwise."""
    p = c.palette
    body_colour = COPPER if p.name in {"terracotta", "tan", "marigold"} else p.main
    c.ground(width=58)
    for side in (
        path("M24 52 H16 Q13 52 13 55.5 Q13 59 16 59 H24"),
        mirror(path("M24 52 H16 Q13 52 13 55.5 Q13 59 16 59 H24")),
    ):
        c.line(side, BRASS, 2.2)
    c.fill(path("M22 45 H78 V72 Q78 80 70 80 H30 Q22 80 22 72 Z"), body_colour)
    c.line([(23, 68), (77, 68)], darker(body_colour, 0.25), 0.7, alpha=0.6)
    c.fill(path("M24 43 C26 33 38 29 50 29 C62 29 74 33 76 43 Z"), lighter(body_colour, 0.08))
    c.fill(box(20, 42, 80, 46.5, 2), darker(body_colour, 0.12))
    c.fill(box(45.5, 22, 54.5, 27, 2.4), BRASS)
    c.fill(box(48, 26, 52, 30), darker(BRASS, 0.25), shade=0)
    c.fill(path("M29 50 H34 V66 Q34 72 38 74 Q29 74 29 66 Z"), WHITE, alpha=0.22, shade=0)


def frying_pan(c: Canvas) -> None:
    """Draw a cast-iron pan seen from above."""
    p = c.palette
    c.blur(ellipse(47, 57, 30, 29), darker(p.floor, 0.75), 0.45, 1.6)
    handle = turned(box(64, 46.5, 100, 53.5, 3.4), -38, 46, 54)
    c.fill(handle, p.main)
    c.fill(turned(ellipse(95.5, 50, 1.7), -38, 46, 54), c.palette.wall, shade=0)
    c.fill(turned(box(66, 47.5, 76, 52.5, 1), -38, 46, 54), STEEL_DARK)
    c.fill(ellipse(46, 54, 29), IRON)
    c.fill(ellipse(46, 54, 25.5), lighter(IRON, 0.1), shade=0.5)
    c.line(ellipse(46, 54, 22, 22, start=200, end=260), WHITE, 0.9, alpha=0.3)
    c.fill(path("M34 52 C32 42 44 38 52 42 C62 42 64 52 58 58 C58 66 44 68 40 62 C34 62 32 58 34 52 Z"), WHITE)
    c.fill(ellipse(47, 52.5, 6.2), (240, 180, 60))
    c.fill(ellipse(45, 50.5, 1.5), WHITE, shade=0, alpha=0.8)


def grill(c: Canvas) -> None:
    """Draw a round charcoal grill with skewers."""
    p = c.palette
    c.ground(width=52, y=84)
    for foot, top in (((30, 84), (40, 60)), ((70, 84), (60, 60)), ((50, 86), (50, 60))):
        c.line([foot, top], IRON, 2.2)
    c.fill(path("M18 46 H82 C82 62 68 70 50 70 C32 70 18 62 18 46 Z"), p.main)
    c.line([(21, 53), (79, 53)], darker(p.main, 0.35), 0.8)
    c.fill(ellipse(50, 46, 32, 7.5), IRON, shade=0)
    for coal, tone in ((34, 0.0), (44, 0.4), (56, 0.1), (66, 0.35), (50, 0.2)):
        c.fill(ellipse(coal, 47, 5, 2.4), mix((224, 92, 40), (250, 180, 70), tone), shade=0)
    for bar in (43, 46, 49):
        c.line([(22, bar), (78, bar)], STEEL, 0.7)
    for offset in (-14, 0, 14):
        c.line([(38 + offset, 52), (58 + offset, 34)], WOOD_LIGHT, 0.9)
        for step in range(3):
            x, y = 43 + offset + step * 4.5, 46.5 - step * 4
            c.fill(turned(box(x - 2.6, y - 1.9, x + 2.6, y + 1.9, 1.2), -42, x, y), mix(WOOD_DARK, COPPER, 0.4))
    c.fill(box(11, 45, 19, 48, 1.5), WOOD)
    c.fill(box(81, 45, 89, 48, 1.5), WOOD)


def mortar(c: Canvas) -> None:
    """Draw a wooden mortar and its pestle."""
    p = c.palette
    c.ground(width=46)
    c.fill(turned(path("M47 14 Q50 11 53 14 L52.5 40 L54.5 60 H45.5 L47.5 40 Z"), 16, 50, 56), WOOD_LIGHT)
    c.fill(ellipse(50, 45, 24, 6), darker(WOOD_DARK, 0.35), shade=0)
    c.fill(turned(path("M47.3 30 L52.7 30 L54.5 48 H45.5 Z"), 16, 50, 56), WOOD_LIGHT, shade=0.5)
    body = path(
        "M26 45 C26 52.5 74 52.5 74 45 C74 58 66 64 62 68 L66 78 Q66 80.5 "
        "63 80.5 H37 Q34 80.5 34 78 L38 68 C34 64 26 58 26 45 Z"
    )
    c.fill(body, WOOD)
    c.fill(path("M27.5 54 Q50 63 72.5 54 L71 58 Q50 67 29 58 Z"), p.main, shade=0.5)
    c.line(path("M38 68 Q50 72 62 68"), WOOD_DARK, 1)


def mug(c: Canvas) -> None:
    """Draw a mug with something hot in it."""
    p = c.palette
    c.ground(cx=48, width=46)
    _steam(c, -2, 8)
    c.line(path("M66 46 C82 44 82 68 65 67"), darker(p.main, 0.1), 4.2)
    body = path("M26 40 V72 Q26 80 34 80 H60 Q68 80 68 72 V40 Z")
    c.fill(body, p.main)
    c.fill(box(20, 54, 74, 68), p.second, pattern=c.pattern("zigzag", "adire", "dots", "fans"), within=body)
    c.fill(ellipse(47, 40, 21, 5), lighter(p.main, 0.35), shade=0)
    c.fill(ellipse(47, 40.6, 18.5, 3.8), (92, 54, 34), shade=0)


def teapot(c: Canvas) -> None:
    """Draw a round teapot."""
    p = c.palette
    c.ground(width=56)
    c.line(path("M70 46 C90 40 90 70 68 70"), darker(p.main, 0.15), 3.6)
    c.fill(path("M34 56 C24 54 22 42 14 38 L19 34 C28 40 32 46 38 48 Z"), darker(p.main, 0.08))
    c.fill(path("M50 38 C68 38 76 50 76 60 C76 72 66 80 58 80 H42 C34 80 24 72 24 60 C24 50 32 38 50 38 Z"), p.main)
    belly = path("M25 56 Q50 66 75 56 C76 64 74 68 71 71 Q50 80 29 71 C26 68 24 64 25 56 Z")
    c.fill(belly, p.main, pattern=c.pattern("adire", "fans", "zigzag", "ankara"), shade=0.6)
    c.fill(path("M36 40 C38 33 62 33 64 40 Q50 44 36 40 Z"), lighter(p.main, 0.15))
    c.fill(ellipse(50, 31, 3.4), p.accent)
    c.fill(path("M31 56 C31 48 36 44 41 42 Q36 48 35.5 56 Z"), WHITE, alpha=0.3, shade=0)


def kettle(c: Canvas) -> None:
    """Draw a stove-top kettle."""
    p = c.palette
    c.ground(width=52)
    _steam(c, -26, 18)
    c.line(path("M34 42 C34 18 68 18 68 42"), WOOD, 3.4)
    c.fill(path("M36 56 C28 54 26 44 20 42 L24 37 C32 40 34 48 40 48 Z"), STEEL)
    c.fill(path("M51 38 C66 38 74 52 76 72 Q76 80 68 80 H34 Q26 80 26 72 C28 52 36 38 51 38 Z"), p.main)
    c.fill(path("M38 41 C42 36 60 36 64 41 Q51 45 38 41 Z"), STEEL)
    c.fill(ellipse(51, 35, 3), INK)
    c.fill(box(25, 75, 77, 80.5, 2), STEEL_DARK)
    c.fill(path("M34 70 C34 58 38 50 43 46 Q39 58 39 70 Z"), WHITE, alpha=0.3, shade=0)


def bowl(c: Canvas) -> None:
    """Draw a calabash bowl with a carved band."""
    p = c.palette
    c.ground(width=44)
    c.fill(ellipse(50, 49, 31, 7.5), darker(p.main, 0.45), shade=0)
    body = path("M19 49 C19 58.5 81 58.5 81 49 C81 68 68 80 50 80 C32 80 19 68 19 49 Z")
    c.fill(body, p.main)
    band = path("M20 55 C26 64 74 64 80 55 C79 61 78 64 76 67 C66 75 34 75 24 67 C22 64 21 61 20 55 Z")
    c.fill(band, p.main, pattern=c.pattern("zigzag", "adire", "fans", "checks"), shade=0.5)
    c.line(path("M19 49 C19 58.5 81 58.5 81 49"), lighter(p.main, 0.4), 1)


def plates(c: Canvas) -> None:
    """Draw a set of plates: a stack, and one standing behind it."""
    p = c.palette
    c.ground(width=62)
    c.fill(ellipse(50, 44, 27), p.main, pattern=c.pattern("ankara", "fans", "adire", "dots"))
    c.fill(ellipse(50, 44, 17.5), lighter(p.second, 0.7), shade=0.4)
    c.line(ellipse(50, 44, 17.5), p.accent, 0.7)
    for layer in range(4):
        y = 76.5 - layer * 4
        c.fill(
            path(f"M24 {y - 2} H76 Q74 {y + 3.5} 62 {y + 3.5} H38 Q26 {y + 3.5} 24 {y - 2} Z"),
            WHITE if layer % 2 else lighter(p.second, 0.4),
        )
        c.line([(24.5, y - 2), (75.5, y - 2)], p.main, 0.9)


def knife(c: Canvas) -> None:
    """Draw a forged kitchen knife on a board's edge."""
    p = c.palette
    tilt = -32
    blade = turned(path("M14 44 C30 42 44 44 58 46 V57 H30 C22 56 17 51 14 44 Z"), tilt, 50, 50)
    handle = turned(path("M58 46 H84 Q90 46 90 50.5 Q90 56 85 56 H58 Z"), tilt, 50, 50)
    for part in (blade, handle):
        c.blur([(x + 1.5, y + 3.5) for x, y in part], darker(p.floor, 0.75), 0.4, 1.1)
    c.fill(blade, STEEL)
    c.fill(
        turned(path("M16 46.5 C22 54 26 55.5 31 55.5 H58 V57 H30 C22 56 18 51 16 46.5 Z"), tilt, 50, 50),
        WHITE,
        shade=0,
        alpha=0.7,
    )
    c.fill(handle, p.main)
    c.fill(turned(box(56, 45.6, 60.5, 57.3, 0.6), tilt, 50, 50), BRASS)
    for x in (66, 74, 82):
        c.fill(turned(ellipse(x, 51, 1.2), tilt, 50, 50), BRASS, shade=0)


def cutting_board(c: Canvas) -> None:
    """Draw a board of two woods with a leather loop."""
    p = c.palette
    c.ground(width=50)
    board = path(
        "M30 36 Q30 32 34 32 H43 C45 32 45 28 45 22 Q45 16 50 16 Q55 16 55 22 C55 "
        "28 55 32 57 32 H66 Q70 32 70 36 V76 Q70 80 66 80 H34 Q30 80 30 76 Z"
    )
    c.fill(board, WOOD)
    for x, width, tone in ((36, 4, WOOD_LIGHT), (46, 2, WOOD_DARK), (52, 8, WOOD_LIGHT), (64, 2.4, p.main)):
        c.fill(box(x, 10, x + width, 82), tone, within=board, shade=0)
    c.fill(board, WOOD, alpha=0.05)
    c.fill(ellipse(50, 21.5, 1.9), c.palette.wall, shade=0)
    c.line(path("M50 21 C44 12 56 12 50 21"), p.accent, 0.9)


def ladle(c: Canvas) -> None:
    """Draw a spoon, a ladle and a spatula in a jar."""
    p = c.palette
    c.ground(width=34)
    c.line([(42, 56), (34, 22)], WOOD, 2.4)
    c.fill(turned(ellipse(33, 20, 5, 7.5), -12, 33, 20), WOOD)
    c.line([(50, 56), (51, 24)], WOOD_LIGHT, 2.4)
    c.fill(box(46.5, 12, 55.5, 28, 3), WOOD_LIGHT)
    for x in (49, 51, 53):
        c.line([(x, 16), (x, 24)], WOOD, 0.6)
    c.line([(58, 56), (67, 26)], WOOD_DARK, 2.2)
    c.fill(turned(ellipse(69, 21, 6, 5), -20, 69, 21), WOOD_DARK)
    c.fill(ellipse(50, 50, 17, 4), darker(p.main, 0.5), shade=0)
    body = path("M33 50 C33 55.5 67 55.5 67 50 V75 Q67 80 61 80 H39 Q33 80 33 75 Z")
    c.fill(body, p.main, pattern=c.pattern("adire", "zigzag", "dots", "bands"))


DRAWERS = {
    "pot": pot,
    "frying-pan": frying_pan,
    "grill": grill,
    "mortar": mortar,
    "mug": mug,
    "teapot": teapot,
    "kettle": kettle,
    "bowl": bowl,
    "plates": plates,
    "knife": knife,
    "cutting-board": cutting_board,
    "ladle": ladle,
}
