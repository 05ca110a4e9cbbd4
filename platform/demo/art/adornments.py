"""Shoes and jewellery."""

from math import cos, pi, sin

from demo.art.canvas import Canvas
from demo.art.palettes import BRASS, CREAM, INK, WHITE, WOOD, WOOD_DARK, Colour, darker, lighter, mix
from demo.art.paths import Shape, box, ellipse, moved, path, spaced, turned


def sandals(c: Canvas) -> None:
    """Draw a pair of leather sandals, seen from above."""
    p = c.palette
    for cx, lean in ((35, -8), (65, 8)):
        sole = path(
            f"M{cx} 22 C{cx + 11} 22 {cx + 12} 36 {cx + 9} 48 C{cx + 8} 56 {cx + 9} 62 {cx + 8} 70 "
            f"C{cx + 7} 81 {cx - 7} 81 {cx - 8} 70 "
            f"C{cx - 9} 62 {cx - 8} 56 {cx - 10} 48 C{cx - 13} 36 {cx - 11} 22 {cx} 22 Z"
        )
        sole = turned(sole, lean, cx, 52)
        c.blur(moved(sole, 1.5, 2), darker(p.floor, 0.75), 0.45, 1.2)
        c.fill(sole, WOOD_DARK)
        inner = [(cx + (x - cx) * 0.88, 51 + (y - 51) * 0.94) for x, y in sole]
        c.fill(inner, lighter(WOOD, 0.25))
        for strap in ("M{l} 37 Q{m} 29 {r} 37 V44 Q{m} 36 {l} 44 Z", "M{l} 62 Q{m} 55 {r} 62 V67 Q{m} 60 {l} 67 Z"):
            shape = path(strap.format(l=cx - 13, m=cx, r=cx + 12))
            c.fill(turned(shape, lean, cx, 52), p.main)
        c.line(turned([(cx, 34), (cx, 59)], lean, cx, 52), p.main, 3)
        c.fill(turned(ellipse(cx, 34.5, 2.2), lean, cx, 52), BRASS)


def brogue(c: Canvas) -> None:
    """Draw a leather brogue from the side, with its punched toe."""
    p = c.palette
    c.ground(width=70, y=76)
    upper = path(
        "M19 50 C19 46 22 45 26 46 C30 51 36 51 42 44 C50 50 62 53 74 56 C82 58 86 62 85 70 H20 C17 63 18 56 19 50 Z"
    )
    c.fill(upper, p.main)
    toe = path("M66 52 C68 58 68 64 64 70 H85 C86 62 82 57 74 55 Z")
    c.fill(toe, darker(p.main, 0.25), within=upper)
    heel = path("M16 52 C26 52 31 60 31 71 H16 Z")
    c.fill(heel, darker(p.main, 0.25), within=upper)
    for step in range(8):
        y = 53.5 + step * 2.3
        c.fill(ellipse(68.3 - abs(step - 3) * 0.35, y, 0.55), darker(p.main, 0.65), shade=0, within=upper)
    for x, y in ((73, 61), (76, 60.5), (79, 62), (75, 64), (78, 65)):
        c.fill(ellipse(x, y, 0.6), darker(p.main, 0.65), shade=0)
    c.fill(path("M42 44 C48 48 56 51 63 53 L58 61 C50 60 42 56 36 48.5 Z"), darker(p.main, 0.12))
    for lace, rise in ((44.5, 49), (50, 52), (55.5, 54.6)):
        c.line([(lace - 2.5, rise + 2.8), (lace + 2.2, rise - 1.6)], CREAM, 0.9)
    c.fill(box(18, 70, 86, 74, 1.5), mix(WOOD, p.main, 0.2))
    c.fill(path("M18 73 H42 L40 78 H18 Z"), darker(WOOD_DARK, 0.35))
    c.line([(44, 74.4), (85, 74.4)], darker(WOOD_DARK, 0.35), 1.3)


def sneakers(c: Canvas) -> None:
    """Draw a canvas shoe with a rubber sole."""
    p = c.palette
    c.ground(width=70, y=78)
    upper = path("M22 40 Q30 44 40 36 C50 46 60 52 74 55 C84 57 86 62 86 70 H20 C20 58 20 48 22 40 Z")
    c.fill(upper, p.main, pattern=c.pattern("ankara", "zigzag", "checks", "dots"))
    c.fill(path("M40 36 C48 44 56 49 63 52 L57 62 C47 58 38 50 34 40 Z"), lighter(p.main, 0.55))
    for x, y in ((43, 43), (48, 47.5), (53.5, 51.5)):
        c.line([(x - 3, y + 3), (x + 3, y - 2)], WHITE, 1.2)
    c.fill(path("M72 70 C72 62 76 57 80 57 C86 59 87 64 86 70 Z"), WHITE)
    c.fill(path("M17 68 H87 Q89 76 84 78 H22 Q17 78 17 68 Z"), WHITE)
    c.line([(19, 72), (87, 72)], p.accent, 1)


