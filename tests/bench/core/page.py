"""The report as a page of its own: no scripts, no files beside it, plots drawn here as SVG."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import Any

from tests.bench.core.table import limit, main_latency, mark, number

STYLE = """
:root{--ink:#1c1917;--soft:#78716c;--line:#e7e5e4;--ours:#0f766e;--theirs:#a8a29e;--good:#15803d;--bad:#b91c1c}
*{box-sizing:border-box}body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);max-width:72rem;margin:2rem auto;
padding:0 1rem}h1{font-size:1.6rem;margin:0}h2{font-size:1.15rem;margin:2.5rem 0 .5rem}p{max-width:60rem}
.soft{color:var(--soft)}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.9rem}
th,td{text-align:right;padding:.35rem .6rem;border-bottom:1px solid var(--line)}th:nth-child(2),td:nth-child(2){
text-align:left}th{color:var(--soft);font-weight:500}.wide{overflow-x:auto}.ok{color:var(--good)}.bad{color:var(--bad)}
svg{display:block;margin:.75rem 0;max-width:100%;height:auto}svg text{font:12px system-ui,sans-serif;fill:var(--ink)}
svg .soft{fill:var(--soft)}
"""
LEFT, WIDTH, ROW, BAR = 330, 900, 34, 11
SERIES_HEIGHT, SERIES_WIDTH = 220, 900
COLOURS = ("#0f766e", "#b45309", "#7c3aed", "#be123c", "#0369a1", "#4d7c0f", "#a21caf", "#57534e")


def render(results: list[dict[str, Any]], about: dict[str, Any]) -> str:
    """Return the page."""
    parts = [
        "<!doctype html><html lang=en-GB><meta charset=utf-8><meta name=viewport content='width=device-width'>",
        f"<title>Kasuwa, measured</title><style>{STYLE}</style><h1>Kasuwa, measured</h1>",
        f"<p class=soft>{_about(about)}</p>",
        (
            "<p>Ours and its yardstick took turns in the same run. Every figure is a median; a ratio is the median of "
            "the ratios of runs side by side. “!” marks a figure that was disturbed by other work on the machine.</p>"
        ),
    ]
    for name, group in groupby(results, key=lambda result: result["name"].split("/")[0]):
        own = list(group)
        parts += [f"<h2>{escape(name)}</h2>", _table(own), bars(own)]
        parts += [
            series(run["facts"]["series"]) for result in own for run in result["runs"] if "series" in run["facts"]
        ]
        parts += [f"<p class=soft>{escape(note)}</p>" for note in dict.fromkeys(r["note"] for r in own) if note]
    return "\n".join(parts) + "\n"


def _about(about: dict[str, Any]) -> str:
    packages = ", ".join(f"{name} {version}" for name, version in about["packages"].items())
    words = [
        (
            f"{about['at']}, commit {about['commit']}, {about['cores']} cores ({about['processor']}), "
            f"{about['memory']}, {about['system']}, Python {about['python']}; {packages}. It took {about['seconds']} s."
        )
    ]
    if about["quick"]:
        words.append("A quick run: it shows that all of it works, and its figures mean little.")
    return escape(" ".join(words))


def _table(results: list[dict[str, Any]]) -> str:
    head = "".join(
        f"<th>{name}"
        for name in (
            "",
            "benchmark",
            "median",
            "unit",
            "p50",
            "p95",
            "p99 ms",
            "yardstick",
            "ratio",
            "spread",
            "target",
        )
    )
    rows = []
    for result in results:
        latency = main_latency(result)
        cells = [number(result["value"]), escape(result["unit"])]
        cells += [number(latency.get(name)) for name in ("p50", "p95", "p99")]
        cells += [number(result["yardstick"]), number(result["ratio"]), f"{result['spread']:.0%}"]
        cells.append(escape(limit(result["target"])) if result["target"] else "")
        style = "ok" if result["ok"] else "bad"
        title = escape("; ".join([result["yardstick_name"], *result["problems"]]), quote=True)
        rows.append(
            f"<tr title='{title}'><td class={style}>{mark(result)}<td>{escape(result['name'])}"
            + "".join(f"<td>{cell}" for cell in cells)
        )
    return f"<div class=wide><table><tr>{head}{''.join(rows)}</table></div>"


def bars(results: list[dict[str, Any]]) -> str:
    """Draw each result's ratio to its yardstick, every run as a dot, with the target as a line."""
    drawn = [result for result in results if result["ratio"] is not None]
    if not drawn:
        return ""
    limits = [_ratio_limit(result) or 0 for result in drawn]
    most = max([*(result["ratio"] for result in drawn), *limits, 0.01]) * 1.1
    scale = (WIDTH - LEFT - 60) / most
    height = ROW * len(drawn) + 24
    parts = [f"<svg viewBox='0 0 {WIDTH} {height}' width={WIDTH} role=img aria-label='Ratios to the yardstick'>"]
    for position, result in enumerate(drawn):
        top = position * ROW + 8
        length = result["ratio"] * scale
        parts.append(
            f"<text x={LEFT - 10} y={top + 11} text-anchor=end>{escape(result['name'].partition('/')[2])}</text>"
        )
        parts.append(f"<rect x={LEFT} y={top} width={length:.1f} height={BAR} rx=2 fill='var(--ours)' />")
        parts.append(f"<text x={LEFT + length + 6:.1f} y={top + 10}>{number(result['ratio'])}</text>")
        for run in result["runs"]:
            if run["ratio"] is not None:
                x = LEFT + min(run["ratio"], most) * scale
                parts.append(f"<circle cx={x:.1f} cy={top + BAR + 6} r=2 fill='var(--theirs)' />")
        if aim := _ratio_limit(result):
            x = LEFT + aim * scale
            parts.append(f"<line x1={x:.1f} x2={x:.1f} y1={top - 4} y2={top + BAR + 10} stroke='var(--bad)' />")
    parts.append(f"<text class=soft x={LEFT} y={height - 4}>dots are single runs, the red line is the target</text>")
    return "".join(parts) + "</svg>"


