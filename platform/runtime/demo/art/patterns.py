"""Cloth patterns drawn in a rectangle: wax-print, strip weave, resist dye and plainer ones."""

from collections.abc import Callable
from math import cos, pi, sin
from random import Random
from typing import TypeAlias

from PIL import Image, ImageDraw

from runtime.demo.art.palettes import CREAM, Colour, Palette, darker, lighter, mix

Draw: TypeAlias = ImageDraw.ImageDraw
Pattern: TypeAlias = Callable[[Draw, int, int, float, Palette, Random], None]


def _disc(draw: Draw, x: float, y: float, radius: float, colour: Colour) -> None:
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def _lattice(width: int, height: int, step: float) -> list[tuple[float, float]]:
    rows = int(height / step) + 3
    columns = int(width / step) + 3
    return [
        ((column - 0.5 * (row % 2)) * step, row * step * 0.87) for row in range(-1, rows) for column in range(-1, columns)
    ]


def ankara(draw: Draw, width: int, height: int, unit: float, palette: Palette, rng: Random) -> None:
    """Wax-print: rosettes of petals on a dotted ground."""
    step = unit * rng.choice((12, 14, 16))
    petals = rng.choice((8, 10, 12))
    for x, y in _lattice(width, height, step / 4):
        _disc(draw, x, y, unit * 0.35, mix(palette.main, palette.second, 0.35))
    for x, y in _lattice(width, height, step):
        _disc(draw, x, y, step * 0.43, palette.second)
        for petal in range(petals):
            angle = 2 * pi * petal / petals
            _disc(draw, x + cos(angle) * step * 0.28, y + sin(angle) * step * 0.28, step * 0.085, palette.main)
        _disc(draw, x, y, step * 0.19, palette.accent)
        _disc(draw, x, y, step * 0.09, palette.main)


def fans(draw: Draw, width: int, height: int, unit: float, palette: Palette, rng: Random) -> None:
    """Wax-print: overlapping fans of rings."""
    step = unit * rng.choice((11, 13))
    rings = (palette.main, palette.accent, palette.main, palette.second, palette.main, lighter(palette.second, 0.4))
    for x, y in sorted(_lattice(width, height * 2, step), key=lambda point: point[1]):
        for ring, colour in enumerate(rings):
            _disc(draw, x, y * 0.62, step * 0.52 * (1 - ring / len(rings)), colour)


def stripes(draw: Draw, width: int, height: int, unit: float, palette: Palette, rng: Random) -> None:
    """Strip weave: bands of uneven width, as aso-oke is sewn from."""
    band = [(palette.main, 7), (palette.accent, 0.8), (palette.main, 1.2), (palette.second, 3), (palette.main, 1.2)]
    band += [(palette.accent, 0.8), (palette.main, rng.choice((4, 6))), (lighter(palette.second, 0.5), 0.7)]
    x = 0.0
    while x < width:
        for colour, share in band:
            draw.rectangle((x, 0, x + share * unit, height), fill=colour)
            x += share * unit


def bands(draw: Draw, width: int, height: int, unit: float, palette: Palette, rng: Random) -> None:
    """Bands that run across."""
    colours = (palette.main, palette.second, palette.main, palette.accent)
    share = rng.choice((5, 6))
    sizes = (share, 2.2, share * 0.6, 1.0)
    y = 0.0
    while y < height:
        for colour, size in zip(colours, sizes, strict=True):
            draw.rectangle((0, y, width, y + size * unit), fill=colour)
            y += size * unit


def dots(draw: Draw, width: int, height: int, unit: float, palette: Palette, rng: Random) -> None:
    """Even dots."""
    step = unit * rng.choice((4.5, 5.5, 7))
    for x, y in _lattice(width, height, step):
        _disc(draw, x, y, step * 0.2, lighter(palette.second, 0.35))


