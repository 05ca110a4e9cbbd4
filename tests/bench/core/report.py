"""Results as JSON holds them: `{name, value, unit, yardstick, ratio, target, ok, runs}`, and what follows from them.

Everything else is in the runs: whether they count, percentiles, problems, and (in the first of them) where and
when they were made. So a file says all that a report needs, and several files make one report.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.bench.core.results import medians

KEYS = ("name", "value", "unit", "yardstick", "ratio", "target", "ok", "runs")
MAIN = ("done", "order", "event", "read")  # the whole operation first, then the part that matters

Json = dict[str, Any]


class NotResultsError(ValueError):
    """A file holds something else."""


def read(paths: Iterable[Path]) -> list[Json]:
    """Put the results of several files together, in their order; what was measured twice counts as measured last.

    Raises:
        NotResultsError: a file is not there, or holds something else.
    """
    found: dict[str, Json] = {}
    for path in paths:
        try:
            results = json.loads(path.read_text())
        except (OSError, ValueError) as error:
            raise NotResultsError(f"{path}: {error}") from error
        if not isinstance(results, list) or not all(_is_result(each) for each in results):
            raise NotResultsError(f"{path}: this is not a list of a benchmark's results.")
        found |= {result["name"]: result for result in results}
    return list(found.values())


def write(path: Path, results: list[Json]) -> None:
    """Write a file that `read` reads."""
    path.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")


def stamp(result: Json, made: Json) -> None:
    """Note in a result when and on what it was measured."""
    result["runs"][0]["made"] = made


def made(result: Json) -> Json:
    """Return the time, machine and commit of a result."""
    found: Json = result["runs"][0].get("made", {})
    return found


def is_valid(result: Json) -> bool:
    """Return whether nobody else used the machine meanwhile."""
    return all(run["valid"] for run in result["runs"])


def spread(result: Json) -> float | None:
    """Return the spread of the runs, as a share of their median; None for a single one."""
    values = [run["value"] for run in result["runs"]]
    if len(values) < 2 or not result["value"]:
        return None
    return float((max(values) - min(values)) / result["value"])


def problems(result: Json) -> list[str]:
    """Return the faults of all runs."""
    return sorted({problem for run in result["runs"] for problem in run["problems"]})


def note(result: Json) -> str:
    """Return the meaning of a figure."""
    return str(result["runs"][0]["note"])


def beside(result: Json) -> str:
    """Return the yardstick."""
    return str(result["runs"][0]["yardstick_name"])


def others_share(result: Json) -> float:
    """The largest share of the machine that others had during a run."""
    return max(float(run["others_share"]) for run in result["runs"])


def latencies(result: Json) -> dict[str, dict[str, float]]:
    """The medians of the percentiles in milliseconds, by kind of request, the main one first."""
    found = medians([run["latency_ms"] for run in result["runs"]])
    order = {kind: place for place, kind in enumerate(MAIN)}
    return {kind: found[kind] for kind in sorted(found, key=lambda kind: (order.get(kind, len(MAIN)), kind))}


def main_latency(result: Json) -> dict[str, float]:
    """The percentiles of whole operations, where there are any."""
    return next(iter(latencies(result).values()), {})


def series(result: Json) -> list[dict[str, list[list[float]]]]:
    """Figures over time, `{"name": [[seconds, value], …]}`, of the runs that noted some."""
    return [run["facts"]["series"] for run in result["runs"] if run["facts"].get("series")]


def _is_result(candidate: Any) -> bool:
    return (
        isinstance(candidate, dict)
        and set(candidate) == set(KEYS)
        and bool(candidate["runs"])
        and all("valid" in run for run in candidate["runs"])
    )
