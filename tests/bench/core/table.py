"""Printed output of a run."""

from __future__ import annotations

import sys
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.core import report

COLUMNS = ("", "benchmark", "median", "unit", "p50", "p95", "p99 ms", "yardstick", "ratio", "spread", "runs", "target")


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def line(result: dict[str, Any]) -> str:
    """A result in a line, as it comes."""
    words = [f"  {mark(result)} {result['name']}: {number(result['value'])} {result['unit']}"]
    if result["ratio"] is not None:
        words.append(f"{number(result['ratio'])} of {number(result['yardstick'])} ({report.beside(result)})")
    if result["target"]:
        words.append(f"target {limit(result['target'])}")
    if not report.is_valid(result):
        words.append(f"others had {report.others_share(result):.0%} of the machine")
    words += report.problems(result)
    return "; ".join(words)


def show(results: list[dict[str, Any]]) -> None:
    """Print all results as a table."""
    table = Table(*COLUMNS, title="Medians; a ratio is ours over the yardstick's in the same turn")
    for result in results:
        table.add_row(*cells(result))
    # A table that is piped somewhere keeps its columns.
    Console(width=None if sys.stdout.isatty() else 180).print(table)


def cells(result: dict[str, Any]) -> list[str]:
    """A result's row, as in `COLUMNS`."""
    latency = report.main_latency(result)
    spread = report.spread(result)
    return [
        mark(result),
        result["name"],
        number(result["value"]),
        result["unit"],
        *(number(latency.get(name)) for name in ("p50", "p95", "p99")),
        number(result["yardstick"]),
        number(result["ratio"]),
        "" if spread is None else f"{spread:.0%}",
        str(len(result["runs"])),
        limit(result["target"]) if result["target"] else "",
    ]


def mark(result: dict[str, Any]) -> str:
    """Return whether it is valid, and whether it is as good as it should be."""
    if not report.is_valid(result):
        return "!"
    if result["target"] is None and result["ok"]:
        return "·"
    return "✓" if result["ok"] else "✗"


def limit(target: dict[str, Any]) -> str:
    """A target for people."""
    least, most = target.get("at_least"), target.get("at_most")
    if least is not None and least == most:
        words = f"= {number(least)}"
    else:
        limits = (("≥", least), ("≤", most))
        words = " and ".join(f"{sign} {number(value)}" for sign, value in limits if value is not None)
    return f"ratio {words}" if target["of"] == "ratio" else words


def number(value: float | None) -> str:
    """A figure with as many digits as mean anything."""
    if value is None:
        return ""
    if abs(value) >= 999.5:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) >= 0.0001 or not value else f"{value:.1e}"
