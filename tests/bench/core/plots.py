"""Plots as inline SVG: geometry in per cent of the width, text in pixels, so that a phone can read them too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any

from tests.bench.core import report
from tests.bench.core.scale import Scale, fitting, linear
from tests.bench.core.table import limit, number

ROW, AXIS = 46, 26
LABEL_AT, PLOT_AT = 14, 30  # within a row: words above, marks below
SERIES_HEIGHT = 240
STYLES = 8  # of curves
DASHES = ("", "6 3", "2 3")
OVER = "-over-"  # in the names of results that set two others side by side, which are drawn already

Json = dict[str, Any]
Marks = Callable[[Json, Scale, int], str]


def ratios(results: Sequence[Json]) -> str:
    """Draw each result's ratio to its yardstick, the single runs, and the target as a line."""
    drawn = [result for result in results if result["ratio"] is not None]
    runs = [run["ratio"] for result in drawn for run in result["runs"] if run["ratio"] is not None]
    limits = [aim for result in drawn if (aim := aim_of(result, "ratio")) is not None]
    scale = linear([*runs, *limits, 1.0 if max([*runs, 0]) > 0.5 else 0.0])
    return _figure(
        "Ratio to the yardstick",
        "bar: median; dots: single runs; line: target" + ("; dashed: as the yardstick" if scale.last >= 1 else ""),
        drawn,
        scale,
        of="ratio",
        marks=_ratio_marks,
        words=lambda result: number(result["ratio"]) + _aim_words(result, "ratio"),
        dashed_at=1.0 if scale.last >= 1 else None,
    )


def _ratio_marks(result: Json, scale: Scale, top: int) -> str:
    start = scale.at(0)
    width = scale.at(result["ratio"]) - start
    parts = [
        f'<rect class="bar {tone(result, "ratio")}" x="{start}%" y="{top - 5}" width="{width:.2f}%" height="10" />'
    ]
    parts += [
        f'<circle class="run" cx="{scale.at(run["ratio"])}%" cy="{top + 10}" r="2" />'
        for run in result["runs"]
        if run["ratio"] is not None
    ]
    return "".join(parts) + _aim_line(aim_of(result, "ratio"), scale, top)


def values(results: Sequence[Json], unit: str) -> str:
    """Draw medians in one unit, how far the runs lie apart, and the yardstick's median."""
    drawn = [result for result in results if result["unit"] == unit and OVER not in result["name"]]
    if len(drawn) == 1 and len(drawn[0]["runs"]) == 1 and drawn[0]["yardstick"] is None and not drawn[0]["target"]:
        return ""  # a single dot, and the table says it better
    figures = [run["value"] for result in drawn for run in result["runs"]]
    figures += [result["yardstick"] for result in drawn if result["yardstick"] is not None]
    figures += [aim for result in drawn if (aim := aim_of(result, "value")) is not None]
    if not any(figures):
        return ""  # nothing where nothing is wanted
    scale = fitting(figures)
    has_yardstick = any(result["yardstick"] is not None for result in drawn)
    has_aim = any(aim_of(result, "value") is not None for result in drawn)
    words = ["dot: median, on the range of the runs"]
    words += ["ring: yardstick"] * has_yardstick + ["line: target"] * has_aim
    words += ["logarithmic axis"] * scale.is_logarithmic
    return _figure(
        f"Medians, {unit}", "; ".join(words), drawn, scale, of="value", marks=_value_marks, words=_value_words
    )


def _value_marks(result: Json, scale: Scale, top: int) -> str:
    own = [run["value"] for run in result["runs"]]
    middle = scale.at(result["value"])
    parts = []
    if result["yardstick"] is not None:
        theirs = scale.at(result["yardstick"])
        parts.append(f'<line class="join" x1="{middle}%" x2="{theirs}%" y1="{top}" y2="{top}" />')
        parts.append(f'<circle class="ring" cx="{theirs}%" cy="{top}" r="5" />')
    parts.append(f'<line class="reach" x1="{scale.at(min(own))}%" x2="{scale.at(max(own))}%" y1="{top}" y2="{top}" />')
    parts.append(f'<circle class="bar {tone(result, "value")}" cx="{middle}%" cy="{top}" r="5" />')
    return "".join(parts) + _aim_line(aim_of(result, "value"), scale, top)


