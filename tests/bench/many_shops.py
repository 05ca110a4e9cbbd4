"""What goes through all shops, measured: each command, and each page of the operators' console."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator

from django.core.management import call_command
from django.test import Client

from accounts.models import User
from accounts.services.people import create_user
from tests.bench.core.measure import compare
from tests.bench.core.options import Options
from tests.bench.core.results import Figure, Result, Target

COMMANDS: dict[str, tuple[list[str], float]] = {
    "audit": (["audit_money", "--no-provider"], 30.0),
    "listings-verify": (["listings", "verify"], 30.0),
    "status": (["shops", "status", "--no-drift"], 30.0),
}
PAGES = ("", "applications/", "shops/", "categories/", "orders/", "payments/", "refunds/", "inbox/", "ledger/",
         "ledger/journals/", "migrations/", "bulk-jobs/", "traffic/", "audit-log/")  # fmt: skip
PAGE = Target("value", at_most=1_000.0)
OPERATOR = "operator@bench.example"


def measure_commands(size: int, options: Options) -> Iterator[Result]:
    """Measure every command that goes through all shops, in this process."""
    for name, (words, most) in COMMANDS.items():
        yield compare(
            f"shops/{size}/{name}",
            _timed(lambda words=words: call_command(*words, stdout=io.StringIO())),  # type: ignore[misc]
            unit="s",
            rounds=options.pick(3, 1),
            target=Target("value", at_most=most),
        )


def measure_pages(size: int, options: Options) -> Iterator[Result]:
    """Measure every page of the console that lists or counts, for one operator, without the way through HTTP."""
    operator = User.objects.filter(email=OPERATOR).first() or create_user(
        email=OPERATOR, password="not-used", is_email_verified=True, is_operator=True
    )
    browser = Client(headers={"host": "kasuwa.localhost"})
    browser.force_login(operator)
    for page in PAGES:
        yield compare(
            f"shops/{size}/operator/{page or 'overview'}",
            _timed(lambda page=page: _open(browser, f"/operator/{page}"), scale=1_000.0),  # type: ignore[misc]
            unit="ms",
            rounds=options.rounds,
            target=PAGE,
        )


def _open(browser: Client, path: str) -> None:
    answer = browser.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}.")


def _timed(work: Callable[[], object], *, scale: float = 1.0) -> Callable[[], Figure]:
    def run() -> Figure:
        began = time.perf_counter()
        work()
        return Figure((time.perf_counter() - began) * scale)

    return run
