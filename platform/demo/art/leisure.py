"""Books, toys and music."""

from math import cos, pi, sin

from demo.art.canvas import Canvas
from demo.art.palettes import (
    BRASS,
    CREAM,
    INK,
    SKIN,
    STEEL,
    WHITE,
    WOOD,
    WOOD_DARK,
    WOOD_LIGHT,
    darker,
    lighter,
    mix,
)
from demo.art.paths import box, ellipse, mirror, path, turned


def notebook(c: Canvas) -> None:
    """Draw a cloth-bound notebook with an elastic band and a pencil."""
    p = c.palette
    c.ground(width=52)
    c.fill(box(33, 24, 74, 80, 2), CREAM)
    cover = box(28, 22, 70, 80, 3)
    c.fill(cover, p.main, pattern=c.pattern("ankara", "adire", "fans", "checks", "zigzag"))
    c.fill(box(28, 22, 35, 80, 2), darker(p.main, 0.35), within=cover)
    c.fill(box(42, 34, 62, 46, 1.2), CREAM)
    for y in (38.5, 42):
        c.line([(45, y), (59, y)], mix(CREAM, INK, 0.5), 0.7)
    c.fill(box(64, 21.6, 66, 80.4), p.accent, shade=0)
    pencil = turned(box(74, 28, 77.5, 74), 10, 76, 50)
    c.fill(pencil, p.accent)
    c.fill(turned(path("M74 28 H77.5 L75.750 22 Z"), 10, 76, 50), WOOD_LIGHT)
    c.fill(turned(path("M75.2 24 H76.3 L75.750 22 Z"), 10, 76, 50), INK, shade=0)


def book(c: Canvas) -> None:
    """Draw a stack of books with one standing open on top."""
    p = c.palette
    c.ground(width=62)
    for y, x0, x1, tone in ((70, 22, 78, p.main), (60, 26, 74, p.accent), (50, 23, 72, p.second)):
        c.fill(box(x0, y, x1, y + 10, 1.4), tone)
        c.fill(box(x0 + 3, y + 1.8, x1 + 0.4, y + 8.2, 0.6), CREAM, shade=0.3)
        c.fill(box(x0, y, x0 + 9, y + 10, 1.4), tone, shade=0.6)
        c.line([(x0 + 3, y + 2), (x0 + 3, y + 8)], lighter(tone, 0.5), 0.7)
    for part in (
        path("M50 50 C44 44 34 42 26 44 V20 C34 18 44 20 50 26 Z"),
        mirror(path("M50 50 C44 44 34 42 26 44 V20 C34 18 44 20 50 26 Z")),
    ):
        c.fill([(x, y + 1.6) for x, y in part], p.main, shade=0)
        c.fill(part, WHITE)
    for step in range(4):
        y = 27 + step * 4
        c.line(path(f"M31 {y} Q40 {y} 46 {y + 3}"), mix(WHITE, INK, 0.35), 0.6)
        c.line(mirror(path(f"M31 {y} Q40 {y} 46 {y + 3}")), mix(WHITE, INK, 0.35), 0.6)
    c.line([(50, 26), (50, 50)], mix(WHITE, INK, 0.4), 0.7)


def toy_car(c: Canvas) -> None:
    """Draw a wooden toy van."""
    p = c.palette
    c.ground(width=70, y=78)
    body = path("M16 48 Q16 34 26 34 H62 Q68 34 71 40 L75 50 L82 53 Q86 55 86 60 V68 Q86 71 82 71 H20 Q16 71 16 66 Z")
    c.fill(body, p.main)
    c.fill(box(10, 55, 90, 60), p.accent, within=body, shade=0)
    for window in (box(22, 39, 36, 51, 2), box(40, 39, 54, 51, 2), path("M58 39 H63 Q66 39 67 42 L70.5 51 H58 Z")):
        c.fill(window, lighter(p.second, 0.65))
    c.fill(ellipse(84, 61, 2), (255, 226, 150), shade=0)
    for x in (32, 70):
        c.fill(ellipse(x, 71, 8.4), INK)
        c.fill(ellipse(x, 71, 5), WOOD_LIGHT)
        c.fill(ellipse(x, 71, 1.6), WOOD_DARK, shade=0)


