"""What a run prints."""

from __future__ import annotations

import sys
from typing import Any

from rich.console import Console
from rich.table import Table

COLUMNS = ("", "benchmark", "median", "unit", "p50", "p95", "p99 ms", "yardstick", "ratio", "spread", "target")


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def line(result: dict[str, Any]) -> str:
    """A result in a line, as it comes."""
    words = [f"  {mark(result)} {result['name']}: {number(result['value'])} {result['unit']}"]
    if result["ratio"] is not None:
        words.append(f"{result['ratio']:.3g} of {number(result['yardstick'])} ({result['yardstick_name']})")
    if result["target"]:
        words.append(f"target {limit(result['target'])}")
    words += result["problems"]
    return "; ".join(words)


def show(results: list[dict[str, Any]]) -> None:
    """Print all results as a table."""
    table = Table(*COLUMNS, title="Medians; a ratio is ours over the yardstick's in the same turn")
    for result in results:
        table.add_row(*_cells(result))
    # A table that is piped somewhere keeps its columns.
    Console(width=None if sys.stdout.isatty() else 180).print(table)


def _cells(result: dict[str, Any]) -> list[str]:
    latency = main_latency(result)
    return [
        mark(result),
        result["name"],
        number(result["value"]),
        result["unit"],
        *(number(latency.get(name)) for name in ("p50", "p95", "p99")),
        number(result["yardstick"]),
        number(result["ratio"]),
        f"{result['spread']:.0%}",
        limit(result["target"]) if result["target"] else "",
    ]


def main_latency(result: dict[str, Any]) -> dict[str, float]:
    """The percentiles of whole operations, where there are any."""
    latency: dict[str, dict[str, float]] = result["latency_ms"]
    return latency.get("done") or next(iter(latency.values()), {})


def mark(result: dict[str, Any]) -> str:
    """Whether it is valid, and whether it is as good as it should be."""
    if not result["valid"]:
        return "!"
    if result["target"] is None and result["ok"]:
        return "·"
    return "✓" if result["ok"] else "✗"


def limit(target: dict[str, Any]) -> str:
    """A target for people."""
    signs = {"at_least": "≥", "at_most": "≤"}
    words = " and ".join(f"{sign} {target[name]:g}" for name, sign in signs.items() if name in target)
    return f"ratio {words}" if target["of"] == "ratio" else words


def number(value: float | None) -> str:
    """A figure with as many digits as mean anything."""
    if value is None:
        return ""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"
