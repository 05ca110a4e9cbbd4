"""Real marketplace orders through the whole market, and the memory of each of its processes meanwhile."""

from __future__ import annotations

import json
import statistics
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg

from runtime import embedded
from runtime.datadir import PROJECT_ROOT, DataDir
from tests.bench.core import busy
from tests.bench.core.measure import found, single
from tests.bench.core.options import Options
from tests.bench.core.parts import weigh_parts
from tests.bench.core.results import Figure, Result, Run, Target
from tests.bench.core.stand import Stand, free_port
from tests.world.market_process import MarketProcess, command, environment

DATA = PROJECT_ROOT.parent / "shared" / "data" / "olist"
EVERY_SECONDS = 4.0  # a look takes 70 ms of a core
NOTHING = Target("value", at_least=0, at_most=0)
FLAT = Target("ratio", at_most=1.10)
NOTE = "orders of the Olist data set, placed one after the other, paid by webhooks; last quarter against the second"


def run(stand: Stand, options: Options) -> Iterator[Result]:
    """Replay everything, then audit the books."""
    if not DATA.is_dir():
        raise FileNotFoundError(f"The orders to replay are expected in {DATA}.")
    watch = _Watch(stand.data_dir, every=options.pick(EVERY_SECONDS, 1.0))
    whole = single("replay/orders", lambda: _replay(stand.data_dir, watch, options), unit="orders/s", note=NOTE)
    yield whole
    came = whole.runs[0].figure.facts
    counts = (("audit-findings", "findings"), ("oversold", "units"), ("stock-left", "units"))
    for name, unit in counts:
        count = came[name.replace("-", "_")]
        yield found(f"replay/{name}", count, unit=unit, like=whole, target=NOTHING, depends_on_time=False)
    for name, (second, last) in watch.quarters().items():
        yield Result(
            name=f"replay/memory/{name}",
            unit="MiB",
            runs=(_as_run(whole, second, last),),
            is_valid=True,  # who else is at work changes how long it takes, not how much memory it takes
            yardstick_name="the second quarter",
            target=None if options.quick else FLAT,
        )


def _as_run(whole: Result, second: float, last: float) -> Run:
    return Run(Figure(last), Figure(second), whole.runs[0].others_share)


def _replay(data_dir: DataDir, watch: _Watch, options: Options) -> Figure:
    market = MarketProcess(data_dir, free_port(), free_port(), "--no-demo", timeout=300)
    try:
        market.wait_for_banner()
        words = command("replay", str(DATA), *options.pick((), ("--orders", "40", "--shops", "60")))
        replaying = subprocess.Popen(
            words, env=environment(data_dir), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        try:
            watch.look_on(market, replaying)
        finally:
            replaying.terminate()
            output, _ = replaying.communicate(timeout=60)
        totals: dict[str, Any] = json.loads(output.splitlines()[-1])
        audit = subprocess.run(
            command("audit_money", "--json"), env=environment(data_dir), capture_output=True, text=True, check=False
        )
        report = json.loads(audit.stdout.splitlines()[-1])
    finally:
        market.end()
    findings = sum(check["total"] for check in report["checks"])
    problems = () if report["complete"] else ("the audit is not complete",)
    facts = totals | {"audit_findings": findings, "series": watch.series, "in": _minutes(watch)}
    return Figure(watch.rate(), {}, facts, problems)


def _minutes(watch: _Watch) -> str:
    return f"{watch.seconds / 60:.1f} minutes"


@dataclass(slots=True)
class _Watch:
    """Looks at the market every few seconds while orders come in."""

    data_dir: DataDir
    every: float
    series: dict[str, list[list[float]]] = field(default_factory=dict)
    orders: list[tuple[float, int]] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """Return the duration of the replay."""
        busy_times = [at for at, count in self.orders if count]
        return busy_times[-1] - busy_times[0] if len(busy_times) > 1 else 0.0

    def look_on(self, market: MarketProcess, replaying: subprocess.Popen[str]) -> None:
        """Look until the replay has ended."""
        services = embedded.join(self.data_dir)
        assert services is not None
        with services, psycopg.connect(services.database_url, autocommit=True) as connection:
            began = time.monotonic()
            while replaying.poll() is None:
                row = connection.execute("SELECT count(*) FROM checkout_order").fetchone()
                at = time.monotonic() - began
                self.orders.append((at, row[0] if row else 0))
                self._weigh(market, replaying.pid, at)
                time.sleep(self.every)
            row = connection.execute("SELECT count(*) FROM checkout_order").fetchone()
            self.orders.append((time.monotonic() - began, row[0] if row else 0))

    def rate(self) -> float:
        """Orders a second, once they came in."""
        return self.orders[-1][1] / self.seconds if self.seconds else 0.0

    def quarters(self) -> Mapping[str, tuple[float, float]]:
        """Each process's memory in the second and in the last quarter of the orders."""
        total = self.orders[-1][1]
        starts = {share: next(at for at, count in self.orders if count >= total * share) for share in (0.25, 0.5, 0.75)}
        found: dict[str, tuple[float, float]] = {}
        for name, line in self.series.items():
            second = [size for at, size in line if starts[0.25] <= at < starts[0.5]]
            last = [size for at, size in line if at >= starts[0.75]]
            if second and last:
                found[name] = (statistics.mean(second), statistics.mean(last))
        return found

    def _weigh(self, market: MarketProcess, replaying: int, at: float) -> None:
        command_itself = {"replay": round(busy.memory_kib(replaying) / 1024, 1)}
        for name, size in (weigh_parts(market) | command_itself).items():
            self.series.setdefault(name, []).append([round(at, 1), size])
