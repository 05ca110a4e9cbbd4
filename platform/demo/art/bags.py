"""Bags and baskets."""

from demo.art.canvas import Canvas
from demo.art.palettes import BRASS, INK, WOOD, WOOD_LIGHT, Palette, darker, lighter
from demo.art.paths import box, ellipse, path, trapezium


def tote_bag(c: Canvas) -> None:
    """Draw a flat-bottomed tote with two handles and a leather foot."""
    p = c.palette
    c.ground(width=52)
    for offset, colour in ((-2.5, darker(p.main, 0.45)), (0, p.accent)):
        arch = path(f"M36 {44 + offset} C36 {12 + offset} 64 {12 + offset} 64 {44 + offset}")
        c.line(arch, colour, 2.8)
    body = path("M27 40 H73 L77 77 Q77 80 74 80 H26 Q23 80 23 77 Z")
    c.fill(body, p.main, pattern=c.pattern("stripes", "ankara", "adire", "fans", "checks"))
    c.fill(box(20, 69, 80, 81), darker(p.main, 0.5), within=body)
    c.line([(24.5, 69), (75.5, 69)], lighter(p.accent, 0.2), 0.5)
    c.fill(path("M27 40 H73 L73.4 44 H26.6 Z"), darker(p.main, 0.35), shade=0)
    for x in (36, 64):
        c.fill(box(x - 2.4, 41.5, x + 2.4, 51, 1.2), p.accent)
        c.fill(ellipse(x, 48.5, 0.8), BRASS, shade=0)


def backpack(c: Canvas) -> None:
    """Draw a day pack with a front pocket."""
    p = c.palette
    c.ground(width=46)
    c.line(path("M42 24 C42 13 58 13 58 24"), darker(p.main, 0.5), 2.4)
    for side in (27, 73):
        c.fill(box(side - 5, 47, side + 5, 74, 4), darker(p.main, 0.3))
    body = path("M30 40 C30 24 38 20 50 20 C62 20 70 24 70 40 V74 Q70 80 64 80 H36 Q30 80 30 74 Z")
    c.fill(body, p.main)
    c.fill(box(29, 20, 71, 44), p.main, pattern=c.pattern("zigzag", "ankara", "checks", "adire"), within=body)
    c.line(path("M31.5 44 H68.5"), p.accent, 1.4)
    pocket = box(35, 52, 65, 75, 4)
    c.fill(pocket, lighter(p.main, 0.12))
    c.fill(path("M35 58 V56 Q35 52 39 52 H61 Q65 52 65 56 V58 Z"), darker(p.main, 0.3), shade=0)
    c.line([(39, 58), (61, 58)], BRASS, 0.9)
    c.fill(box(59, 57.4, 61, 62, 0.8), BRASS, shade=0)
    c.fill(box(45, 46.5, 55, 49.5, 0.8), p.accent)


def purse(c: Canvas) -> None:
    """Draw a clutch with a clasp."""
    p = c.palette
    c.ground(width=58)
    c.line(path("M26 54 C8 30 60 12 74 54"), BRASS, 1.2)
    body = box(22, 46, 78, 80, 5)
    c.fill(body, darker(p.main, 0.15))
    flap = path("M22 51 Q22 46 27 46 H73 Q78 46 78 51 V54 L54 68 Q50 70 46 68 L22 54 Z")
    c.fill(flap, p.main, pattern=c.pattern("ankara", "fans", "adire", "checks"))
    c.line(path("M22.5 54 L46 68 Q50 70 54 68 L77.5 54"), p.accent, 0.9)
    c.fill(ellipse(50, 66.5, 3.4), BRASS)
    c.fill(ellipse(50, 66.5, 1.3), darker(BRASS, 0.4), shade=0)


def basket(c: Canvas) -> None:
    """Draw a woven raffia basket with a handle."""
    p = c.palette
    c.ground(width=54)
    c.line(path("M30 50 C30 16 70 16 70 50"), darker(WOOD_LIGHT, 0.25), 3.2)
    c.line(path("M30 50 C30 16 70 16 70 50"), WOOD_LIGHT, 1.8)
    straw = Palette("straw", (206, 164, 104), (232, 202, 150), p.accent, p.wall)
    c.fill(ellipse(50, 49, 27, 5.5), darker(WOOD, 0.35), shade=0)
    body = path("M23 49 C23 56.5 77 56.5 77 49 L71 75 Q70 80 64 80 H36 Q30 80 29 75 Z")
    c.fill(body, straw.main, pattern="weave", palette=straw)
    band = Palette("band", p.main, p.second, p.accent, p.wall)
    c.fill(box(20, 60, 80, 68), p.main, pattern="weave", palette=band, within=body)
    rim = path("M22 48.5 C22 56.5 78 56.5 78 48.5 V52 C78 60 22 60 22 52 Z")
    c.fill(rim, lighter(straw.main, 0.12))


def storage_baskets(c: Canvas) -> None:
    """Three lidless baskets, one size up each."""
    p = c.palette
    c.ground(cx=48, width=66)
    tones = ((206, 164, 104), p.main, (226, 194, 140))
    for (cx, top, width), tone in zip(((35, 38, 36), (62, 50, 34), (44, 62, 27)), tones, strict=True):
        own = Palette("own", tone, p.second, p.accent, p.wall)
        c.fill(ellipse(cx, top, width / 2, width * 0.1), darker(tone, 0.5), shade=0)
        half = width / 2
        body = path(
            f"M{cx - half} {top} C{cx - half} {top + width * 0.14} {cx + half} {top + width * 0.14} {cx + half} {top} "
            f"L{cx + half * 0.84} 78 Q{cx + half * 0.82} 80.5 {cx + half * 0.7} 80.5 "
            f"H{cx - half * 0.7} Q{cx - half * 0.82} 80.5 {cx - half * 0.84} 78 Z"
        )
        c.fill(body, tone, pattern="weave", palette=own)


def suitcase(c: Canvas) -> None:
    """Draw a small hard case with straps."""
    p = c.palette
    c.ground(width=60)
    c.line(path("M42 38 V33 Q42 30 45 30 H55 Q58 30 58 33 V38"), darker(p.main, 0.55), 2.2)
    body = box(21, 38, 79, 80, 5)
    c.fill(body, p.main)
    for x in (32, 68):
        c.fill(box(x - 3, 37.5, x + 3, 80.2), darker(p.accent, 0.1), within=body)
        c.fill(box(x - 2, 53, x + 2, 58, 0.8), BRASS)
    for x in (21, 79):
        for y in (38, 80):
            c.fill(ellipse(x, y, 7), darker(p.main, 0.45), within=body, shade=0)
    c.fill(trapezium(50, 55, 62, 12, 12), lighter(p.second, 0.3))
    c.line([(46, 57.4), (54, 57.4)], INK, 0.5)
    c.line([(46, 59.6), (51, 59.6)], INK, 0.5)


DRAWERS = {
    "tote-bag": tote_bag,
    "backpack": backpack,
    "purse": purse,
    "basket": basket,
    "storage-baskets": storage_baskets,
    "suitcase": suitcase,
}