def adire(draw: Draw, width: int, height: int, unit: float, palette: Palette, rng: Random) -> None:
    """Resist dye: squares of rings, spokes and hatching in a paler tone of the ground."""
    pale = mix(palette.main, CREAM, 0.78)
    step = unit * rng.choice((10, 12))
    line = max(int(unit * 0.55), 1)
    for row in range(int(height / step) + 1):
        for column in range(int(width / step) + 1):
            x, y = column * step, row * step
            draw.rectangle((x, y, x + step, y + step), outline=pale, width=line)
            _adire_square(draw, (x + step / 2, y + step / 2), step, line, pale, (row + 2 * column) % 3)


def _adire_square(draw: Draw, at: tuple[float, float], step: float, line: int, pale: Colour, motif: int) -> None:
    x, y = at
    if motif == 0:
        for radius in (0.38, 0.25, 0.12):
            size = step * radius
            draw.ellipse((x - size, y - size, x + size, y + size), outline=pale, width=line)
    elif motif == 1:
        for spoke in range(8):
            angle = pi * spoke / 4
            draw.line(
                (x + cos(angle) * step * 0.12, y + sin(angle) * step * 0.12)
                + (x + cos(angle) * step * 0.38, y + sin(angle) * step * 0.38),
                fill=pale,
                width=line,
            )
    else:
        for mark in (-0.28, -0.09, 0.09, 0.28):
            for other in (-0.28, -0.09, 0.09, 0.28):
                _disc(draw, x + mark * step, y + other * step, line * 0.75, pale)


def zigzag(draw: Draw, width: int, height: int, unit: float, palette: Palette, rng: Random) -> None:
    """Mud cloth: rows of zigzags and bars."""
    pale = mix(palette.second, CREAM, 0.5)
    step, line = unit * 4, max(int(unit * 1.1), 1)
    gap = unit * rng.choice((7, 8))
    y, row = gap / 2, 0
    while y < height + gap:
        if row % 2 == 0:
            points = [(x * step, y + (unit * 1.8 if x % 2 else -unit * 1.8)) for x in range(int(width / step) + 2)]
            draw.line(points, fill=pale, width=line, joint="curve")
        else:
            for x in range(int(width / step) + 1):
                draw.rectangle((x * step, y - unit, x * step + line, y + unit), fill=palette.accent)
        y, row = y + gap / 1.3, row + 1


def checks(draw: Draw, width: int, height: int, unit: float, palette: Palette, rng: Random) -> None:
    """Blocks of warp and weft, as kente is."""
    step = unit * rng.choice((7, 8))
    for row in range(int(height / step) + 1):
        for column in range(int(width / step) + 1):
            x, y = column * step, row * step
            if (row + column) % 2:
                draw.rectangle((x, y, x + step, y + step), fill=palette.second)
                for bar in range(1, 4):
                    draw.rectangle((x, y + bar * step / 4, x + step, y + bar * step / 4 + unit * 0.7), fill=palette.accent)
            else:
                inner = step * 0.3
                draw.rectangle((x + inner, y + inner, x + step - inner, y + step - inner), fill=palette.accent)


def weave(draw: Draw, width: int, height: int, unit: float, palette: Palette, rng: Random) -> None:
    """Basketwork: over and under."""
    step = unit * rng.choice((2.6, 3.0))
    draw.rectangle((0, 0, width, height), fill=darker(palette.main, 0.28))
    tones = (lighter(palette.main, 0.2), palette.main)
    for row in range(int(height / step) + 2):
        for column in range(-1, int(width / (1.7 * step)) + 2):
            x, y = (column + row % 2 * 0.5) * 1.7 * step, row * step * 0.86
            draw.ellipse((x, y, x + step * 1.75, y + step * 0.92), fill=tones[row % 2])


PATTERNS: dict[str, Pattern] = {
    "ankara": ankara,
    "fans": fans,
    "stripes": stripes,
    "bands": bands,
    "dots": dots,
    "adire": adire,
    "zigzag": zigzag,
    "checks": checks,
    "weave": weave,
}


def pattern_image(name: str, size: tuple[int, int], *, unit: float, palette: Palette, rng: Random) -> Image.Image:
    """Draw a pattern of the given size in pixels; `unit` is a hundredth of the picture's width."""
    image = Image.new("RGB", size, palette.main)
    PATTERNS[name](ImageDraw.Draw(image), size[0], size[1], unit, palette, rng)
    return image
