"""Clothes and cloth."""

from demo.art.canvas import Canvas
from demo.art.palettes import BRASS, WHITE, WOOD, darker, lighter, mix
from demo.art.paths import box, ellipse, mirror, moved, path


def _hanger(c: Canvas, y: float) -> None:
    """Hang the garment from the picture's edge."""
    c.line(
        path(f"M50 {y} V{y - 4} C50 {y - 7} 54 {y - 7} 54 {y - 9.5} C54 {y - 13} 48 {y - 13} 48 {y - 9.5}"), BRASS, 1
    )
    c.line([(36, y + 6), (50, y), (64, y + 6)], WOOD, 2.2)


def dress(c: Canvas) -> None:
    """Draw a wrap dress with a sash, on a hanger."""
    p = c.palette
    cloth = c.pattern("ankara", "fans", "adire", "dots", "checks")
    c.ground(width=46, y=86)
    _hanger(c, 24)
    for sleeve in (path("M38 27 L27 33 L23 46 L33 49 L39 38 Z"), mirror(path("M38 27 L27 33 L23 46 L33 49 L39 38 Z"))):
        c.fill(sleeve, p.main, pattern=cloth)
    skirt = path("M40 50 H60 C63 62 71 73 73 82 Q62 86 50 86 Q38 86 27 82 C29 73 37 62 40 50 Z")
    c.fill(skirt, p.main, pattern=cloth)
    c.line(path("M47 52 C46 64 42 74 40 85"), darker(p.main, 0.4), 0.7, alpha=0.7)
    c.line(path("M57 52 C60 64 63 74 64 84.5"), darker(p.main, 0.4), 0.6, alpha=0.5)
    bodice = path("M38 27 L44 24.5 L50 37 L56 24.5 L62 27 L60.5 50 H39.5 Z")
    c.fill(bodice, p.main, pattern=cloth)
    c.line(path("M44 24.5 L53 44"), p.accent, 1.1)
    c.line(path("M56 24.5 L48 42"), p.accent, 1.1)
    c.fill(box(38.5, 47, 61.5, 52, 1), p.accent)
    c.fill(path("M57 51 L61 51 L66 66 L60 67 Z"), darker(p.accent, 0.08))


def kaftan(c: Canvas) -> None:
    """Draw a long kaftan with embroidery at the neck."""
    p = c.palette
    c.ground(width=50, y=86)
    _hanger(c, 21)
    sleeve = path("M39 24 L26 30 L16 58 L29 62 L38 42 Z")
    for part in (sleeve, mirror(sleeve)):
        c.fill(part, p.main)
    c.fill(path("M17 55 L16 58 L29 62 L30 59 Z"), p.accent, shade=0)
    c.fill(mirror(path("M17 55 L16 58 L29 62 L30 59 Z")), p.accent, shade=0)
    body = path("M38 24 L44 21 Q50 26 56 21 L62 24 L66 82 Q58 86 50 86 Q42 86 34 82 Z")
    c.fill(body, p.main)
    c.fill(path("M43 21.5 Q50 27 57 21.5 L58 44 Q50 54 42 44 Z"), p.main, pattern="adire", shade=0.4)
    c.line(path("M43 21.5 L42 44 Q50 54 58 44 L57 21.5"), p.accent, 0.9)
    c.line([(50, 25), (50, 46)], p.accent, 1)
    for y in (29, 34, 39, 44):
        c.fill(ellipse(50, y, 1), BRASS, shade=0)
    c.line(path("M34.3 79 Q42 83 50 83 Q58 83 65.7 79"), p.accent, 1.6)
    for x in (42, 58):
        c.line([(x, 56), (x + (x - 50) * 0.25, 82)], darker(p.main, 0.35), 0.5, alpha=0.6)