def doll(c: Canvas) -> None:
    """Draw a rag doll in a print dress and a headwrap."""
    p = c.palette
    c.ground(width=36, y=86)
    for x in (45, 55):
        c.line([(x, 70), (x, 83)], SKIN, 3.6)
        c.fill(box(x - 3, 81, x + 3.4, 86, 2), darker(p.main, 0.3))
    for arm in (path("M41 46 L28 58"), mirror(path("M41 46 L28 58"))):
        c.line(arm, SKIN, 3.8)
    name = c.pattern("ankara", "fans", "dots", "checks")
    c.fill(path("M42 42 H58 L70 72 Q60 77 50 77 Q40 77 30 72 Z"), p.main, pattern=name)
    c.line(path("M31 71.5 Q40 76 50 76 Q60 76 69 71.5"), p.accent, 1.4)
    c.fill(ellipse(50, 29, 13, 13.5), SKIN)
    c.fill(path("M36 28 C34 10 66 10 64 28 Q50 18 36 28 Z"), p.main, pattern=name)
    c.fill(path("M58 14 C64 6 74 10 70 18 Q64 20 60 17 Z"), p.accent)
    for x in (45, 55):
        c.fill(ellipse(x, 30, 1.4), INK, shade=0)
        c.fill(ellipse(x + (x - 50) * 0.6, 34.5, 2), (196, 104, 92), shade=0, alpha=0.7)
    c.line(path("M46 36 Q50 39.5 54 36"), INK, 0.9)


def drum(c: Canvas) -> None:
    """Draw a talking drum with its stick."""
    p = c.palette
    c.ground(width=42)
    body = path("M30 24 H70 C66 38 58 44 58 52 C58 60 66 66 70 78 H30 C34 66 42 60 42 52 C42 44 34 38 30 24 Z")
    c.fill(body, WOOD_DARK)
    for step in range(9):
        x0, x1 = 31 + step * 4.75, 43 + step * 1.8
        c.line(
            path(f"M{x0} 25 C{x0 + (50 - x0) * 0.2} 38 {x1} 44 {x1} 52 C{x1} 60 {x0 + (50 - x0) * 0.2} 66 {x0} 77"),
            CREAM,
            0.8,
        )
    c.fill(box(39, 48, 61, 56, 2), p.main, pattern=c.pattern("stripes", "zigzag", "ankara"))
    for y, tone in ((24, WOOD), (78, p.main)):
        c.fill(ellipse(50, y, 21, 5), tone)
    c.fill(ellipse(50, 23.4, 18.5, 3.9), CREAM, shade=0.3)
    c.line(path("M88 32 C84 44 84 50 74 66"), WOOD, 2.2)
    c.fill(ellipse(88, 31, 2.6), p.accent)


def football(c: Canvas) -> None:
    """Draw a football."""
    p = c.palette
    c.ground(width=46)
    ball = ellipse(50, 52, 28)
    c.fill(ball, WHITE, shade=0)
    for turn in range(5):
        angle = 2 * pi * turn / 5 - pi / 2
        cx, cy = 50 + cos(angle) * 27, 52 + sin(angle) * 27
        patch = [(cx + cos(angle + 2 * pi * k / 5) * 10, cy + sin(angle + 2 * pi * k / 5) * 10) for k in range(5)]
        c.fill(patch, p.main, within=ball, shade=0)
        c.line([(50 + cos(angle) * 9, 52 + sin(angle) * 9), (50 + cos(angle) * 18, 52 + sin(angle) * 18)], INK, 0.8)
        side = angle + pi / 5
        at = (50 + cos(side) * 21, 52 + sin(side) * 21)
        for near in (angle, angle + 2 * pi / 5):
            c.line([at, (50 + cos(near) * 18, 52 + sin(near) * 18)], INK, 0.8, within=ball)
        c.line([at, (50 + cos(side) * 28, 52 + sin(side) * 28)], INK, 0.8, within=ball)
    centre = [(50 + cos(2 * pi * k / 5 - pi / 2) * 9.5, 52 + sin(2 * pi * k / 5 - pi / 2) * 9.5) for k in range(5)]
    c.fill(centre, p.main, shade=0)
    c.model(ball)


