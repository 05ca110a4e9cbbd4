"""The report as a page of its own: no scripts, no files beside it, plots drawn here as SVG."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from tests.bench.core import busy, facts, plots, report
from tests.bench.core.table import COLUMNS, cells, limit, mark, number

STYLE = Path(__file__).with_suffix(".css")
TONES = {"✓": "ok", "✗": "bad", "!": "warn", "·": "soft"}
SAID = {"✓": "target met", "✗": "target missed, or something went wrong", "!": "not valid", "·": "no target"}
METHOD = (
    "Ours and its yardstick take turns in the same run, on a fresh database and the real web server. A figure is "
    "the median of its runs; a ratio is the median of the ratios of runs side by side; the spread is the distance "
    "between the largest and the smallest run, over the median."
)

Json = dict[str, Any]


def render(results: Sequence[Json], about: Mapping[str, str]) -> str:
    """Return the page.

    Args:
        about: what each benchmark measures, by its name.
    """
    suites = [(name, list(group)) for name, group in groupby(_sorted(results), key=_suite)]
    head = (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Kasuwa, measured</title><style>{STYLE.read_text()}</style></head>"
    )
    links = "".join(f'<li><a href="#{escape(name)}">{escape(name)}</a></li>' for name, _ in suites)
    parts = [
        f"{head}<body><header><h1>Kasuwa, measured</h1><p>{METHOD}</p>{_warning(results)}{_tally(results)}",
        f'<nav aria-label="Benchmarks"><ul>{links}</ul></nav></header><main>',
        _targets(results),
        *(_section(name, own, about.get(name, "")) for name, own in suites),
        f'<h2 id="machine">The machine</h2>{_machines(results)}</main></body></html>',
    ]
    return "\n".join(parts) + "\n"


def _suite(result: Json) -> str:
    return str(result["name"].partition("/")[0])


def _sorted(results: Sequence[Json]) -> list[Json]:
    """Benchmarks together, in the order of their first results."""
    places = {name: place for place, name in enumerate(dict.fromkeys(_suite(result) for result in results))}
    return sorted(results, key=lambda result: places[_suite(result)])


def _warning(results: Sequence[Json]) -> str:
    words = []
    if any(report.made(result).get("quick") for result in results):
        words.append("Quick runs are among these: they show that all of it works, and their figures mean little.")
    if disturbed := sum(not report.is_valid(result) for result in results):
        words.append(
            f"{disturbed} of {len(results)} results are not valid and marked “!”: somebody else used more than "
            f"{busy.TOLERATED_SHARE:.0%} of the machine."
        )
    return f'<p class="card alert" role="note">{" ".join(words)}</p>' if words else ""


def _tally(results: Sequence[Json]) -> str:
    aimed = [result for result in results if result["target"]]
    counts = [
        ("ok", sum(result["ok"] for result in aimed), "targets met"),
        ("bad", sum(report.is_valid(result) and not result["ok"] for result in aimed), "missed"),
        ("warn", sum(not report.is_valid(result) for result in aimed), "not valid"),
        ("", len(results), "results in all"),
    ]
    items = "".join(f'<li><b class="{style}">{count}</b>{words}</li>' for style, count, words in counts)
    return f'<ul class="tally">{items}</ul>'


def _targets(results: Sequence[Json]) -> str:
    """All targets at a glance, what is missed first."""
    aimed = [result for result in results if result["target"]]
    if not aimed:
        return ""
    order = {"✗": 0, "!": 1, "✓": 2}
    rows = []
    for result in sorted(aimed, key=lambda result: order[mark(result)]):
        of = result["target"]["of"]
        unit = "×" if of == "ratio" else result["unit"]
        beside = f"<small>{escape(_beside_words(result))}</small>" if result["yardstick"] is not None else ""
        rows.append(
            f'<tr>{_mark_cell(result)}<th scope="row" class="name"><a href="#{escape(_suite(result))}">'
            f"{_breakable(result['name'])}</a>{beside}</th><td>{number(result[of])} {escape(unit)}</td>"
            f"<td>{escape(limit(result['target']).removeprefix('ratio '))} {escape(unit)}</td></tr>"
        )
    head = _head(("", "benchmark", "figure", "target"), words=("benchmark",))
    lead = '<p class="soft">× is the ratio to the yardstick.</p>'
    return f'<h2 id="targets">Targets</h2>{lead}{_wide("Targets", head, rows)}'


def _beside_words(result: Json) -> str:
    return f"{number(result['value'])} beside {number(result['yardstick'])} {result['unit']}, {report.beside(result)}"


def _section(name: str, results: Sequence[Json], about: str) -> str:
    seconds = report.made(results[0]).get("seconds")
    took = f" It took {facts.duration(seconds)}." if seconds else ""
    lead = f"{about[:1].upper()}{about[1:]}.{took}" if about else took
    figures = [plots.ratios(results), *(plots.values(results, unit) for unit in plots.units(results))]
    figures.append(plots.latencies(results))
    parts = [
        f'<section><h2 id="{escape(name)}">{escape(name)}</h2><p class="soft">{escape(lead)}</p>',
        *(
            plots.series(lines, title="Memory of each part over time", unit="MiB")
            for result in results
            for lines in report.series(result)
        ),
        f'<div class="plots">{"".join(figures)}</div>',
        _wide(f"All results of {name}", _head(COLUMNS, words=("benchmark",)), [_row(result) for result in results]),
        _latency_details(results),
        _remarks(results),
        "</section>",
    ]
    return "".join(parts)


def _row(result: Json) -> str:
    _, name, *rest = cells(result)
    others = "".join(f"<td>{escape(cell)}</td>" for cell in rest)
    return f'<tr>{_mark_cell(result)}<th scope="row" class="name">{_breakable(name)}</th>{others}</tr>'


def _latency_details(results: Sequence[Json]) -> str:
    """The percentiles by kind of request, where an operation has several."""
    rows = []
    for result in results:
        found = report.latencies(result)
        if len(found) < 2:
            continue
        for kind, shares in found.items():
            figures = "".join(f"<td>{number(shares.get(share))}</td>" for share in ("p50", "p95", "p99"))
            name = f'<th scope="row" class="name">{_breakable(result["name"])}</th>'
            rows.append(f'<tr>{name}<td class="word">{escape(kind)}</td>{figures}</tr>')
    if not rows:
        return ""
    head = _head(("benchmark", "of it", "p50 ms", "p95 ms", "p99 ms"), words=("benchmark", "of it"))
    return f"<details><summary>Percentiles, step by step</summary>{_wide('Percentiles', head, rows)}</details>"


def _remarks(results: Sequence[Json]) -> str:
    notes = list(dict.fromkeys(note for result in results if (note := report.note(result))))
    beside = list(dict.fromkeys(name for result in results if (name := report.beside(result))))
    troubles = [(result["name"], problem) for result in results for problem in report.problems(result)]
    parts = [f'<p class="soft small">{escape(note[:1].upper() + note[1:])}.</p>' for note in notes]
    if beside:
        parts.append(f'<p class="soft small">Yardsticks: {escape("; ".join(beside))}.</p>')
    parts += [f'<p class="bad small">{escape(name)}: {escape(problem)}</p>' for name, problem in troubles]
    return "".join(parts)


def _machines(results: Sequence[Json]) -> str:
    """Return the machines measured on; several where files of several runs were joined."""
    found: dict[str, tuple[Json, list[str], float]] = {}
    for result in results:
        made = report.made(result)
        if not made:
            continue
        own = {key: value for key, value in made.items() if key not in {"at", "seconds", "quick"}}
        _, suites, _ = found.setdefault(repr(own), (made, [], 0.0))
        if _suite(result) not in suites:
            suites.append(_suite(result))
    return "".join(_machine(made, suites) for made, suites, _ in found.values())


def _machine(made: Json, suites: Iterable[str]) -> str:
    packages = ", ".join(f"{name} {version}" for name, version in made["packages"].items())
    rows = {
        "Measured": f"{made['at']} and after: {', '.join(suites)}",
        "Commit": made["commit"],
        "Processor": f"{made['cores']} cores, {made['processor']}",
        "Memory": made["memory"],
        "System": f"{made['system']}, Python {made['python']}",
        "Packages": packages,
    }
    return (
        '<dl class="card">'
        + "".join(f"<dt>{key}</dt><dd>{escape(value)}</dd>" for key, value in rows.items())
        + "</dl>"
    )


def _wide(label: str, head: str, rows: Iterable[str]) -> str:
    table = f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"
    return f'<div class="wide" role="region" tabindex="0" aria-label="{escape(label)}">{table}</div>'


def _head(names: Iterable[str], *, words: Iterable[str]) -> str:
    left = set(words)
    cells = [
        f'<th scope="col"{" class=name" if name in left else ""}>{escape(name)}</th>' if name else "<td></td>"
        for name in names
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _mark_cell(result: Json) -> str:
    sign = mark(result)
    return f'<td class="mark {TONES[sign]}" title="{SAID[sign]}">{sign}</td>'


def _breakable(name: str) -> str:
    return escape(name).replace("/", "/<wbr>")