def shirt(c: Canvas) -> None:
    """Draw a short-sleeved shirt with buttons."""
    p = c.palette
    cloth = c.pattern("ankara", "bands", "dots", "adire", "fans")
    c.ground(width=48, y=83)
    sleeve = path("M35 28 L20 37 L26 54 L37 49 Z")
    for part in (sleeve, mirror(sleeve)):
        c.fill(part, p.main, pattern=cloth)
    body = path("M34 28 L43 23.5 Q50 30 57 23.5 L66 28 L67 80 Q67 82 65 82 H35 Q33 82 33 80 Z")
    c.fill(body, p.main, pattern=cloth)
    c.fill(box(47.6, 29, 52.4, 82), darker(p.main, 0.18), shade=0.4)
    for y in (35, 45, 55, 65, 75):
        c.fill(ellipse(50, y, 0.95), WHITE, shade=0)
    c.fill(path("M43 23.5 Q50 30 57 23.5 Q50 26 43 23.5 Z"), darker(p.main, 0.6), shade=0)
    collar = path("M43 22 L50 29.5 L44 36 L39 25.5 Z")
    for part in (collar, mirror(collar)):
        c.fill(part, lighter(p.main, 0.1))
    c.fill(box(55, 41, 63, 51, 0.8), p.main, pattern=cloth)
    c.line([(55, 41.4), (63, 41.4)], p.accent, 0.8)


def t_shirt(c: Canvas) -> None:
    """Draw a plain cotton top with a printed motif."""
    p = c.palette
    c.ground(width=48, y=83)
    sleeve = path("M35 28 L19 37 L25 53 L37 48 Z")
    for part in (sleeve, mirror(sleeve)):
        c.fill(part, p.main)
    c.fill(path("M34 28 L42 24 Q50 33 58 24 L66 28 L66 80 Q66 82 64 82 H36 Q34 82 34 80 Z"), p.main)
    c.line(path("M42 24 Q50 33 58 24"), darker(p.main, 0.25), 1.4)
    for radius, colour in ((11, p.accent), (8, p.second), (5.2, p.main), (2.6, p.accent)):
        c.fill(ellipse(50, 52, radius), colour, shade=0)


def cloth(c: Canvas) -> None:
    """Folded wrapper cloth in a stack, the top one in its pattern."""
    p = c.palette
    names = ["ankara", "adire", "stripes", "fans", "checks"]
    c.rng.shuffle(names)
    c.ground(width=64)
    for layer, (y, tone) in enumerate(((66, p.second), (52, p.accent), (38, p.main))):
        piece = box(20 + layer, y, 80 - layer, y + 14, 4)
        if layer == 1:
            c.fill(piece, mix(tone, p.main, 0.15))
            c.line([(24, y + 7), (80 - layer, y + 7)], darker(tone, 0.35), 0.5, alpha=0.6)
            continue
        own = p if tone == p.main else type(p)("own", p.second, p.main, p.accent, p.wall)
        c.fill(piece, tone, pattern=names[layer], palette=own)
        c.line([(26, y + 7), (80 - layer, y + 7)], darker(tone, 0.5), 0.6, alpha=0.7)
    fold = path("M26 38 H74 Q78 38 78 41 V42 H22 V41 Q22 38 26 38 Z")
    c.fill(fold, lighter(p.main, 0.25), shade=0, alpha=0.5)
    c.fill(path("M62 45 L74 45 L74 58 L68 55 L62 58 Z"), lighter(p.accent, 0.35))


def cloth_bolt(c: Canvas) -> None:
    """Draw a bolt of cloth with its end unrolled."""
    p = c.palette
    name = c.pattern("ankara", "adire", "fans", "stripes", "zigzag", "checks")
    c.ground(width=62, y=78)
    sheet = path("M26 46 L26 74 Q26 79 31 79 C44 79 52 84 64 82 Q70 81 74 79 V46 Z")
    c.fill(sheet, p.main, pattern=name)
    c.line(path("M27 75 C44 76 54 82 73 79"), darker(p.main, 0.5), 0.5, alpha=0.5)
    roll = box(18, 28, 78, 50, 3)
    c.fill(roll, p.main, pattern=name, shade=0.6)
    c.fill(box(18, 44, 78, 50), darker(p.main, 0.6), alpha=0.35, shade=0, within=roll)
    c.fill(box(18, 29.5, 78, 33), WHITE, alpha=0.25, shade=0, within=roll)
    c.fill(ellipse(78, 39, 5.2, 11), lighter(p.second, 0.3), shade=0.4)
    for radius in (0.75, 0.5):
        c.line(ellipse(78, 39, 5.2 * radius, 11 * radius), darker(p.main, 0.2), 0.6)
    c.fill(ellipse(78, 39, 1.6, 3.2), WOOD, shade=0)