def _beads(c: Canvas, at: Shape, tones: tuple[Colour, ...], radius: float) -> None:
    for index, (x, y) in enumerate(at):
        c.fill(ellipse(x, y, radius), tones[index % len(tones)])


def bead_necklace(c: Canvas) -> None:
    """Draw two strands of beads on a bust."""
    p = c.palette
    c.ground(width=40)
    bust = path(
        "M44 16 H56 C57 30 60 36 72 42 C76 56 70 68 62 76 Q60 80 56 80 "
        "H44 Q40 80 38 76 C30 68 24 56 28 42 C40 36 43 30 44 16 Z"
    )
    c.fill(bust, mix(CREAM, WOOD, 0.12))
    for low, radius, tones in (
        (54, 2.0, (p.main, p.main, p.accent)),
        (67, 2.6, (p.accent, p.second, p.main, p.second)),
    ):
        strand = path(f"M43.5 26 C33 42 34 {low} 50 {low} C66 {low} 67 42 56.5 26")
        _beads(c, spaced(strand, radius * 1.75), tones, radius)
    c.fill(ellipse(50, 71, 4.4), p.main)
    c.fill(ellipse(50, 71, 2), BRASS, shade=0)


def earrings(c: Canvas) -> None:
    """Draw a pair of fan earrings on a card."""
    p = c.palette
    c.ground(width=50)
    c.fill(box(26, 20, 74, 80, 3), WHITE)
    c.fill(ellipse(50, 26, 1.6), p.wall, shade=0)
    c.line([(40, 74), (60, 74)], mix(WHITE, INK, 0.3), 0.8)
    for cx in (36.5, 63.5):
        c.fill(ellipse(cx, 37, 1.5), BRASS)
        c.line([(cx, 38), (cx, 43)], BRASS, 0.8)
        for radius, colour in ((10.5, p.main), (8, p.accent), (6, p.second), (3.6, p.main)):
            c.fill([*ellipse(cx, 48, radius, radius, start=0, end=180)], colour, shade=0.7)
        c.fill(box(cx - 10.5, 46.6, cx + 10.5, 48.8, 1), BRASS)
        for step in range(5):
            angle = pi * (step + 0.5) / 5
            x, y = cx + cos(angle) * 10.5, 48 + sin(angle) * 10.5
            c.line([(x, y), (x, y + 3)], BRASS, 0.5)
            c.fill(ellipse(x, y + 4, 1.3), p.accent)


def bracelet(c: Canvas) -> None:
    """Three bangles, one of them beaded."""
    p = c.palette
    c.ground(cx=50, width=60, y=77)
    for y, colour, inner in ((64, BRASS, 0.55), (55, p.main, 0.5)):
        outer, hole = ellipse(50, y, 28, 11), ellipse(50, y - 1.6, 24.5, 8)
        c.fill(outer, colour, holes=[hole])
        c.line(ellipse(50, y - 1.6, 24.5, 8, start=180, end=360), darker(colour, inner), 0.8)
    back = [(50 + cos(a) * 27, 45 + sin(a) * 9.5) for a in (pi + pi * step / 16 for step in range(17))]
    front = [(50 + cos(a) * 27, 45 + sin(a) * 9.5) for a in (pi * step / 16 for step in range(17))]
    _beads(c, back, (darker(p.accent, 0.2), darker(p.second, 0.25)), 2.3)
    _beads(c, front, (p.accent, p.second, p.main), 2.9)


def watch(c: Canvas) -> None:
    """Draw a wrist watch with a woven strap."""
    p = c.palette
    c.ground(width=34, y=86)
    c.fill(box(40, 14, 60, 86, 4), p.main, pattern=c.pattern("stripes", "zigzag", "dots"))
    c.fill(box(66, 48, 72, 52, 1.5), BRASS)
    c.fill(ellipse(50, 50, 18.5), BRASS)
    c.fill(ellipse(50, 50, 15.5), WHITE, shade=0.4)
    for step in range(12):
        angle = pi * step / 6
        reach = 12.6 if step % 3 == 0 else 13.2
        c.line(
            [(50 + cos(angle) * reach, 50 + sin(angle) * reach), (50 + cos(angle) * 14.2, 50 + sin(angle) * 14.2)],
            INK,
            0.9 if step % 3 == 0 else 0.5,
        )
    c.line([(50, 50), (43, 46)], INK, 1.3)
    c.line([(50, 50), (56, 40)], INK, 0.9)
    c.line([(50, 54), (50, 40)], p.accent, 0.5)
    c.fill(ellipse(50, 50, 1.5), INK, shade=0)


DRAWERS = {
    "sandals": sandals,
    "brogue": brogue,
    "sneakers": sneakers,
    "bead-necklace": bead_necklace,
    "earrings": earrings,
    "bracelet": bracelet,
    "watch": watch,
}
