"""A payout run to 10,000 shops: time, statements and memory; and one that is killed half-way and started again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx

from payouts.audit.ledger import LEDGER_CHECKS
from payouts.audit.payouts import PAYOUT_CHECKS
from payouts.audit.release import RELEASE_CHECKS
from payouts.models import Payout, PayoutStatus
from runtime import processes
from runtime.up import probes
from tests.bench import market
from tests.bench.core.measure import against, found, single
from tests.bench.core.options import Options
from tests.bench.core.results import Figure, Result, Target
from tests.bench.core.stand import Stand
from tests.bench.paying.shops import AMOUNT, earn, open_payable

PHASES = ("make", "send", "ask")
SECONDS = Target("value", at_most=300.0)
CONSTANT = Target("ratio", at_most=1.02)
BOUNDED = Target("ratio", at_most=1.25)
NOTHING = Target("value", at_most=0)
RESTARTED_AFTER_MINUTES = 60  # nothing that a killed process held is held by then


def run(stand: Stand, options: Options) -> Iterator[Result]:
    """Pay few shops, then many, then many again by a process that is killed."""
    few, many = options.pick((1_000, options.payout_shops), (40, 80))
    stand.migrate()
    _bank(stand)
    open_payable(few, named="few")
    earn("ks-few-")
    market.settle()
    small = single(f"payouts/{few}-shops", lambda: _paid(few), unit="s")
    yield small
    open_payable(many - few, named="many")
    earn("ks-many-")
    market.settle()
    large = single(
        f"payouts/{many}-shops", lambda: _paid(many), unit="s", target=None if options.quick else SECONDS, note=NOTE
    )
    yield large
    for name, unit, target, is_each in (
        ("statements-per-shop", "statements", CONSTANT, True),
        ("memory", "MiB", BOUNDED, False),
    ):
        ours, theirs = (
            _fact(result, unit) / (shops if is_each else 1) for result, shops in ((large, many), (small, few))
        )
        yield against(
            f"payouts/{name}",
            found(large.name, ours, unit=unit, like=large, depends_on_time=False),
            found(small.name, theirs, unit=unit, like=small, depends_on_time=False),
            target=target,
        )
    earn("ks-again-")
    yield from _killed(many, like=large, most=options.pick(100, 10))


NOTE = "a run made, sent and asked about to its end, one process; the provider answers at once and has no pause"


def _fact(result: Result, unit: str) -> float:
    """Return the statements of all phases of a run, or the memory that it has used at most."""
    facts = result.runs[0].figure.facts
    return float(facts["memory_mib"] if unit == "MiB" else sum(facts[phase][unit] for phase in PHASES))


def _bank(stand: Stand) -> None:
    port = urlsplit(os.environ["PAYSTACK_BASE_URL"]).port or 0
    words = [sys.executable, "-m", "tests.bench.paying.bank", str(port)]
    stand.process("bank", words, lambda: probes.is_answering(port))


def _paid(shops: int) -> Figure:
    """Pay all, and check that each was paid once."""
    before = _at_bank()
    child = _start()
    took = json.loads(_end(child))
    return Figure(sum(took[phase]["seconds"] for phase in PHASES), {}, took, tuple(_problems(before, shops)))


def _killed(shops: int, *, like: Result, most: int) -> Iterator[Result]:
    """Kill a run when half of it was sent, start it again, and count who was paid twice or not at all."""
    before = _at_bank()
    child = _start(most=most)
    while _at_bank()["transfers"] - before["transfers"] < shops // 2:
        if child.poll() is not None:
            raise RuntimeError("It had ended before it could be killed.")
        time.sleep(0.005)
    processes.signal_group(child.pid, signal.SIGKILL)
    child.wait()
    sent = _at_bank()["transfers"] - before["transfers"]
    _end(_start(minutes=RESTARTED_AFTER_MINUTES))
    problems = _problems(before, shops)
    sys.stderr.write(f"  killed when {sent:,} of {shops:,} were sent; {'; '.join(problems) or 'each was paid once'}\n")
    yield found(
        "payouts/wrong-after-a-kill", len(problems), unit="faults", like=like, target=NOTHING, depends_on_time=False
    )


def _problems(before: dict[str, int], shops: int) -> list[str]:
    """Return what is wrong with the payments since some moment: each shop is to have been sent its amount once."""
    after = _at_bank()
    transfers, sent = after["transfers"] - before["transfers"], after["sent_minor"] - before["sent_minor"]
    expected = (shops, shops * AMOUNT)
    wrong = []
    if (transfers, sent) != expected:
        wrong.append(f"{transfers:,} transfers of {sent:,}, not {expected[0]:,} of {expected[1]:,}")
    if open_payouts := Payout.objects.exclude(status=PayoutStatus.PAID).count():
        wrong.append(f"{open_payouts:,} payouts are not paid")
    checks = (*LEDGER_CHECKS, *PAYOUT_CHECKS, *RELEASE_CHECKS)
    off = {check.name: check.find((), ()).total for check in checks if check.name != "schemas"}  # they have none
    return wrong + [f"{name}: {total:,}" for name, total in off.items() if total]


def _at_bank() -> dict[str, int]:
    paid: dict[str, int] = httpx.get(f"{os.environ['PAYSTACK_BASE_URL']}/paid", timeout=30).json()["data"]
    return paid


def _start(**asked: int) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "tests.bench.paying.pay", json.dumps(asked)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, start_new_session=True)


def _end(child: subprocess.Popen[str]) -> str:
    said, _ = child.communicate()
    if child.returncode:
        raise RuntimeError(f"Paying ended with {child.returncode}.")
    return said.splitlines()[-1]
