"""Cloth patterns drawn in a rectangle: wax-print, strip weave, resist dye and plainer ones."""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi, sin
from random import Random
from typing import TypeAlias

from PIL import Image, ImageDraw

from demo.art.palettes import CREAM, Colour, Palette, darker, lighter, mix

Draw: TypeAlias = ImageDraw.ImageDraw


@dataclass(frozen=True, slots=True)
class Cloth:
    """The rectangle that a pattern fills; `unit` is a hundredth of the picture's width in pixels."""

    draw: Draw
    width: int
    height: int
    unit: float
    palette: Palette
    rng: Random


Pattern: TypeAlias = Callable[[Cloth], None]


def _disc(draw: Draw, x: float, y: float, radius: float, colour: Colour) -> None:
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def _lattice(width: int, height: int, step: float) -> list[tuple[float, float]]:
    rows = int(height / step) + 3
    columns = int(width / step) + 3
    return [
        ((column - 0.5 * (row % 2)) * step, row * step * 0.87)
        for row in range(-1, rows)
        for column in range(-1, columns)
    ]


def ankara(cloth: Cloth) -> None:
    """Wax-print: rosettes of petals on a dotted ground."""
    step = cloth.unit * cloth.rng.choice((12, 14, 16))
    petals = cloth.rng.choice((8, 10, 12))
    for x, y in _lattice(cloth.width, cloth.height, step / 4):
        _disc(cloth.draw, x, y, cloth.unit * 0.35, mix(cloth.palette.main, cloth.palette.second, 0.35))
    for x, y in _lattice(cloth.width, cloth.height, step):
        _disc(cloth.draw, x, y, step * 0.43, cloth.palette.second)
        for petal in range(petals):
            angle = 2 * pi * petal / petals
            _disc(
                cloth.draw, x + cos(angle) * step * 0.28, y + sin(angle) * step * 0.28, step * 0.085, cloth.palette.main
            )
        _disc(cloth.draw, x, y, step * 0.19, cloth.palette.accent)
        _disc(cloth.draw, x, y, step * 0.09, cloth.palette.main)


def fans(cloth: Cloth) -> None:
    """Wax-print: overlapping fans of rings."""
    step = cloth.unit * cloth.rng.choice((11, 13))
    rings = (
        cloth.palette.main,
        cloth.palette.accent,
        cloth.palette.main,
        cloth.palette.second,
        cloth.palette.main,
        lighter(cloth.palette.second, 0.4),
    )
    for x, y in sorted(_lattice(cloth.width, cloth.height * 2, step), key=lambda point: point[1]):
        for ring, colour in enumerate(rings):
            _disc(cloth.draw, x, y * 0.62, step * 0.52 * (1 - ring / len(rings)), colour)


def stripes(cloth: Cloth) -> None:
    """Strip weave: bands of uneven width, as aso-oke is sewn from."""
    band = [
        (cloth.palette.main, 7),
        (cloth.palette.accent, 0.8),
        (cloth.palette.main, 1.2),
        (cloth.palette.second, 3),
        (cloth.palette.main, 1.2),
    ]
    band += [
        (cloth.palette.accent, 0.8),
        (cloth.palette.main, cloth.rng.choice((4, 6))),
        (lighter(cloth.palette.second, 0.5), 0.7),
    ]
    x = 0.0
    while x < cloth.width:
        for colour, share in band:
            cloth.draw.rectangle((x, 0, x + share * cloth.unit, cloth.height), fill=colour)
            x += share * cloth.unit


def bands(cloth: Cloth) -> None:
    """Bands that run across."""
    colours = (cloth.palette.main, cloth.palette.second, cloth.palette.main, cloth.palette.accent)
    share = cloth.rng.choice((5, 6))
    sizes = (share, 2.2, share * 0.6, 1.0)
    y = 0.0
    while y < cloth.height:
        for colour, size in zip(colours, sizes, strict=True):
            cloth.draw.rectangle((0, y, cloth.width, y + size * cloth.unit), fill=colour)
            y += size * cloth.unit


def dots(cloth: Cloth) -> None:
    """Even dots."""
    step = cloth.unit * cloth.rng.choice((4.5, 5.5, 7))
    for x, y in _lattice(cloth.width, cloth.height, step):
        _disc(cloth.draw, x, y, step * 0.2, lighter(cloth.palette.second, 0.35))


