"""Electric things."""

from math import cos, pi, sin

from demo.art.canvas import Canvas
from demo.art.palettes import (
    BRASS,
    INK,
    IRON,
    STEEL,
    STEEL_DARK,
    WHITE,
    WOOD,
    darker,
    lighter,
    mix,
)
from demo.art.paths import box, ellipse, mirror, path, trapezium, turned

SCREEN = (32, 44, 54)
PANEL = (34, 54, 96)


def fan(c: Canvas) -> None:
    """Draw a standing fan."""
    p = c.palette
    c.ground(width=36, y=85)
    c.fill(box(48, 52, 52, 82), STEEL)
    c.fill(box(45.5, 62, 54.5, 70, 2), p.main)
    c.fill(path("M34 84 Q36 79 50 79 Q64 79 66 84 Q66 86 63 86 H37 Q34 86 34 84 Z"), p.main)
    c.fill(ellipse(50, 38, 26), lighter(p.second, 0.6), alpha=0.8, shade=0)
    blade = path("M50 38 C42 34 40 20 50 16 C60 18 58 32 50 38 Z")
    for lean in (20, 110, 200, 290):
        c.fill(turned(blade, lean, 50, 38), p.main)
    for radius, rim in ((26, 1.7), (20.5, 0.5), (15, 0.5), (9.5, 0.5)):
        c.line(ellipse(50, 38, radius), STEEL_DARK, rim)
    for step in range(24):
        angle = 2 * pi * step / 24
        c.line([(50, 38), (50 + cos(angle) * 26, 38 + sin(angle) * 26)], STEEL_DARK, 0.4, alpha=0.8)
    c.fill(ellipse(50, 38, 5), p.accent)


def radio(c: Canvas) -> None:
    """Draw a portable radio in wood and cloth."""
    p = c.palette
    c.ground(width=64)
    c.line([(70, 38), (84, 12)], STEEL_DARK, 0.9)
    c.fill(ellipse(84, 12, 1.3), STEEL)
    c.line(path("M30 38 V33 Q30 30 33 30 H67 Q70 30 70 33 V38"), darker(p.main, 0.4), 2)
    c.fill(box(19, 37, 81, 80, 5), p.main)
    c.fill(box(22, 40, 78, 77, 3), WOOD, shade=0.4)
    grille = box(25, 44, 52, 73, 2.5)
    c.fill(grille, lighter(p.second, 0.5), shade=0.4)
    for y in range(46, 73, 3):
        c.line([(27, y + 0.5), (50, y + 0.5)], darker(p.main, 0.2), 0.9)
    c.fill(box(56, 44, 75, 54, 1.5), (250, 236, 200), shade=0.4)
    for mark in range(58, 75, 3):
        c.line([(mark, 46), (mark, 48.5 if mark % 2 else 50)], INK, 0.4)
    c.line([(66, 45), (66, 53)], (196, 54, 44), 0.7)
    for x in (60.5, 70.5):
        c.fill(ellipse(x, 65, 4.2), BRASS)
        c.line([(x, 65), (x + 2, 62.6)], darker(BRASS, 0.5), 0.9)


def speaker(c: Canvas) -> None:
    """Draw a round wireless speaker."""
    p = c.palette
    c.ground(width=50)
    c.line(path("M68 30 C82 34 82 52 72 58"), p.accent, 2)
    body = path("M32 30 Q32 22 50 22 Q68 22 68 30 V72 Q68 80 50 80 Q32 80 32 72 Z")
    c.fill(body, p.main)
    for row in range(11):
        for column in range(9):
            x, y = 36 + column * 3.5 + (row % 2) * 1.7, 36 + row * 3.6
            c.fill(ellipse(x, y, 0.7), darker(p.main, 0.5), shade=0, within=body)
    c.fill(ellipse(50, 28.5, 15.5, 4), darker(p.main, 0.45), shade=0)
    for x in (43, 50, 57):
        c.fill(ellipse(x, 28.5, 1.3, 0.7), WHITE, shade=0)
    c.fill(box(44, 73.5, 56, 76.5, 1.2), p.accent)


