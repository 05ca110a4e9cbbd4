"""Pays all shops that can be paid: `python -m tests.bench.paying.pay OPTIONS`, which prints what it took as JSON.

`minutes` in the options says how long after now it is: what another process held when it was killed is free by then.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any


@dataclass(slots=True)
class Counted:
    """Statements that were sent."""

    statements: int = 0


@contextmanager
def counting() -> Iterator[Counted]:
    """Count the statements of a block, on any connection of this process."""
    from django.db.backends.utils import CursorWrapper

    from tenants.database.round_trips import RoundTrips

    counted, run, go = Counted(), CursorWrapper._execute_with_wrappers, RoundTrips.go  # type: ignore[attr-defined]

    def counted_run(self: Any, *args: Any, **named: Any) -> Any:
        counted.statements += 1
        return run(self, *args, **named)

    def counted_go(self: Any, statements: Any) -> Any:
        counted.statements += len(statements)
        return go(self, statements)

    CursorWrapper._execute_with_wrappers, RoundTrips.go = counted_run, counted_go  # type: ignore[attr-defined, method-assign]
    try:
        yield counted
    finally:
        CursorWrapper._execute_with_wrappers, RoundTrips.go = run, go  # type: ignore[attr-defined, method-assign]


def without_pauses(most_at_once: int) -> None:
    """Let calls follow each other at once: the provider's own limit is not what is measured."""
    from gateway.paystack.adapter import Paystack
    from gateway.paystack.transfers import RULES

    Paystack.transfers = replace(RULES, pause_seconds=0.0, most_at_once=most_at_once)


def pay_all(*, now: datetime) -> dict[str, Any]:
    """Make the runs that are due, send all that is prepared, and ask until all of it is paid."""
    from payouts.models import Payout, PayoutStatus
    from payouts.runs.create import create_runs
    from payouts.runs.errors import NothingToPayError
    from payouts.runs.poll_transfers import ask_about_transfers
    from payouts.runs.send import send_runs

    took: dict[str, Any] = {}
    with counting() as counted:
        before = 0
        for name in ("make", "send", "ask"):
            began = time.perf_counter()
            if name == "make":
                try:
                    create_runs(now=now)
                except NothingToPayError:
                    took["nothing_to_make"] = True
            elif name == "send":
                while Payout.objects.filter(status=PayoutStatus.PREPARED).exists():
                    send_runs(now=now)
                    now += timedelta(minutes=1)
            else:
                while Payout.objects.filter(status=PayoutStatus.SENDING).exists():
                    now += timedelta(minutes=10)
                    ask_about_transfers(now=now)
            took[name] = {"seconds": time.perf_counter() - began, "statements": counted.statements - before}
            before = counted.statements
    return took


def main() -> int:
    """Pay, and report."""
    asked: dict[str, Any] = json.loads(sys.argv[1])
    import django

    django.setup()
    from django.conf import settings
    from django.utils import timezone

    settings.PAYOUT_SECOND_APPROVAL_MINOR = 10**15
    without_pauses(asked.get("most", 100))
    took = pay_all(now=timezone.now() + timedelta(minutes=asked.get("minutes", 0)))
    took["memory_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps(took) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
