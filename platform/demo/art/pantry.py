"""Food, drink and care: jars, bottles, tins and bars."""

from demo.art.canvas import Canvas
from demo.art.palettes import (
    BRASS,
    CREAM,
    GLASS,
    INK,
    LEAF,
    LEAF_DARK,
    STEEL,
    WHITE,
    WOOD,
    WOOD_DARK,
    Colour,
    darker,
    lighter,
    mix,
)
from demo.art.paths import Shape, box, ellipse, mirror, path, turned

HONEY: Colour = (222, 148, 38)
PALM_OIL: Colour = (206, 78, 28)
GRAIN: Colour = (236, 200, 128)
GROUND_SPICE: Colour = (198, 106, 42)
WARM = frozenset({"terracotta", "marigold", "tan", "rose", "red", "olive"})


def _label(c: Canvas, shape: Shape, within: Shape, cx: float = 50.0) -> None:
    """Draw a paper label with an emblem and two lines of writing that say nothing."""
    p = c.palette
    c.fill(shape, CREAM, within=within, shade=0.6)
    top, bottom = min(y for _, y in shape), max(y for _, y in shape)
    middle = top + (bottom - top) * 0.36
    c.fill(ellipse(cx, middle, (bottom - top) * 0.2), p.main, shade=0)
    c.fill(ellipse(cx, middle, (bottom - top) * 0.09), p.accent, shade=0)
    for row, half in ((0.7, 6.5), (0.84, 4.2)):
        y = top + (bottom - top) * row
        c.line([(cx - half, y), (cx + half, y)], mix(CREAM, INK, 0.55), 0.8)


def _gloss(c: Canvas, x: float, top: float, bottom: float, width: float = 2.2) -> None:
    c.fill(box(x, top, x + width, bottom, width / 2), WHITE, alpha=0.38, shade=0)


def spice_jar(c: Canvas) -> None:
    """Draw a glass jar of ground spice with a wooden lid."""
    p = c.palette
    spice = p.main if p.name in WARM else GROUND_SPICE
    c.ground(width=44)
    body = path("M32 38 Q30 38 30 42 V74 Q30 80 36 80 H64 Q70 80 70 74 V42 Q70 38 68 38 Z")
    c.fill(body, GLASS, alpha=0.85)
    c.fill(
        path("M31.5 48 Q40 45 50 48 Q60 51 68.5 47 V74 Q68.5 78.5 64 78.5 H36 Q31.5 78.5 31.5 74 Z"),
        spice,
    )
    for _ in range(26):
        x, y = c.rng.uniform(33, 67), c.rng.uniform(51, 77)
        c.fill(ellipse(x, y, 0.5), lighter(spice, 0.3), shade=0)
    _label(c, box(30, 54, 70, 72), body)
    c.fill(box(31, 26, 69, 38, 2), WOOD)
    c.line([(33, 34.5), (67, 34.5)], WOOD_DARK, 0.6, alpha=0.5)
    _gloss(c, 33, 42, 52)


def honey_jar(c: Canvas) -> None:
    """Draw a jar of honey with a cloth over its lid, and a dipper."""
    p = c.palette
    c.ground(width=54)
    c.line([(74, 80), (82, 48)], WOOD, 2)
    for step in range(4):
        c.fill(turned(box(77.4, 44 + step * 2.6, 86, 46 + step * 2.6, 1), 14, 82, 48), lighter(WOOD, 0.12))
    body = path("M28 44 Q26 46 26 50 V72 Q26 80 34 80 H62 Q70 80 70 72 V50 Q70 46 68 44 Z")
    c.fill(body, HONEY)
    c.fill(path("M26 50 V56 Q48 60 70 56 V50 Z"), lighter(HONEY, 0.3), alpha=0.6, shade=0)
    _label(c, box(30, 54, 66, 74, 2), body, cx=48)
    cloth = path(
        "M27 30 Q48 24 69 30 L73 46 Q70 44 67 47 Q63 43 59 47 Q54 43 50 47 Q45 43 41 47 Q36 43 33 47 Q29 44 23 46 Z"
    )
    c.fill(cloth, p.main, pattern=c.pattern("ankara", "dots", "checks", "fans"))
    c.line(path("M26.5 38 Q48 42 69.5 38"), p.accent, 1.2)
    _gloss(c, 29.5, 51, 72)


