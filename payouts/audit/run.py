"""Making an audit."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction
from psycopg import sql

from kit.db.sql import fetch_all
from payouts.audit.findings import SHOWN, AuditReport, CheckResult, Finding, result_of
from payouts.audit.provider import Held, compare_with_provider, held_by_ledger
from payouts.audit.queries import CHECKS, Check
from payouts.audit.shops import check_shops


def run_audit(*, with_provider: bool, now: datetime) -> AuditReport:
    """Recompute everything from one snapshot, so that what happens meanwhile does not look wrong.

    Args:
        with_provider: also ask the payment provider what it holds.
    """
    with _snapshot():
        results = [_run(check) for check in CHECKS]
        results.extend(check_shops(shown=SHOWN))
        held: list[Held] = held_by_ledger()
    if with_provider:
        results.append(compare_with_provider(held))
    return AuditReport(made_at=now, results=tuple(results))


@contextmanager
def _snapshot() -> Iterator[None]:
    """Read from one moment; inside somebody's transaction, from that one's point of view."""
    is_inside = connection.in_atomic_block
    with transaction.atomic():
        if not is_inside:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _run(check: Check) -> CheckResult:
    """Run one statement; its findings are counted in full and kept up to a limit."""
    limited = sql.SQL(
        "SELECT found.*, count(*) OVER () FROM ({}) AS found (subject, expected, actual) LIMIT {}"
    ).format(sql.SQL(check.statement), sql.Literal(SHOWN))
    rows = fetch_all(limited)
    findings = [Finding(subject, expected, found) for subject, expected, found, _ in rows]
    return result_of(name=check.name, title=check.title, findings=findings, total=rows[0][3] if rows else 0)