def adire(cloth: Cloth) -> None:
    """Resist dye: squares of rings, spokes and hatching in a paler tone of the ground."""
    pale = mix(cloth.palette.main, CREAM, 0.78)
    step = cloth.unit * cloth.rng.choice((10, 12))
    line = max(int(cloth.unit * 0.55), 1)
    for row in range(int(cloth.height / step) + 1):
        for column in range(int(cloth.width / step) + 1):
            x, y = column * step, row * step
            cloth.draw.rectangle((x, y, x + step, y + step), outline=pale, width=line)
            square = _Square(cloth.draw, x + step / 2, y + step / 2, step, line, pale)
            (_rings, _spokes, _grains)[(row + 2 * column) % 3](square)


@dataclass(frozen=True, slots=True)
class _Square:
    draw: Draw
    x: float
    y: float
    step: float
    line: int
    pale: Colour


def _rings(square: _Square) -> None:
    x, y = square.x, square.y
    for share in (0.38, 0.25, 0.12):
        size = square.step * share
        square.draw.ellipse((x - size, y - size, x + size, y + size), outline=square.pale, width=square.line)


def _spokes(square: _Square) -> None:
    near, far = square.step * 0.12, square.step * 0.38
    for spoke in range(8):
        c, s = cos(pi * spoke / 4), sin(pi * spoke / 4)
        ends = (square.x + c * near, square.y + s * near, square.x + c * far, square.y + s * far)
        square.draw.line(ends, fill=square.pale, width=square.line)


def _grains(square: _Square) -> None:
    marks = (-0.28, -0.09, 0.09, 0.28)
    for across in marks:
        for down in marks:
            x, y = square.x + across * square.step, square.y + down * square.step
            _disc(square.draw, x, y, square.line * 0.75, square.pale)


def zigzag(cloth: Cloth) -> None:
    """Mud cloth: rows of zigzags and bars."""
    pale = mix(cloth.palette.second, CREAM, 0.5)
    step, line = cloth.unit * 4, max(int(cloth.unit * 1.1), 1)
    gap = cloth.unit * cloth.rng.choice((7, 8))
    y, row = gap / 2, 0
    while y < cloth.height + gap:
        if row % 2 == 0:
            rise = (-cloth.unit * 1.8, cloth.unit * 1.8)
            points = [(x * step, y + rise[x % 2]) for x in range(int(cloth.width / step) + 2)]
            cloth.draw.line(points, fill=pale, width=line, joint="curve")
        else:
            for x in range(int(cloth.width / step) + 1):
                cloth.draw.rectangle(
                    (x * step, y - cloth.unit, x * step + line, y + cloth.unit), fill=cloth.palette.accent
                )
        y, row = y + gap / 1.3, row + 1


def checks(cloth: Cloth) -> None:
    """Blocks of warp and weft, as kente is."""
    step = cloth.unit * cloth.rng.choice((7, 8))
    for row in range(int(cloth.height / step) + 1):
        for column in range(int(cloth.width / step) + 1):
            x, y = column * step, row * step
            if (row + column) % 2:
                cloth.draw.rectangle((x, y, x + step, y + step), fill=cloth.palette.second)
                for bar in range(1, 4):
                    cloth.draw.rectangle(
                        (x, y + bar * step / 4, x + step, y + bar * step / 4 + cloth.unit * 0.7),
                        fill=cloth.palette.accent,
                    )
            else:
                inner = step * 0.3
                cloth.draw.rectangle(
                    (x + inner, y + inner, x + step - inner, y + step - inner), fill=cloth.palette.accent
                )


def weave(cloth: Cloth) -> None:
    """Basketwork: over and under."""
    step = cloth.unit * cloth.rng.choice((2.6, 3.0))
    cloth.draw.rectangle((0, 0, cloth.width, cloth.height), fill=darker(cloth.palette.main, 0.28))
    tones = (lighter(cloth.palette.main, 0.2), cloth.palette.main)
    for row in range(int(cloth.height / step) + 2):
        for column in range(-1, int(cloth.width / (1.7 * step)) + 2):
            x, y = (column + row % 2 * 0.5) * 1.7 * step, row * step * 0.86
            cloth.draw.ellipse((x, y, x + step * 1.75, y + step * 0.92), fill=tones[row % 2])


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
    PATTERNS[name](Cloth(ImageDraw.Draw(image), size[0], size[1], unit, palette, rng))
    return image