def oil_bottle(c: Canvas) -> None:
    """Draw a tall bottle of oil with a cork."""
    p = c.palette
    oil = PALM_OIL if p.name in {"terracotta", "red", "rose"} else mix(HONEY, LEAF, 0.25)
    c.ground(width=32)
    body = path("M45 22 H55 V34 C55 40 64 42 64 50 V75 Q64 80 59 80 H41 Q36 80 36 75 V50 C36 42 45 40 45 34 Z")
    c.fill(body, GLASS, alpha=0.9)
    c.fill(
        path(
            "M45.8 36 H54.2 C55 42 62.8 43 62.8 50 V75 Q62.8 78.8 59 78.8 "
            "H41 Q37.2 78.8 37.2 75 V50 C37.2 43 45 42 45.8 36 Z"
        ),
        oil,
    )
    c.fill(box(46, 14, 54, 24, 1), WOOD)
    c.fill(box(44, 21, 56, 25, 1.2), darker(p.main, 0.1))
    _label(c, box(36, 53, 64, 73), body)
    _gloss(c, 38.5, 50, 76, 1.8)


def soap(c: Canvas) -> None:
    """Draw a stack of two bars, the top one in a paper band."""
    p = c.palette
    c.ground(width=60)
    c.fill(box(22, 60, 78, 80, 5), darker(p.second, 0.05))
    c.line([(28, 66), (72, 66)], lighter(p.second, 0.5), 0.8, alpha=0.7)
    top = turned(box(24, 40, 76, 60, 5), -5, 50, 50)
    c.fill(top, lighter(p.main, 0.28))
    band = turned(box(38, 36, 62, 64), -5, 50, 50)
    c.fill(band, p.main, pattern=c.pattern("adire", "fans", "zigzag", "ankara"), within=top)
    c.fill(turned(ellipse(50, 50, 5.4), -5, 50, 50), CREAM)
    c.fill(path("M50 46.5 C53.5 49 53 53 50 54 C47 53 46.5 49 50 46.5 Z"), LEAF, shade=0)
    for x, y, radius in ((29, 33, 3.4), (36, 27, 2.2), (70, 31, 2.8), (64, 25, 1.6)):
        c.fill(ellipse(x, y, radius), WHITE, alpha=0.55, shade=0)
        c.line(ellipse(x, y, radius), lighter(p.main, 0.4), 0.4)


def butter_tin(c: Canvas) -> None:
    """Draw an open tin of body butter, its lid leaning behind it."""
    p = c.palette
    c.ground(width=66)
    c.fill(ellipse(60, 46, 23), STEEL)
    c.fill(ellipse(60, 46, 21), p.main, pattern=c.pattern("ankara", "fans", "adire"))
    c.fill(ellipse(60, 46, 10.5), CREAM)
    c.fill(path("M60 39.5 C66 44 65 51 60 53 C55 51 54 44 60 39.5 Z"), LEAF, shade=0)
    c.fill(path("M20 62 V74 C20 82 68 82 68 74 V62 Z"), p.main)
    c.fill(path("M20 69 C20 77 68 77 68 69 V74 C68 82 20 82 20 74 Z"), p.accent, shade=0.4)
    c.fill(ellipse(44, 62, 24, 7), STEEL, shade=0)
    c.fill(ellipse(44, 62.5, 21.8, 5.8), (250, 240, 214), shade=0)
    c.line(path("M30 62 C36 58 44 66 50 61 C54 59 58 62 58 63"), (226, 208, 166), 1)


def cream_tube(c: Canvas) -> None:
    """Draw a tube of cream standing on its cap, with a leaf."""
    p = c.palette
    c.ground(width=34)
    leaf = path("M66 78 C76 74 82 64 80 52 C70 56 64 66 66 78 Z")
    c.fill(leaf, LEAF)
    c.line(path("M66.5 77 C70 70 74 62 79 54"), LEAF_DARK, 0.7)
    body = path("M33 20 H67 L62 68 H38 Z")
    c.fill(body, lighter(p.main, 0.1))
    c.fill(box(32, 17, 68, 22.5, 1), darker(p.main, 0.1))
    for x in range(34, 68, 3):
        c.line([(x, 18.5), (x, 21)], darker(p.main, 0.4), 0.5)
    c.fill(box(30, 36, 70, 54), CREAM, within=body, shade=0.5)
    c.fill(ellipse(50, 42.5, 3.8), p.main, shade=0)
    for y, half in ((48.5, 7), (51.3, 4.5)):
        c.line([(50 - half, y), (50 + half, y)], mix(CREAM, INK, 0.55), 0.8)
    c.fill(box(37, 67, 63, 80, 2), WHITE)
    for x in range(40, 62, 3):
        c.line([(x, 70), (x, 78)], (214, 212, 206), 0.7)


def coffee_bag(c: Canvas) -> None:
    """Draw a bag of beans with a folded top."""
    p = c.palette
    c.ground(width=48)
    body = path("M31 26 H69 L71 76 Q71 80 67 80 H33 Q29 80 29 76 Z")
    c.fill(body, p.main)
    c.fill(
        box(20, 60, 80, 82), p.main, pattern=c.pattern("zigzag", "adire", "stripes", "checks"), within=body, shade=0.4
    )
    c.fill(box(30, 20, 70, 29, 1), darker(p.main, 0.22))
    c.line([(33, 24.5), (67, 24.5)], BRASS, 1.2)
    c.fill(box(36, 34, 64, 56, 2), CREAM)
    for x, lean in ((45, -25), (55, 25)):
        c.fill(turned(ellipse(x, 43, 3.4, 5), lean, x, 43), WOOD_DARK)
        c.line(turned([(x, 39.5), (x - 0.6, 43), (x, 46.5)], lean, x, 43), CREAM, 0.7)
    c.line([(42, 52), (58, 52)], mix(CREAM, INK, 0.55), 0.9)


