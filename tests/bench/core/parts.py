"""Memory of each part of a running market."""

from __future__ import annotations

from collections.abc import Mapping

from runtime.datadir import DAEMON_PID, read_json
from tests.bench.core import busy
from tests.world.market_process import MarketProcess

SERVERS = frozenset({"postgres", "valkey-server"})


def weigh_parts(market: MarketProcess) -> dict[str, float]:
    """Return the proportional set size of each part, in MiB: web server, worker, databases and so on."""
    names = {pid: name for name, pid in market.children().items()}
    names[read_json(market.data_dir.services_state)[DAEMON_PID]] = "daemon"
    family = busy.family(market.process.pid)
    parents = {process.pid: process.parent for process in family}
    sizes: dict[str, float] = {}
    for process in family:
        name = _part_of(process, parents, names)
        sizes[name] = sizes.get(name, 0.0) + busy.memory_kib(process.pid) / 1024
    return {name: round(size, 1) for name, size in sizes.items()}


def _part_of(process: busy.Process, parents: Mapping[int, int], names: Mapping[int, str]) -> str:
    """Return the part of the market that a process belongs to."""
    if process.name in SERVERS:
        return process.name
    pid: int | None = process.pid
    while pid is not None:
        if pid in names:
            return names[pid]
        pid = parents.get(pid)
    return "supervisor"
