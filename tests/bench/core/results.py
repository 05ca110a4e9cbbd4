"""Results of a benchmark, and their targets."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Of = Literal["value", "ratio"]


@dataclass(frozen=True, slots=True)
class Target:
    """A limit for a figure, or for its ratio to the yardstick's."""

    of: Of
    at_least: float | None = None
    at_most: float | None = None

    def is_met(self, *, value: float, ratio: float | None) -> bool:
        """Return whether a result is within the limit."""
        figure = ratio if self.of == "ratio" else value
        if figure is None:
            return False
        return (self.at_least is None or figure >= self.at_least) and (self.at_most is None or figure <= self.at_most)

    def __str__(self) -> str:
        limits = [("≥", self.at_least), ("≤", self.at_most)]
        words = " and ".join(f"{sign} {limit:g}" for sign, limit in limits if limit is not None)
        return f"ratio {words}" if self.of == "ratio" else words


@dataclass(frozen=True, slots=True)
class Figure:
    """One run of one side.

    Args:
        value: in the benchmark's unit.
        latency_ms: percentiles by kind of request, such as `{"order": {"p50": 3.1, "p95": 7.0}}`.
        facts: whatever else was seen.
        problems: why the run does not count: answers that should not have been given, stock that is wrong.
    """

    value: float
    latency_ms: dict[str, dict[str, float]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """A figure, its yardstick's in the same turn, and how much of the machine others had meanwhile."""

    figure: Figure
    yardstick: Figure | None
    others_share: float

    @property
    def ratio(self) -> float | None:
        """Ours over the yardstick's."""
        return self.figure.value / self.yardstick.value if self.yardstick and self.yardstick.value else None

    @property
    def problems(self) -> list[str]:
        """Return the reasons why the run does not count; a failing yardstick would flatter us."""
        theirs = self.yardstick.problems if self.yardstick else ()
        return [*self.figure.problems, *(f"yardstick: {problem}" for problem in theirs)]


@dataclass(frozen=True, slots=True)
class Result:
    """Reported result of one benchmark."""

    name: str
    unit: str
    runs: tuple[Run, ...]
    is_valid: bool
    yardstick_name: str = ""
    target: Target | None = None
    note: str = ""

    @property
    def value(self) -> float:
        """The median of our runs."""
        return statistics.median(run.figure.value for run in self.runs)

    @property
    def yardstick(self) -> float | None:
        """The median of the yardstick's runs."""
        values = [run.yardstick.value for run in self.runs if run.yardstick]
        return statistics.median(values) if values else None

    @property
    def ratio(self) -> float | None:
        """The median of the ratios, each of two runs side by side."""
        ratios = [run.ratio for run in self.runs if run.ratio is not None]
        return statistics.median(ratios) if ratios else None

    @property
    def problems(self) -> list[str]:
        """Return the faults of all runs."""
        return sorted({problem for run in self.runs for problem in run.problems})

    @property
    def is_ok(self) -> bool:
        """Return whether it is valid, nothing went wrong, and the target, if there is one, is met."""
        met = self.target is None or self.target.is_met(value=self.value, ratio=self.ratio)
        return self.is_valid and met and not self.problems

    def latency_ms(self) -> dict[str, dict[str, float]]:
        """The medians of the percentiles, by kind of request."""
        return medians([run.figure.latency_ms for run in self.runs])

    def as_json(self) -> dict[str, Any]:
        """The result for programs; `tests.bench.core.report` reads it."""
        target = (
            {name: limit for name, limit in asdict(self.target).items() if limit is not None} if self.target else None
        )
        return {
            "name": self.name,
            "value": _short(self.value),
            "unit": self.unit,
            "yardstick": _short(self.yardstick),
            "ratio": _short(self.ratio),
            "target": target,
            "ok": self.is_ok,
            "runs": [self._run_as_json(run) for run in self.runs],
        }

    def _run_as_json(self, run: Run) -> dict[str, Any]:
        return {
            "value": _short(run.figure.value),
            "yardstick": _short(run.yardstick.value if run.yardstick else None),
            "yardstick_name": self.yardstick_name,
            "ratio": _short(run.ratio),
            "valid": self.is_valid,
            "others_share": round(run.others_share, 4),
            "latency_ms": {
                kind: {name: round(value, 3) for name, value in shares.items()}
                for kind, shares in run.figure.latency_ms.items()
            },
            "problems": run.problems,
            "facts": run.figure.facts,
            "yardstick_facts": run.yardstick.facts if run.yardstick else {},
            "note": self.note,
        }


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.5g}")


def medians(latencies: list[dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    """The medians of several runs' percentiles, by kind of request."""
    found: dict[str, dict[str, float]] = {}
    for kind in sorted({kind for each in latencies for kind in each}):
        seen = [each[kind] for each in latencies if each.get(kind)]
        if seen:
            found[kind] = {name: statistics.median(each[name] for each in seen) for name in seen[0]}
    return found


def percentiles(values: list[float]) -> dict[str, float]:
    """The usual percentiles of some values, nearest rank."""
    ordered = sorted(values)
    if not ordered:
        return {}
    last = len(ordered) - 1
    return {f"p{share}": ordered[min(last, round(last * share / 100))] for share in (50, 95, 99)}