def tea_tin(c: Canvas) -> None:
    """Draw a caddy with a pressed lid."""
    p = c.palette
    c.ground(width=42)
    body = box(32, 34, 68, 80, 2.5)
    c.fill(body, p.main, pattern=c.pattern("fans", "ankara", "adire", "stripes"))
    c.fill(box(39, 44, 61, 68, 11), CREAM)
    c.fill(path("M50 49 C57 54 56 62 50 65 C44 62 43 54 50 49 Z"), LEAF, shade=0.6)
    c.line([(50, 51), (50, 64)], LEAF_DARK, 0.6)
    c.fill(box(30.5, 26, 69.5, 36, 2), BRASS)
    c.fill(box(43, 22, 57, 27, 2), darker(BRASS, 0.12))


def perfume(c: Canvas) -> None:
    """Draw a square bottle of scent."""
    p = c.palette
    c.ground(width=42)
    body = box(32, 44, 68, 80, 5)
    c.fill(body, lighter(p.main, 0.55))
    c.fill(box(35, 54, 65, 77, 3), p.main, alpha=0.8)
    c.fill(box(44, 36, 56, 45, 1), BRASS)
    c.fill(box(41, 22, 59, 37, 3), darker(p.main, 0.3))
    c.fill(box(40, 59, 60, 71, 1.2), CREAM, shade=0.4)
    c.line([(44, 63.5), (56, 63.5)], INK, 0.8)
    c.line([(46, 67), (54, 67)], mix(CREAM, INK, 0.5), 0.6)
    _gloss(c, 36, 48, 76, 1.8)


def pepper(c: Canvas) -> None:
    """Draw a heap of dried peppers in a tray."""
    p = c.palette
    c.ground(width=64)
    pod = path("M30 52 C34 44 44 42 52 44 C58 46 60 50 56 52 C48 52 40 54 34 58 C30 60 28 56 30 52 Z")
    red = (188, 44, 36)
    for index, (dx, dy, lean) in enumerate(
        ((0, 6, -20), (14, 8, 12), (-6, -2, 24), (16, -4, -30), (6, -10, 4), (22, 4, 40))
    ):
        shape = turned([(x + dx - 4, y + dy) for x, y in pod], lean, 44 + dx, 50 + dy)
        c.fill(shape, mix(red, p.main, 0.1 + 0.08 * (index % 3)))
        x, y = shape[0]
        c.line([(x, y), (x - 3, y - 2)], LEAF_DARK, 1)
    tray = path("M18 60 Q50 70 82 60 L76 78 Q75 80 72 80 H28 Q25 80 24 78 Z")
    straw = type(p)("straw", (206, 164, 104), (232, 202, 150), p.accent, p.wall)
    c.fill(tray, straw.main, pattern="weave", palette=straw)


def grain_sack(c: Canvas) -> None:
    """Draw an open sack of grain with a scoop."""
    p = c.palette
    c.ground(width=58)
    c.fill(ellipse(50, 38, 20, 6), lighter(GRAIN, 0.2), shade=0)
    c.fill(path("M31 38 C36 26 64 26 69 38 Z"), GRAIN)
    for _ in range(40):
        c.fill(ellipse(c.rng.uniform(36, 64), c.rng.uniform(32, 38), 0.7, 0.45), darker(GRAIN, 0.18), shade=0)
    body = path("M29 38 Q50 46 71 38 C72 50 80 60 76 76 Q75 80 70 80 H30 Q25 80 24 76 C20 60 28 50 29 38 Z")
    sack = (214, 190, 150)
    c.fill(body, sack)
    c.fill(path("M28 36 Q50 45 72 36 L73 42 Q50 51 27 42 Z"), darker(sack, 0.12))
    c.fill(ellipse(50, 63, 11), p.main, shade=0.3)
    for stem in (path("M50 70 V57"), path("M50 66 Q45 64 44 59"), mirror(path("M50 66 Q45 64 44 59"))):
        c.line(stem, CREAM, 1.1)


DRAWERS = {
    "spice-jar": spice_jar,
    "honey-jar": honey_jar,
    "oil-bottle": oil_bottle,
    "soap": soap,
    "butter-tin": butter_tin,
    "cream-tube": cream_tube,
    "coffee-bag": coffee_bag,
    "tea-tin": tea_tin,
    "perfume": perfume,
    "pepper": pepper,
    "grain-sack": grain_sack,
}