def series(lines: dict[str, list[list[float]]]) -> str:
    """Draw figures over time: `{"name": [[seconds, value], …]}`."""
    points = [point for line in lines.values() for point in line]
    if not points:
        return ""
    last, most = max(point[0] for point in points) or 1, max(point[1] for point in points) or 1
    height = SERIES_HEIGHT + 40 + 18 * len(lines)
    parts = [f"<svg viewBox='0 0 {SERIES_WIDTH} {height}' width={SERIES_WIDTH} role=img aria-label='Memory over time'>"]
    for share in (0, 0.5, 1):
        y = SERIES_HEIGHT - share * (SERIES_HEIGHT - 20)
        parts.append(f"<line x1=60 x2={SERIES_WIDTH} y1={y:.0f} y2={y:.0f} stroke='var(--line)' />")
        parts.append(f"<text class=soft x=52 y={y + 4:.0f} text-anchor=end>{number(most * share)}</text>")
    for position, (name, line) in enumerate(lines.items()):
        colour = COLOURS[position % len(COLOURS)]
        path = " ".join(
            f"{60 + at / last * (SERIES_WIDTH - 70):.1f},{SERIES_HEIGHT - value / most * (SERIES_HEIGHT - 20):.1f}"
            for at, value in line
        )
        y = SERIES_HEIGHT + 38 + 18 * position
        parts.append(f"<polyline points='{path}' fill=none stroke='{colour}' stroke-width=1.5 />")
        parts.append(
            f"<rect x=60 y={y - 9} width=10 height=10 fill='{colour}' /><text x=76 y={y}>{escape(name)}</text>"
        )
    parts.append(f"<text class=soft x=60 y={SERIES_HEIGHT + 18}>MiB, over {last:.0f} s</text>")
    return "".join(parts) + "</svg>"


def _ratio_limit(result: dict[str, Any]) -> float | None:
    target = result["target"]
    if not target or target["of"] != "ratio":
        return None
    aim: float | None = target.get("at_least", target.get("at_most"))
    return aim
