"""Shapes as polygons: a small path language and the usual primitives, in units of 0 to 100."""

import re
from collections.abc import Iterable
from itertools import pairwise
from math import cos, hypot, pi, sin
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]
Shape: TypeAlias = list[Point]

CURVE_STEPS = 18
_TOKEN = re.compile(r"[MLHVCQZ]|-?\d+(?:\.\d+)?")
_ARITY = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4, "Z": 0}


def _bezier(points: list[Point]) -> Shape:
    """Flatten a quadratic or cubic curve by de Casteljau's steps."""
    flat = []
    for step in range(1, CURVE_STEPS + 1):
        t = step / CURVE_STEPS
        level = points
        while len(level) > 1:
            level = [(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for a, b in pairwise(level)]
        flat.append(level[0])
    return flat


def path(commands: str) -> Shape:
    """Read an absolute path of M, L, H, V, C, Q, Z into one polygon."""
    tokens = _TOKEN.findall(commands)
    shape: Shape = []
    at: Point = (0.0, 0.0)
    command, position = "M", 0
    while position < len(tokens):
        if tokens[position].isalpha():
            command, position = tokens[position], position + 1
            if command == "Z":
                continue
        count = _ARITY[command]
        numbers = [float(token) for token in tokens[position : position + count]]
        position += count
        if command == "H":
            steps = [(numbers[0], at[1])]
        elif command == "V":
            steps = [(at[0], numbers[0])]
        else:
            steps = list(zip(numbers[::2], numbers[1::2], strict=True))
        shape.extend(_bezier([at, *steps]) if command in "CQ" else steps)
        at = steps[-1]
    return shape


def ellipse(
    cx: float, cy: float, rx: float, ry: float | None = None, *, start: float = 0.0, end: float = 360.0
) -> Shape:
    """Return an ellipse, or the part of it between two angles (degrees, clockwise from the right)."""
    ry = rx if ry is None else ry
    steps = max(int(abs(end - start) / 5), 8)
    angles = [(start + (end - start) * step / steps) * pi / 180 for step in range(steps + 1)]
    return [(cx + rx * cos(angle), cy + ry * sin(angle)) for angle in angles]


def box(x0: float, y0: float, x1: float, y1: float, radius: float = 0.0) -> Shape:
    """Return a rectangle with rounded corners."""
    radius = min(radius, abs(x1 - x0) / 2, abs(y1 - y0) / 2)
    if radius <= 0:
        return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    corners = [(x1 - radius, y0 + radius, -90), (x1 - radius, y1 - radius, 0)]
    corners += [(x0 + radius, y1 - radius, 90), (x0 + radius, y0 + radius, 180)]
    return [point for x, y, angle in corners for point in ellipse(x, y, radius, radius, start=angle, end=angle + 90)]


def trapezium(cx: float, top: float, bottom: float, top_width: float, bottom_width: float) -> Shape:
    """Return a symmetrical four-sided body."""
    return [
        (cx - top_width / 2, top),
        (cx + top_width / 2, top),
        (cx + bottom_width / 2, bottom),
        (cx - bottom_width / 2, bottom),
    ]


def mirror(shape: Iterable[Point], cx: float = 50.0) -> Shape:
    """Reflect a shape in a vertical line."""
    return [(2 * cx - x, y) for x, y in shape]


def moved(shape: Iterable[Point], dx: float, dy: float) -> Shape:
    """Shift a shape."""
    return [(x + dx, y + dy) for x, y in shape]


def turned(shape: Iterable[Point], degrees: float, cx: float = 50.0, cy: float = 50.0) -> Shape:
    """Rotate a shape clockwise about a point."""
    angle = degrees * pi / 180
    c, s = cos(angle), sin(angle)
    return [(cx + (x - cx) * c - (y - cy) * s, cy + (x - cx) * s + (y - cy) * c) for x, y in shape]


def scaled(shape: Iterable[Point], factor: float, cx: float = 50.0, cy: float = 80.0) -> Shape:
    """Grow or shrink a shape about a point."""
    return [(cx + (x - cx) * factor, cy + (y - cy) * factor) for x, y in shape]


def spaced(line: Shape, gap: float) -> Shape:
    """Walk along a line and return points an even distance apart."""
    points = [line[0]]
    left = gap
    for (x0, y0), (x1, y1) in pairwise(line):
        length = hypot(x1 - x0, y1 - y0)
        while length > 0 and left <= length:
            share = left / length
            points.append((x0 + (x1 - x0) * share, y0 + (y1 - y0) * share))
            left += gap
        left -= length
    return points