def _value_words(result: Json) -> str:
    words = number(result["value"])
    if result["yardstick"] is not None:
        words += f" vs {number(result['yardstick'])}"
    return words + _aim_words(result, "value")


def latencies(results: Sequence[Json]) -> str:
    """Draw p50, p95 and p99 of whole operations."""
    drawn = [result for result in results if report.main_latency(result)]
    scale = fitting([value for result in drawn for value in report.main_latency(result).values()])
    axis = "logarithmic axis" if scale.is_logarithmic else ""
    return _figure(
        "How long one takes, ms",
        "".join(_sample(name) for name in ("p50", "p95", "p99")) + axis,
        drawn,
        scale,
        of="latency",
        marks=_latency_marks,
        words=_latency_words,
    )


def _latency_marks(result: Json, scale: Scale, top: int) -> str:
    found = report.main_latency(result)
    ends = scale.at(found["p50"]), scale.at(found["p99"])
    parts = [f'<line class="join" x1="{ends[0]}%" x2="{ends[1]}%" y1="{top}" y2="{top}" />']
    parts += [
        f'<circle class="{name}" cx="{scale.at(found[name])}%" cy="{top}" r="{size}" />'
        for name, size in (("p99", 4), ("p95", 4), ("p50", 5))
    ]
    return "".join(parts)


def _sample(name: str) -> str:
    circle = f'<circle class="{name}" cx="5" cy="5" r="4" />'
    return f'<i><svg class="sample" viewBox="0 0 10 10" aria-hidden="true">{circle}</svg>{name}</i>'


def _latency_words(result: Json) -> str:
    return " · ".join(number(value) for value in report.main_latency(result).values())


def _figure(
    title: str,
    key: str,
    drawn: Sequence[Json],
    scale: Scale,
    *,
    of: str,
    marks: Marks,
    words: Callable[[Json], str],
    dashed_at: float | None = None,
) -> str:
    """A row for each result, above one axis."""
    if not drawn:
        return ""
    height = ROW * len(drawn) + AXIS
    parts = [f'<svg height="{height}" role="img" aria-label="{escape(title)}; the table below has the figures">']
    for tick in scale.ticks:
        parts.append(_upright("grid", scale.at(tick), 0, height - AXIS + 4))
        anchor = "start" if tick == scale.ticks[0] else "middle"
        parts.append(
            f'<text class="soft" x="{scale.at(tick)}%" y="{height - 6}" text-anchor="{anchor}">{number(tick)}</text>'
        )
    if dashed_at is not None:
        parts.append(_upright("one", scale.at(dashed_at), 0, height - AXIS))
    for place, result in enumerate(drawn):
        top = place * ROW
        mark = {"bad": "✗ ", "warn": "! "}.get(colour := tone(result, of), "")
        parts.append(f'<text x="0" y="{top + LABEL_AT}">{escape(own_name(result))}</text>')
        parts.append(
            f'<text class="strong {colour}" x="100%" y="{top + LABEL_AT}" text-anchor="end">'
            f"{mark}{escape(words(result))}</text>"
        )
        parts.append(marks(result, scale, top + PLOT_AT))
    caption = f"<figcaption>{escape(title)}<span>{key}</span></figcaption>"
    return f"<figure>{caption}{''.join(parts)}</svg></figure>"