def blocks(c: Canvas) -> None:
    """Building blocks."""
    p = c.palette
    c.ground(width=60)
    tower = ((22, 60, 20, p.main), (43, 60, 20, p.accent), (64, 60, 16, p.second), (32, 40, 20, lighter(p.main, 0.35)))
    for x, y, size, tone in tower:
        c.fill(box(x, y, x + size, y + 20, 2), tone)
    c.fill(ellipse(32, 70, 5), lighter(p.main, 0.5), shade=0)
    c.fill(path("M53 64 L58.5 76 H47.5 Z"), lighter(p.accent, 0.5), shade=0)
    c.fill(box(37, 45, 47, 55), p.main, shade=0)
    c.fill(path("M56 60 V46 Q56 40 62 40 H70 Q76 40 76 46 V60 H71 Q71 50 66 50 Q61 50 61 60 Z"), WOOD_LIGHT)
    c.fill(path("M32 40 L42 26 L52 40 Z"), p.accent)


def game_board(c: Canvas) -> None:
    """Draw a mancala board with its seeds."""
    p = c.palette
    c.ground(width=78, y=68)
    c.fill(box(10, 40, 90, 68, 13), WOOD)
    for row in (47.5, 60.5):
        for column in range(6):
            x = 23 + column * 10.8
            c.fill(ellipse(x, row, 4.6), darker(WOOD_DARK, 0.25), shade=0)
            for seed in range(c.rng.randint(1, 4)):
                angle = seed * 1.9 + column
                c.fill(ellipse(x + cos(angle) * 1.9, row + sin(angle) * 1.9, 1.3), p.main if seed % 2 else p.accent)
    c.line([(18, 54), (82, 54)], WOOD_LIGHT, 0.6)


def pens(c: Canvas) -> None:
    """Draw pencils in a beaded cup."""
    p = c.palette
    c.ground(width=36)
    for x, lean, tone in ((40, -10, p.accent), (46, -3, p.second), (53, 4, (196, 62, 52)), (60, 11, BRASS)):
        c.fill(turned(box(x - 2, 22, x + 2, 60), lean, x, 60), tone)
        c.fill(turned(path(f"M{x - 2} 22 H{x + 2} L{x} 14 Z"), lean, x, 60), WOOD_LIGHT)
        c.fill(turned(path(f"M{x - 0.7} 16.8 H{x + 0.7} L{x} 14 Z"), lean, x, 60), tone, shade=0)
    c.fill(ellipse(50, 50, 16, 4), darker(p.main, 0.5), shade=0.01)
    body = path("M34 50 C34 55.5 66 55.5 66 50 V75 Q66 80 60 80 H40 Q34 80 34 75 Z")
    c.fill(body, p.main, pattern=c.pattern("dots", "zigzag", "checks", "ankara"))
    c.line(path("M34 50 C34 55.5 66 55.5 66 50"), STEEL if p.name == "white" else p.accent, 1.2)


def thumb_piano(c: Canvas) -> None:
    """Draw a kalimba."""
    p = c.palette
    c.ground(width=48)
    body = path("M28 28 Q28 20 36 20 H64 Q72 20 72 28 L69 74 Q68 80 62 80 H38 Q32 80 31 74 Z")
    c.fill(body, WOOD)
    c.fill(ellipse(50, 64, 7.5), darker(WOOD_DARK, 0.4), shade=0)
    c.fill(box(29, 33, 71, 37, 1.5), p.main)
    for step in range(9):
        x = 34 + step * 4
        c.line([(x, 24), (x, 54 - abs(step - 4) * 3)], STEEL, 1.9)
    c.fill(box(29, 33.8, 71, 36, 1), BRASS)
    for x in (38, 62):
        c.fill(ellipse(x, 75, 1.8), p.accent)
    c.line(ellipse(50, 64, 9), p.accent, 0.6)
    c.line([(31, 28), (69, 28)], WOOD_DARK, 0.5)


DRAWERS = {
    "notebook": notebook,
    "book": book,
    "toy-car": toy_car,
    "doll": doll,
    "drum": drum,
    "football": football,
    "blocks": blocks,
    "game-board": game_board,
    "pens": pens,
    "thumb-piano": thumb_piano,
}