def earbuds(c: Canvas) -> None:
    """Draw two earbuds over their open case."""
    p = c.palette
    c.ground(width=52)
    c.fill(path("M26 46 Q26 32 38 32 H62 Q74 32 74 46 Z"), lighter(p.main, 0.15))
    c.fill(path("M29 46 Q29 35 39 35 H61 Q71 35 71 46 Z"), darker(p.main, 0.3), shade=0.4)
    c.fill(path("M26 45 H74 L76 58 H24 Z"), darker(p.main, 0.45), shade=0)
    c.fill(path("M24 58 H76 V68 Q76 80 64 80 H36 Q24 80 24 68 Z"), p.main)
    c.fill(box(24, 56, 76, 60, 1.5), darker(p.main, 0.25))
    c.fill(ellipse(50, 70, 1.4), (120, 220, 150), shade=0)
    bud = path(
        "M38 34 C44 34 46 38 46 42 C46 46 44 48 42 48 V60 Q42 62 40 62 H38.5 "
        "Q37 62 37 60 V49 C32 48 30 45 30 41 C30 37 33 34 38 34 Z"
    )
    for part in (bud, mirror(bud)):
        c.fill([(x, y - 8) for x, y in part], WHITE)
    for x in (34.5, 65.5):
        c.fill(ellipse(x, 33, 2.2, 3.2), mix(WHITE, INK, 0.55), shade=0)


def power_bank(c: Canvas) -> None:
    """Draw a power bank with its cable."""
    p = c.palette
    c.ground(cx=47, width=42)
    c.line(path("M46 26 C46 10 78 10 78 34 V62 C78 78 66 80 64 80"), darker(p.accent, 0.1), 1.8)
    body = box(30, 26, 62, 80, 5)
    c.fill(body, p.main)
    c.fill(box(26, 58, 66, 82), p.main, pattern=c.pattern("zigzag", "adire", "checks"), within=body, shade=0.4)
    c.fill(box(41, 22.5, 51, 27.5, 1), STEEL)
    for x, light in zip((38, 43.4, 48.8, 54.2), (*[(126, 226, 150)] * 3, darker(p.main, 0.45)), strict=True):
        c.fill(ellipse(x, 35, 1.3), light, shade=0)
    c.fill(path("M47 42 L41.5 50 H45.5 L44 56 L50.5 47.5 H46.5 Z"), WHITE, shade=0)


def phone_case(c: Canvas) -> None:
    """Draw a phone in a patterned case, seen from the back."""
    p = c.palette
    c.ground(width=34, y=84)
    c.fill(box(33, 14, 67, 84, 6), darker(p.main, 0.5))
    back = box(34.5, 15.5, 65.5, 82.5, 5)
    c.fill(back, p.main, pattern=c.pattern("ankara", "fans", "adire", "checks", "zigzag"))
    c.fill(box(37, 18, 50, 36, 3.5), INK)
    for y in (22.6, 31.4):
        c.fill(ellipse(43.5, y, 3), IRON)
        c.fill(ellipse(43.5, y, 1.5), (70, 100, 128), shade=0)
    c.fill(ellipse(48, 27, 0.9), (250, 240, 200), shade=0)
    c.fill(box(67, 30, 68.4, 40, 0.7), darker(p.main, 0.6), shade=0)


def solar_panel(c: Canvas) -> None:
    """Draw a folding solar panel on its stand."""
    p = c.palette
    c.ground(width=60, y=82)
    c.line([(66, 40), (78, 82)], STEEL_DARK, 2)
    c.line([(36, 40), (30, 82)], STEEL_DARK, 2)
    c.fill(path("M26 26 H86 L76 72 H14 Z"), STEEL)
    for row in range(3):
        for column in range(4):
            y0, y1 = 28.5 + row * 14.2, 28.5 + row * 14.2 + 12.8
            x0 = 27.2 - (y0 - 26) * 0.25 + column * 14.6
            x1 = 27.2 - (y1 - 26) * 0.25 + column * 14.6
            c.fill([(x0, y0), (x0 + 13.2, y0), (x1 + 13.2, y1), (x1, y1)], PANEL, shade=0.6)
            c.line([(x0 + 6.6, y0), (x1 + 6.6, y1)], lighter(PANEL, 0.35), 0.35)
    c.fill(box(40, 72, 54, 77, 1.2), p.main)


