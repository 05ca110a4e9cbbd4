"""The watch makes every check of the audit and its own, and finds what each looks for."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from kit.text.languages import speaking
from kit.wiring import contributions
from payouts.audit import AuditCheck
from payouts.models import CheckFinding, CheckOutcome, CheckRun, WatchRound
from payouts.watch.checks import WatchCheck, watched_checks
from payouts.watch.rounds import open_round, run_round
from tests.payouts.watch.breaks import BREAKS
from tests.world.books import Market, make_market
from tests.world.clock import NOW
from tests.world.ledger import run, settle_constraints

SOON = NOW + timedelta(minutes=1)


@pytest.fixture
def market(db: None) -> Market:
    return make_market()


def break_with(*statements: str) -> None:
    """Write past the services, triggers and foreign keys, as who has the database's password could."""
    settle_constraints()
    run("SET LOCAL session_replication_role = replica")
    for statement in statements:
        run(statement)
    run("SET LOCAL session_replication_role = origin")


def outcomes() -> dict[str, str]:
    """Make all checks but the provider's; return the outcome of each."""
    made = open_round(is_whole=True, actor_id=None, now=SOON)
    assert run_round(made, with_provider=False, now=SOON)
    return dict(made.runs.values_list("name", "outcome"))


def test_a_market_whose_books_hold_has_no_finding(market: Market) -> None:
    found = outcomes()
    assert set(found.values()) == {CheckOutcome.OK}
    assert {"provider", *found} == {check.name for check in watched_checks()}
    assert not CheckFinding.objects.exists()


def test_letters_name_each_check_in_the_language_of_their_reader() -> None:
    def titles(language: str) -> dict[str, str]:
        with speaking(language):
            return {check.name: str(check.title) for check in watched_checks()}

    english, french = titles("en"), titles("fr")
    assert [name for name, title in french.items() if title == english[name]] == []
    assert french["schemas"] == "Chaque boutique a son schéma"


@pytest.mark.parametrize(("check", "statements"), BREAKS)
def test_what_is_stuck_or_leads_nowhere_is_found(market: Market, check: str, statements: tuple[str, ...]) -> None:
    break_with(*statements)

    assert outcomes()[check] == CheckOutcome.OFF

    made = CheckRun.objects.get(name=check)
    assert made.found == len(made.findings) > 0
    assert CheckFinding.objects.filter(check_name=check, ended_at=None).count() == made.found


def test_each_check_has_a_test_that_finds_something() -> None:
    assert {check.name for check in contributions(WatchCheck)} == {name for name, _ in BREAKS}


def test_the_audit_is_watched_by_its_own_functions(market: Market) -> None:
    break_with("UPDATE payouts_balance SET amount_minor = amount_minor + 1")
    found = outcomes()
    assert {check.name for check in contributions(AuditCheck)} <= found.keys()
    assert (found["balances"], found["statements_balance"]) == (CheckOutcome.OFF, CheckOutcome.OFF)


def test_a_quick_round_leaves_the_long_checks_out(market: Market) -> None:
    made = open_round(is_whole=False, actor_id=None, now=SOON)
    run_round(made, now=SOON)
    names = set(made.runs.values_list("name", flat=True))
    assert {"balances_signed", "orders_overdue", "inbox_stuck"} <= names
    assert not {"balances", "payments_twice", "provider"} & names


def watch(*arguments: str) -> tuple[int, str]:
    """Run the command; return its exit code and what it printed."""
    out = io.StringIO()
    try:
        call_command("watch", *arguments, "--no-provider", stdout=out, no_color=True)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_the_command_exits_with_one_where_something_is_found(db: None) -> None:
    market = make_market(timezone.now())
    assert watch()[0] == 0

    run("UPDATE checkout_order SET expires_at = '2026-03-02' WHERE status = 'pending'")
    code, printed = watch("--quick", "--json")

    report = json.loads(printed)
    [found] = [check for check in report["checks"] if check["name"] == "orders_overdue"]
    assert (code, report["clean"], found["outcome"]) == (1, False, "off")
    assert found["findings"][0]["subject"] == f"order {market.pending.number}"
    code, printed = watch("--quick")
    assert (code, f"order {market.pending.number}" in printed) == (1, True)


def test_a_round_reads_a_snapshot_and_commits_its_results(live_database: str) -> None:
    make_market()
    assert set(outcomes().values()) == {CheckOutcome.OK}
    assert WatchRound.objects.get().ended_at is not None
