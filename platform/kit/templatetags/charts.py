"""Geometry of the line and bar charts that the server draws."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any

from django import template

register = template.Library()

LEFT, RIGHT, TOP, BOTTOM = 48.0, 12.0, 12.0, 26.0
LABEL_WIDTH = 64.0
TICKS = 4


@dataclass(frozen=True, slots=True)
class Mark:
    """One value on the drawing; coordinates are ready to print."""

    x: str
    y: str
    label: str
    display: str
    width: str = "0"
    height: str = "0"


@dataclass(frozen=True, slots=True)
class Drawing:
    """Values that a chart's SVG prints, in the units of its view box."""

    width: str
    height: str
    left: str
    right: str
    base: str
    ticks: list[Mark]
    labels: list[Mark]
    marks: list[Mark]
    line: str
    area: str


def _text(number: float) -> str:
    """Print a coordinate the same way in every language."""
    return f"{number:.1f}".removesuffix(".0")


def nice_ceiling(value: float) -> float:
    """Round up to 1, 2, 2.5 or 5 times a power of ten, so that the axis has round numbers."""
    if value <= 0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    return next(step * power for step in (1, 2, 2.5, 4, 5, 8, 10) if step * power >= value)


def short(number: float) -> str:
    """Shorten a number for an axis: 1,200,000 is 1.2m."""
    for size, suffix in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if abs(number) >= size:
            return f"{number / size:.2f}".rstrip("0").rstrip(".") + suffix
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _read(point: Any) -> tuple[str, float, str]:
    if not isinstance(point, Mapping):
        point = {key: getattr(point, key, None) for key in ("label", "value", "display")}
    value = float(point.get("value") or 0)
    display = point.get("display") or f"{value:,.2f}".removesuffix(".00")
    return str(point.get("label") or ""), value, str(display)


def _marks(values: list[tuple[str, float, str]], *, top: float, width: float, height: float, kind: str) -> list[Mark]:
    span, base = width - LEFT - RIGHT, height - BOTTOM
    slot = span / max(len(values) if kind == "bar" else len(values) - 1, 1)
    bar = max(slot * 0.64, 2.0)
    marks = []
    for index, (label, value, display) in enumerate(values):
        tall = (base - TOP) * max(value, 0.0) / top
        x = LEFT + slot * index + ((slot - bar) / 2 if kind == "bar" else 0)
        marks.append(Mark(_text(x), _text(base - tall), label, display, _text(bar), _text(tall)))
    return marks


def draw_chart(points: Sequence[Any], *, kind: str, width: float, height: float) -> Drawing:
    """Place points on a chart of the given size; an empty list gives empty axes."""
    values = [_read(point) for point in points]
    top = nice_ceiling(max((value for _, value, _ in values), default=0))
    base = height - BOTTOM
    marks = _marks(values, top=top, width=width, height=height, kind=kind)
    ticks = [
        Mark(_text(LEFT), _text(base - (base - TOP) * step / TICKS), short(top * step / TICKS), "")
        for step in range(TICKS + 1)
    ]
    every = max(ceil(len(marks) * LABEL_WIDTH / (width - LEFT - RIGHT)), 1)
    middle = float(marks[0].width) / 2 if kind == "bar" and marks else 0.0
    labels = [Mark(_text(float(mark.x) + middle), _text(height - 6), mark.label, "") for mark in marks[::every]]
    line = " ".join(f"{mark.x},{mark.y}" for mark in marks)
    area = f"{marks[0].x},{_text(base)} {line} {marks[-1].x},{_text(base)}" if marks else ""
    return Drawing(
        _text(width), _text(height), _text(LEFT), _text(width - RIGHT), _text(base), ticks, labels, marks, line, area
    )


@register.simple_tag
def chart(points: Sequence[Any] | None, kind: str = "line", width: float = 760, height: float = 240) -> Drawing:
    """Prepare a chart for `<c-chart>`."""
    return draw_chart(points or [], kind=kind, width=float(width), height=float(height))
