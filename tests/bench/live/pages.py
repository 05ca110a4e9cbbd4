"""Many open pages of orders in a process of its own, and a shop that moves some of them.

`python -m tests.bench.live.pages` reads what to do from standard input, a line of JSON: addresses of pages, moves. It
prints a line once all pages are open and have asked for changes, waits for a line, makes the moves, and prints what it
saw.
Each page has a connection of its own, asks as `static/js/live.js` does, and loads itself after a change.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import re
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.bench.core.results import percentiles

EVERY_SECONDS = 1.0  # as in live.js
OPENING_AT_ONCE = 16
LIVE = re.compile(rb'<meta name="live" content="([^"]+)" data-at="(\d+)">')
PART = re.compile(rb'<div id="live-order".*?</main>', re.DOTALL)
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')


@dataclass(slots=True)
class Connection:
    """A kept connection of one browser to one host."""

    port: int
    headers: Mapping[str, str]
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None

    async def ask(
        self, method: str, path: str, *, body: bytes = b"", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers with names in lower case, and body of an answer."""
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
        assert self._reader is not None
        lines = [f"{method} {path} HTTP/1.1"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in {**self.headers, **headers}.items()]
        lines += [f"Content-Length: {len(body)}"] if method == "POST" else []
        self._writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        found = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:]) if name}
        content = await self._body(found)
        if found.get("connection") == "close":
            self.close()
        return int(head[0].split(" ", 2)[1]), found, content

    async def _body(self, headers: Mapping[str, str]) -> bytes:
        assert self._reader is not None
        if "chunked" not in headers.get("transfer-encoding", ""):
            return await self._reader.readexactly(int(headers.get("content-length", 0)))
        content = b""
        while size := int(await self._reader.readuntil(b"\r\n"), 16):
            content += (await self._reader.readexactly(size + 2))[:-2]
        await self._reader.readexactly(2)
        return content

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


@dataclass(slots=True)
class Seen:
    """Result of a run: milliseconds from each click until each page of its order had changed, and counts."""

    clicked_at: dict[int, float] = field(default_factory=dict)
    changed: list[float] = field(default_factory=list)
    questions: list[float] = field(default_factory=list)
    clicks: list[float] = field(default_factory=list)
    loads: int = 0
    idle_loads: int = 0
    problems: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        kinds = {"changed": self.changed, "question": self.questions, "click": self.clicks}
        latency = {kind: percentiles(values) | {"max": max(values, default=0.0)} for kind, values in kinds.items()}
        counts = {"changed": len(self.changed), "questions": len(self.questions)}
        loads = {"loads": self.loads, "loads_without_a_change": self.idle_loads}
        return {"latency_ms": latency, **counts, **loads, "problems": self.problems[:5]}


class OpenPage:
    """One page of an order in one browser, which is looked at."""

    def __init__(self, seen: Seen, port: int, *, order: int, path: str, headers: Mapping[str, str]) -> None:
        self._seen = seen
        self._order, self._path = order, path
        self._connection = Connection(port, headers)
        self._live, self._changed_at, self._tag, self._shown = "", 0, "", ""

    async def open(self) -> None:
        """Load the page for the first time."""
        content = await self._load()
        live = LIVE.search(content)
        if live is None:
            raise RuntimeError(f"The page {self._path} is not live.")
        self._live, self._changed_at = live[1].decode(), int(live[2])

    async def ask_each_second(self, is_over: asyncio.Event) -> None:
        """Ask for changes until all is over, each page at another moment of the second."""
        await asyncio.sleep(random.random() * EVERY_SECONDS)
        while not is_over.is_set():
            try:
                await self._ask()
            except (OSError, asyncio.IncompleteReadError) as error:
                self._seen.problems.append(f"{type(error).__name__}: {error}")
                self._connection.close()
            await asyncio.sleep(EVERY_SECONDS)
        self._connection.close()

    async def _ask(self) -> None:
        known: dict[str, Any] = {"If_None_Match": self._tag} if self._tag else {}
        began = time.perf_counter()
        status, headers, _ = await self._connection.ask("GET", self._live, **known)
        self._seen.questions.append((time.perf_counter() - began) * 1000)
        if status not in {204, 304}:
            self._seen.problems.append(f"{status} for a question")
            return
        self._tag = headers.get("etag", self._tag)
        changed_at = int(self._tag.strip('"'))
        if changed_at > self._changed_at:
            await self._show()
            self._changed_at = changed_at

    async def _show(self) -> None:
        before = self._shown
        await self._load()
        self._seen.loads += 1
        clicked_at = self._seen.clicked_at.get(self._order)
        if before == self._shown or clicked_at is None:
            self._seen.idle_loads += 1
        else:
            self._seen.changed.append((time.perf_counter() - clicked_at) * 1000)

    async def _load(self) -> bytes:
        status, _, content = await self._connection.ask("GET", self._path)
        part = PART.search(content)
        if status != 200 or part is None:
            raise RuntimeError(f"{status} for {self._path}")
        self._shown = hashlib.sha256(TOKEN.sub(b"", part[0])).hexdigest()
        return content


async def click(seen: Seen, port: int, move: Mapping[str, Any]) -> None:
    """Make a shop's move over its API."""
    shop = Connection(port, move["headers"])
    seen.clicked_at[move["order"]] = began = time.perf_counter()
    status, _, content = await shop.ask("POST", move["path"], body=b"{}", Content_Type="application/json")
    seen.clicks.append((time.perf_counter() - began) * 1000)
    if status != 200:
        seen.problems.append(f"{status} for a move: {content[:200].decode(errors='replace')}")
    shop.close()


async def run(asked: Mapping[str, Any]) -> Seen:
    """Open the pages, say so, wait to be told, and make the moves."""
    seen, is_over, turns = Seen(), asyncio.Event(), asyncio.Semaphore(OPENING_AT_ONCE)
    pages = [OpenPage(seen, asked["port"], **page) for page in asked["pages"]]

    async def open_page(page: OpenPage) -> None:
        async with turns:
            await page.open()

    await asyncio.gather(*map(open_page, pages))
    asking = [asyncio.create_task(page.ask_each_second(is_over)) for page in pages]
    await asyncio.sleep(asked["idle_seconds"])
    say("open")
    await asyncio.to_thread(sys.stdin.readline)
    for move in asked["moves"]:
        await click(seen, asked["port"], move)
        await asyncio.sleep(asked["pause_seconds"])
    await asyncio.sleep(asked["idle_seconds"])
    is_over.set()
    await asyncio.gather(*asking)
    return seen


def say(line: str) -> None:
    """Write a line for the process that has started this one."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Do what the first line of standard input says."""
    seen = asyncio.run(run(json.loads(sys.stdin.readline())))
    say(json.dumps(seen.as_json()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