def bulb(c: Canvas) -> None:
    """Draw a light bulb, glowing."""
    p = c.palette
    c.blur(ellipse(50, 42, 34), (255, 220, 140), 0.6, 7)
    c.ground(width=20, y=83)
    glass = path("M50 14 C66 14 74 26 74 38 C74 52 62 56 60 64 H40 C38 56 26 52 26 38 C26 26 34 14 50 14 Z")
    c.fill(glass, (255, 226, 150))
    c.line(path("M44 62 V48 L40 40 L46 44 L50 38 L54 44 L60 40 L56 48 V62"), (220, 130, 40), 1.2)
    c.fill(path("M34 36 C34 26 40 20 47 18 Q38 26 38 37 Z"), WHITE, alpha=0.6, shade=0)
    for step in range(4):
        c.fill(box(40.5, 64 + step * 4, 59.5, 67.4 + step * 4, 1.6), STEEL if step else p.main)
    c.fill(path("M43 80 H57 L53 84 H47 Z"), IRON)


def iron(c: Canvas) -> None:
    """Draw a pressing iron."""
    p = c.palette
    c.ground(width=66)
    c.line(path("M34 52 C34 28 62 28 70 42"), darker(p.main, 0.3), 5)
    c.fill(path("M20 74 C20 56 34 50 52 50 C66 50 78 54 82 74 Z"), p.main)
    c.fill(path("M16 74 H84 Q86 80 82 80 H18 Q14 80 16 74 Z"), STEEL)
    c.fill(ellipse(58, 62, 6), WHITE)
    c.line([(58, 62), (61, 58.5)], p.accent, 1.2)
    c.line(path("M32 46 C20 46 18 34 14 26"), INK, 1.4)


def blender(c: Canvas) -> None:
    """Draw a blender full of something bright."""
    p = c.palette
    c.ground(width=38)
    c.line(path("M65 30 C78 30 76 50 62 52"), darker(p.main, 0.2), 3)
    c.fill(trapezium(50, 24, 58, 32, 24), (214, 230, 228), alpha=0.9)
    c.fill(path("M35.5 36 Q43 33 50 36 Q57 39 64.5 36 L61.5 57 H38.5 Z"), (232, 122, 62))
    for y in (40, 46, 52):
        c.line([(58, y), (61.5, y)], WHITE, 0.7)
    c.fill(box(33, 18, 67, 25, 2), darker(p.main, 0.25))
    c.fill(box(46, 14, 54, 19, 1.5), darker(p.main, 0.4))
    c.fill(path("M37 58 H63 L68 76 Q69 80 65 80 H35 Q31 80 32 76 Z"), p.main)
    c.fill(ellipse(50, 69, 5), WHITE)
    c.line([(50, 69), (53, 66)], p.accent, 1.3)


def laptop(c: Canvas) -> None:
    """Draw a small laptop with a patterned wallpaper."""
    p = c.palette
    c.ground(width=74, y=76)
    c.fill(box(24, 28, 76, 66, 3), SCREEN)
    c.fill(box(27, 31, 73, 62), p.main, pattern=c.pattern("fans", "ankara", "adire"), shade=0.3)
    c.fill(path("M16 66 H84 L88 73 Q88 76 84 76 H16 Q12 76 12 73 Z"), STEEL)
    c.fill(box(42, 66, 58, 68.5, 1), STEEL_DARK, shade=0)


DRAWERS = {
    "fan": fan,
    "radio": radio,
    "speaker": speaker,
    "earbuds": earbuds,
    "power-bank": power_bank,
    "phone-case": phone_case,
    "solar-panel": solar_panel,
    "bulb": bulb,
    "iron": iron,
    "blender": blender,
    "laptop": laptop,
}