def series(lines: dict[str, list[list[float]]], *, title: str, unit: str) -> str:
    """Draw figures over time: `{"name": [[seconds, value], …]}`."""
    drawn = {name: line for name, line in sorted(lines.items(), key=_last_first) if line}
    if not drawn:
        return ""
    points = [point for line in drawn.values() for point in line]
    upright = linear([value for _, value in points])
    minutes = max(at for at, _ in points) / 60
    across = Scale(0.0, minutes or 1.0, tuple(tick for tick in linear([minutes]).ticks if tick <= minutes))
    parts = [f'<svg height="{SERIES_HEIGHT + AXIS}" role="img" aria-label="{escape(title)}">']
    for tick in upright.ticks:
        y = _height(upright, tick)
        parts.append(f'<line class="grid" x1="0" x2="100%" y1="{y:.1f}" y2="{y:.1f}" />')
        parts.append(f'<text class="soft" x="0" y="{y - 4:.1f}">{number(tick)}</text>')
    for tick in across.ticks:
        anchor = "start" if tick == 0 else "middle"
        parts.append(
            f'<text class="soft" x="{across.at(tick)}%" y="{SERIES_HEIGHT + 18}" text-anchor="{anchor}">'
            f"{number(tick)}</text>"
        )
    parts.append(f'<svg viewBox="0 0 100 {SERIES_HEIGHT}" preserveAspectRatio="none" height="{SERIES_HEIGHT}">')
    legend = []
    for place, (name, line) in enumerate(drawn.items()):
        path = " ".join(f"{across.at(at / 60)},{_height(upright, value):.1f}" for at, value in line)
        style = _curve_style(place)
        parts.append(f'<polyline points="{path}" {style} />')
        sample = f'<svg viewBox="0 0 24 12" aria-hidden="true"><line x1="0" x2="24" y1="6" y2="6" {style} /></svg>'
        legend.append(f"<li>{sample}{escape(name)} {number(line[-1][1])}</li>")
    key = f"{unit} against minutes; in the legend, the last figure of each"
    caption = f"<figcaption>{escape(title)}<span>{escape(key)}</span></figcaption>"
    return f'<figure>{caption}{"".join(parts)}</svg></svg><ul class="legend">{"".join(legend)}</ul></figure>'


def _last_first(item: tuple[str, list[list[float]]]) -> float:
    return -max([value for _, value in item[1]] or [0.0])


def _height(scale: Scale, value: float) -> float:
    return SERIES_HEIGHT - 1 - value / scale.last * (SERIES_HEIGHT - 20)


def _curve_style(place: int) -> str:
    dash = DASHES[place // STYLES % len(DASHES)]
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'class="curve" stroke="var(--c{place % STYLES})"{dashed}'


def aim_of(result: Json, of: str) -> float | None:
    """The limit for a result's ratio or value, where there is one."""
    target = result["target"]
    if not target or target["of"] != of:
        return None
    aim: float | None = target.get("at_least", target.get("at_most"))
    return aim


def tone(result: Json, of: str) -> str:
    """Return the colour of a result where its ratio, its value or its latency is drawn."""
    if not report.is_valid(result):
        return "warn"
    is_bad = not result["ok"] and (bool(report.problems(result)) or aim_of(result, of) is not None)
    return "bad" if is_bad else "plain"


def own_name(result: Json) -> str:
    """A result's name below its benchmark's."""
    _, _, name = result["name"].partition("/")
    return str(name).replace("/", " / ").replace("-clients", " clients").replace("1 clients", "1 client")


def units(results: Iterable[Json]) -> list[str]:
    """The units, in the order of the results."""
    return list(dict.fromkeys(result["unit"] for result in results))


def _aim_words(result: Json, of: str) -> str:
    return f" · {limit(result['target']).removeprefix('ratio ')}" if aim_of(result, of) is not None else ""


def _aim_line(aim: float | None, scale: Scale, top: int) -> str:
    return "" if aim is None else _upright("aim", scale.at(aim), top - 10, top + 12)


def _upright(style: str, x: float, top: int, bottom: int) -> str:
    return f'<line class="{style}" x1="{x}%" x2="{x}%" y1="{top}" y2="{bottom}" />'
