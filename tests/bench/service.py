"""Processes that call a service over and over, without HTTP in between.

`python -m tests.bench.service` reads from standard input what to do, then, for each line, for how long; it
answers each with a line.
"""

from __future__ import annotations

import contextlib
import gc
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any
from uuid import UUID

from tests.bench.core.results import Figure, percentiles

Work = Callable[[random.Random, dict[str, Any]], str]
KEPT = 2_000  # latencies that a process reports, evenly chosen


@dataclass(slots=True)
class Crew:
    """Some processes that work at the same time."""

    members: list[subprocess.Popen[str]]

    def go(self, seconds: float, **arguments: Any) -> Figure:
        """Let all work for some seconds, and say how much was done in all.

        Args:
            arguments: what differs from what they were started with, this time.
        """
        for member in self.members:
            _tell(_in(member), {"seconds": seconds, "arguments": arguments})
        answers = [_heard(member) for member in self.members]
        outcomes: Counter[str] = Counter()
        took: dict[str, list[float]] = {}
        for answer in answers:
            outcomes.update(answer["outcomes"])
            for name, values in answer["took_ms"].items():
                took.setdefault(name, []).extend(values)
        rate = sum(answer["outcomes"].get("done", 0) / answer["seconds"] for answer in answers)
        problems = tuple(sorted({text for answer in answers for text in answer["errors"]}))
        latency = {name: percentiles(values) for name, values in took.items()}
        return Figure(rate, latency, {"outcomes": dict(outcomes)}, problems)


@contextmanager
def crew(work: str, *, processes: int, arguments: dict[str, Any]) -> Iterator[Crew]:
    """Start processes that do `work` when told to, and end them."""
    words = [sys.executable, "-m", "tests.bench.service"]
    with contextlib.ExitStack() as stack:
        members = []
        for _ in range(processes):
            member = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            stack.callback(_end, member)
            members.append(member)
        for member in members:
            _tell(_in(member), {"work": work, "arguments": arguments})
        for member in members:
            _heard(member)
        yield Crew(members)


def _in(member: subprocess.Popen[str]) -> IO[str]:
    assert member.stdin is not None
    return member.stdin


def _tell(stream: IO[str], what: dict[str, Any]) -> None:
    stream.write(json.dumps(what) + "\n")
    stream.flush()


def _heard(member: subprocess.Popen[str]) -> dict[str, Any]:
    assert member.stdout is not None
    line = member.stdout.readline()
    if not line:
        raise RuntimeError("A process of the crew has ended; its last words are above.")
    answer: dict[str, Any] = json.loads(line)
    return answer


def _end(member: subprocess.Popen[str]) -> None:
    _in(member).close()
    try:
        member.wait(timeout=10)
    except subprocess.TimeoutExpired:
        member.kill()
        member.wait()
    if member.stdout is not None:
        member.stdout.close()


def main() -> int:
    """Work until nobody asks any more."""
    import django

    django.setup()
    from gateway.registry import load_providers
    from kit.garbage import collect_garbage_rarely

    load_providers()  # as a web server's process does before its first request
    gc.collect()
    gc.freeze()
    collect_garbage_rarely()
    asked = json.loads(sys.stdin.readline())
    work, arguments = WORKS[asked["work"]](), asked["arguments"]
    rnd = random.Random()
    _tell(sys.stdout, {"ready": True})
    for line in sys.stdin:
        told = json.loads(line)
        _tell(sys.stdout, _work(work, rnd, arguments | told["arguments"], told["seconds"]))
    return 0


def _work(work: Work, rnd: random.Random, arguments: dict[str, Any], seconds: float) -> dict[str, Any]:
    outcomes: Counter[str] = Counter()
    took: dict[str, list[float]] = {}
    errors: set[str] = set()
    TIMES.clear()
    began = time.perf_counter()
    while (start := time.perf_counter()) - began < seconds:
        try:
            outcome = work(rnd, arguments)
        except Exception as error:  # noqa: BLE001 - reported, and the run does not count
            outcome = "failed"
            errors.add(f"{type(error).__name__}: {error}"[:300])
        outcomes[outcome] += 1
        took.setdefault(outcome, []).append((time.perf_counter() - start) * 1000)
    took |= TIMES
    return {
        "outcomes": dict(outcomes),
        "seconds": time.perf_counter() - began,
        "took_ms": {name: values[:: max(1, len(values) // KEPT)] for name, values in took.items()},
        "errors": sorted(errors)[:3],
    }


TIMES: dict[str, list[float]] = {}


def place_orders() -> Work:
    """Place orders of one shop each: `goods` are variant, shop and price; those asked for come from them."""
    from django.db import transaction
    from django.utils import timezone

    from checkout.errors import InsufficientStockError
    from checkout.placing import pipelined_commit
    from checkout.placing import place_order as careful
    from checkout.placing.place_order import place_order
    from checkout.placing.request import Address, Buyer, OrderRequest
    from checkout.pricing.lines import CartLine
    from tests.bench.scenarios import ADDRESS

    address = Address(**ADDRESS)
    for module in (pipelined_commit, careful):
        _watch_lock(module, transaction.on_commit)

    def work(rnd: random.Random, arguments: dict[str, Any]) -> str:
        variant_id, shop_id, price_minor = rnd.choice(arguments["goods"])
        key = f"{rnd.getrandbits(96):024x}"
        request = OrderRequest(
            buyer=Buyer(email="buyer@example.com"),
            shipping_address=address,
            billing_address=address,
            scope=f"checkout:guest-{key}",
            request_key=key,
        )
        try:
            place_order(
                lines=[CartLine(UUID(variant_id), shop_id, 1, price_minor)], request=request, now=timezone.now()
            )
        except InsufficientStockError:
            return "sold out"
        return "done"

    return work


def _watch_lock(module: Any, on_commit: Callable[[Callable[[], None]], None]) -> None:
    """Time how long a variant's row stays locked: from the trip that writes and takes it to the end of the commit."""
    ask_all = module.ask_all

    def timed(queries: Any) -> Any:
        began = time.perf_counter()
        found = ask_all(queries)
        held = time.perf_counter()
        TIMES.setdefault("rows and stock", []).append((held - began) * 1000)
        on_commit(lambda: TIMES.setdefault("lock held after", []).append((time.perf_counter() - held) * 1000))
        return found

    module.ask_all = timed


def post_sales() -> Work:
    """Post the sale of a payment to one of the shops."""
    from django.utils import timezone

    from kit.ids import uuid7
    from payouts.services.journals import post
    from payouts.services.posting import SaleShare, prepare_sale

    def work(rnd: random.Random, arguments: dict[str, Any]) -> str:
        now = timezone.now()
        post(
            prepare_sale(
                provider="paystack",
                reference=f"bench-{rnd.getrandbits(96):024x}",
                currency="NGN",
                captured_minor=100_000,
                fees_minor=1_500,
                shares=[SaleShare(rnd.choice(arguments["shops"]), uuid7(), 92_000, 8_000)],
                refundable_minor=0,
                occurred_at=now,
                now=now,
            )
        )
        return "done"

    return work


WORKS: dict[str, Callable[[], Work]] = {"place_orders": place_orders, "post_sales": post_sales}

if __name__ == "__main__":
    sys.exit(main())