def headwrap(c: Canvas) -> None:
    """Draw a gele: pleated, stiff and proud, on a stand."""
    p = c.palette
    name = c.pattern("stripes", "ankara", "bands", "fans")
    c.ground(width=34)
    c.fill(path("M45 60 H55 L57 76 H43 Z"), darker(WOOD, 0.15))
    c.fill(box(36, 76, 64, 80, 2), WOOD)
    c.fill(path("M34 44 C34 68 42 70 50 70 C58 70 66 68 66 44 Z"), darker(WOOD, 0.05))
    back = path("M30 50 C16 40 18 20 36 20 C42 12 60 12 66 20 C84 20 84 40 70 50 Q50 58 30 50 Z")
    c.fill(back, p.main, pattern=name)
    for curve in ("M34 48 C24 40 26 28 38 22", "M42 50 C34 40 38 26 48 16", "M66 48 C76 40 74 28 62 22"):
        c.line(path(curve), darker(p.main, 0.5), 0.8, alpha=0.6)
    c.line(path("M58 50 C66 40 62 26 52 16"), darker(p.main, 0.5), 0.8, alpha=0.6)
    band = path("M30 46 Q50 58 70 46 L70 54 Q50 66 30 54 Z")
    c.fill(band, p.main, pattern=name, shade=1.3)
    c.line(path("M31 50 Q50 62 69 50"), p.accent, 0.7)


def hat(c: Canvas) -> None:
    """Draw a woven straw hat with a band."""
    p = c.palette
    straw = type(p)("straw", (216, 178, 116), (236, 208, 156), p.accent, p.wall)
    c.ground(width=68, y=73)
    c.fill(ellipse(50, 68, 36, 8.5), straw.main, pattern="weave", palette=straw)
    crown = path("M31 66 C31 42 36 34 50 34 C64 34 69 42 69 66 Q50 73 31 66 Z")
    c.fill(crown, straw.main, pattern="weave", palette=straw)
    c.fill(path("M30.8 58 Q50 66 69.2 58 V66 Q50 73.5 30.8 66 Z"), p.main)
    c.fill(path("M62 61 L70 58 L74 66 L64 68 Z"), darker(p.main, 0.15))


def cap(c: Canvas) -> None:
    """Draw a fila: a soft embroidered cap folded to one side."""
    p = c.palette
    c.ground(width=50, y=76)
    crown = path("M28 60 C26 40 34 28 50 28 C68 28 76 36 74 46 Q72 50 68 52 L72 60 Q50 68 28 60 Z")
    c.fill(crown, p.main, pattern=c.pattern("stripes", "bands", "adire"))
    c.line(path("M68 52 C60 50 54 44 52 36"), darker(p.main, 0.5), 0.9, alpha=0.7)
    band = path("M28 59 Q50 67 72 59 V71 Q50 79 28 71 Z")
    c.fill(band, darker(p.main, 0.15))
    c.line(path("M28 62.5 Q50 70.5 72 62.5"), p.accent, 0.8)
    c.line(path("M28 68 Q50 76 72 68"), p.accent, 0.8)


def scarf(c: Canvas) -> None:
    """Draw a scarf folded once, with a fringe."""
    p = c.palette
    name = c.pattern("stripes", "checks", "zigzag", "adire")
    c.ground(width=54)
    back = path("M30 30 Q30 24 38 24 H58 Q66 24 66 30 V70 H44 Z")
    front = path("M28 30 Q28 24 36 24 H54 Q60 24 60 32 V74 H28 Z")
    for x in range(29, 60, 2):
        c.line([(x + 0.5, 73), (x + 0.5, 80)], mix(p.main, p.accent, 0.5), 0.9)
    for x in range(54, 74, 2):
        c.line([(x, 69), (x, 76)], darker(mix(p.main, p.accent, 0.4), 0.2), 0.9)
    c.fill(moved(back, 8, 0), p.main, pattern=name)
    c.fill(moved(back, 8, 0), darker(p.main, 0.6), alpha=0.35, shade=0)
    c.fill(front, p.main, pattern=name)
    c.line([(60, 32), (60, 73)], darker(p.main, 0.6), 0.5, alpha=0.6)


DRAWERS = {
    "dress": dress,
    "kaftan": kaftan,
    "shirt": shirt,
    "t-shirt": t_shirt,
    "cloth": cloth,
    "cloth-bolt": cloth_bolt,
    "headwrap": headwrap,
    "hat": hat,
    "cap": cap,
    "scarf": scarf,
}
