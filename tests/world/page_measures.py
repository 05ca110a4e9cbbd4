"""Bytes that a page's first view takes, and how far its parts move while it loads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.world.visitor import Visitor

MOST_BYTES = 250_000
MOST_SHIFT = 0.05
SHIFT = """() => new Promise((resolve) => {
    let moved = 0;
    const add = (list) => list.getEntries().forEach((entry) => { moved += entry.hadRecentInput ? 0 : entry.value; });
    const observer = new PerformanceObserver(add);
    observer.observe({type: "layout-shift", buffered: true});
    requestAnimationFrame(() => setTimeout(() => { add({getEntries: () => observer.takeRecords()}); resolve(moved); }));
})"""


class Meter:
    """Counts the bytes that a visitor's page takes over the network, with nothing kept from before."""

    def __init__(self, visitor: Visitor) -> None:
        self._page = visitor.page
        self._taken: dict[str, int] = {}
        session = visitor.context.new_cdp_session(visitor.page)
        session.on("Network.loadingFinished", self._count)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def _count(self, event: dict[str, Any]) -> None:
        self._taken[event["requestId"]] = int(event["encodedDataLength"])

    def faults_of(self, address: str, *, wait_ms: int = 0) -> Iterator[str]:
        """Open a page and yield what of its first view is above the limits, so long after it has loaded."""
        self._taken.clear()
        self._page.goto(address, wait_until="load")
        self._page.wait_for_timeout(wait_ms)
        shift = float(self._page.evaluate(SHIFT))
        if (taken := sum(self._taken.values())) > MOST_BYTES:
            yield f"the first view takes {taken:,} bytes"
        if shift > MOST_SHIFT:
            yield f"parts move by {shift:.3f} while it loads"
