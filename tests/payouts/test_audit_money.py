"""The audit of the money finds each thing that can be off, and nothing where nothing is."""

import io
import json
import re
from collections.abc import Sequence
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from psycopg import sql

from gateway.errors import ProviderUnavailableError
from gateway.port import ProviderBalance
from kit.wiring import contributions
from payouts.audit import AuditCheck, BalanceKey, CheckResult, Confirmed, PendingMovement, Verdict, ask_shops, run_audit
from payouts.audit.provider import RECONCILE, Held, compare_with_providers, held_by_ledger
from payouts.watch.subjects import is_known
from tenants.database.round_trips import RoundTrips
from tenants.schemas.look_up import ShopSchema
from tests.payouts.audit_breaks import BREAKS
from tests.world.books import FEES_MINOR, SURPLUS_MINOR, Market, make_market
from tests.world.clock import NOW
from tests.world.ledger import rows, run, settle_constraints
from tests.world.undoing import undone

BALANCE = BalanceKey("paystack", "NGN")
# A savepoint around the shops, one for each public table of a check and two for how it joins them, three for what is
# held, four for compiled rules.
PUBLIC_STATEMENTS = 118
SHOP_STATEMENTS = 6  # in each shop one for each check that looks there
COMPARED = re.compile(r"Join Filter: \(+[\w.]+\)*(::\w+)? = ")  # of two columns, in a loop over both tables


class FakeProvider:
    """A provider that only has a balance."""

    def __init__(self, *held: ProviderBalance) -> None:
        self.held = held

    def balance(self) -> Sequence[ProviderBalance]:
        return self.held


@pytest.fixture
def market(db: None) -> Market:
    return make_market()


def audit(*arguments: str) -> tuple[int, str]:
    """Run the command; return its exit code and what it printed."""
    out = io.StringIO()
    try:
        call_command("audit_money", *arguments, stdout=out, no_color=True)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_a_market_whose_books_hold_is_clean(market: Market) -> None:
    code, printed = audit("--no-provider")
    assert printed.endswith("The books hold.\n")
    assert "OFF" not in printed
    assert code == 0


def test_an_empty_market_is_clean(db: None) -> None:
    assert audit("--no-provider")[0] == 0


def test_whatever_is_off_is_found(market: Market) -> None:
    settle_constraints()
    for check, statement in BREAKS:
        with undone():
            run("SET LOCAL session_replication_role = replica")  # triggers and foreign keys look away
            run(statement)

            report = run_audit(with_provider=False, now=NOW)

            results = {result.name: result for result in report.results}
            subjects = [finding.subject for result in report.results for finding in result.findings]
            assert [each for each in subjects if not is_known(each)] == [], (
                "payouts/watch/subjects.py has no form of it"
            )
            assert not report.is_clean, (check, statement)
            assert results[check].verdict == Verdict.OFF, (check, statement)
            assert results[check].total == len(results[check].findings) > 0, (check, statement)


def test_the_command_prints_the_difference_and_exits_with_one(market: Market) -> None:
    run("UPDATE payouts_balance SET amount_minor = 7 WHERE amount_minor <> 0")

    code, printed = audit("--no-provider")

    assert code == 1
    assert "OFF  Every shop's balance equals its entries" in printed
    assert "shop_pending of indigo-fabrics" in printed
    assert "         + 7\n" in printed
    assert "4 things are off. Amounts without a currency are in minor units." in printed


def test_json_says_the_same(market: Market) -> None:
    run("UPDATE payouts_balance SET amount_minor = 7 WHERE amount_minor <> 0")
    code, printed = audit("--no-provider", "--json")
    report = json.loads(printed)
    assert (code, report["clean"], report["complete"]) == (1, False, True)
    assert {check["name"]: check["total"] for check in report["checks"]}["balances"] == 2


def test_the_number_of_statements_does_not_grow_with_the_orders(market: Market) -> None:
    with CaptureQueriesContext(connection) as captured:
        run_audit(with_provider=False, now=NOW)
    assert len(captured) <= PUBLIC_STATEMENTS + SHOP_STATEMENTS * len(market.shops)


def test_no_check_compares_each_row_with_each(market: Market) -> None:
    with CaptureQueriesContext(connection) as captured:
        run_audit(with_provider=False, now=NOW)
    is_linear, plans = False, dict[bool, list[str]]({True: [], False: []})
    for text in (query["sql"] for query in captured):
        if text.startswith("SET LOCAL enable_nestloop"):
            is_linear = text.endswith("off")
        elif is_linear and text.startswith("SELECT found"):
            for switch in (True, False):
                run(f"SET LOCAL enable_nestloop = {not switch}")
                run(f"SET LOCAL enable_hashjoin = {switch}; SET LOCAL enable_mergejoin = {switch}")
                plans[switch] += [line for (line,) in rows(f"EXPLAIN (COSTS OFF) {text}")]
    assert not is_linear
    assert [line for line in plans[False] if COMPARED.search(line)], "The control: row by row."
    assert not [line for line in plans[True] if COMPARED.search(line)]


def test_all_checks_ask_a_shop_in_one_round_trip(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    trips: list[int] = []
    send = RoundTrips.go
    monkeypatch.setattr(RoundTrips, "go", lambda trip, queries: trips.append(len(queries)) or send(trip, queries))
    run_audit(with_provider=False, now=NOW)
    asking = [check for check in contributions(AuditCheck) if check.in_shops is not None]
    assert len(asking) > 1
    assert trips == [len(asking) * len(market.shops)]


def test_fifty_shops_are_asked_in_one_round_trip(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    shops = [ShopSchema(shop.pk, shop.slug, shop.schema_name, exists=True) for shop in market.shops] * 50
    trips: list[int] = []
    send = RoundTrips.go
    monkeypatch.setattr(RoundTrips, "go", lambda trip, queries: trips.append(len(queries)) or send(trip, queries))

    asked = list(ask_shops([sql.SQL("SELECT count(*) FROM {schema}.fulfilment_vendororder")], shops))

    assert trips == [1, 50, 50]  # which of them hold anything, then those that do
    assert [(shop.slug, rows) for shop, rows in asked[:2]] == [
        ("indigo-fabrics", [[(2,)]]),
        ("copper-kitchen", [[(2,)]]),
    ]


def test_the_audit_only_reads(market: Market) -> None:
    before = rows("SELECT pg_current_xact_id_if_assigned(), (SELECT count(*) FROM payouts_entry)")
    run_audit(with_provider=False, now=NOW)
    assert rows("SELECT pg_current_xact_id_if_assigned(), (SELECT count(*) FROM payouts_entry)") == before


def moving(amount_minor: int, *, is_leaving: bool = False, is_watched: bool = True) -> PendingMovement:
    """Return a movement under way, of which the provider has confirmed an amount."""
    kind = "refund" if is_leaving else "payment"
    said = Confirmed("NGN", amount_minor)
    return PendingMovement("paystack", f"{kind} of {amount_minor}", is_leaving, lambda: said, is_watched)


def compared(monkeypatch: pytest.MonkeyPatch, theirs: int, *under_way: PendingMovement) -> CheckResult:
    provider = FakeProvider(ProviderBalance("NGN", theirs))
    monkeypatch.setattr("payouts.audit.provider.get_provider", lambda _: provider)
    return compare_with_providers(Held({BALANCE: 1_000}, under_way))


@pytest.mark.parametrize(
    ("theirs", "verdict", "note"),
    [
        (1_000, Verdict.OK, ""),
        (900, Verdict.OK, "Paystack holds ₦1 less than is booked, and confirms why: refund of 100 ₦1."),
        (
            1_300,
            Verdict.OK,
            "Paystack holds ₦3 more than is booked, and confirms why: refund of 100 ₦1, payment of 300 ₦3.",
        ),
        (1_200, Verdict.OK, ""),
        (899, Verdict.OFF, RECONCILE),
        (1_301, Verdict.OFF, ""),
        (1_100, Verdict.OFF, ""),  # less than what the provider itself confirms
    ],
)
def test_the_provider_may_differ_by_what_it_confirms_alone(
    monkeypatch: pytest.MonkeyPatch, theirs: int, verdict: Verdict, note: str
) -> None:
    result = compared(monkeypatch, theirs, moving(100, is_leaving=True), moving(300))

    assert result.verdict == verdict
    assert not note or result.note == note


def test_open_payments_that_nobody_made_excuse_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a million are open, of which the provider knows nothing; the surplus is not theirs."""
    result = compared(monkeypatch, 78_645, *(moving(0) for _ in range(50)))

    assert result.verdict == Verdict.OFF
    assert result.findings[0].subject == "balance at Paystack in NGN"


def test_a_surplus_beyond_what_is_confirmed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    result = compared(monkeypatch, 1_400, moving(300), moving(0))

    assert result.verdict == Verdict.OFF
    [finding] = result.findings
    assert (finding.expected, finding.found) == ("₦10; beside it payment of 300 ₦3", "₦14")


def test_a_paid_one_that_no_task_asks_about_is_off_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    result = compared(monkeypatch, 1_300, moving(300, is_watched=False))

    assert result.verdict == Verdict.OFF
    assert [finding.subject for finding in result.findings] == ["payment of 300"]
    assert "ask again" in result.findings[0].found


def test_what_is_paid_while_others_are_asked_about_is_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = FakeProvider(ProviderBalance("NGN", 1_300))
    monkeypatch.setattr("payouts.audit.provider.get_provider", lambda _: provider)

    def pay() -> Confirmed:
        provider.held = (ProviderBalance("NGN", 1_800),)
        return Confirmed("NGN", 500)

    under_way = [PendingMovement("paystack", "payment, paid just now", is_leaving=False, confirm=pay), moving(300)]

    assert compare_with_providers(Held({BALANCE: 1_000}, under_way)).verdict == Verdict.OK


def test_nobody_is_asked_about_anything_where_the_provider_holds_what_is_booked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    silent = PendingMovement("paystack", "payment", is_leaving=False, confirm=lambda: pytest.fail("It was asked."))

    assert compared(monkeypatch, 1_000, silent).verdict == Verdict.OK


def test_a_provider_that_cannot_say_what_is_open_leaves_it_unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    def confirm() -> Confirmed:
        raise ProviderUnavailableError("timed out")

    result = compared(monkeypatch, 1_300, PendingMovement("paystack", "payment", is_leaving=False, confirm=confirm))

    assert (result.verdict, "timed out" in result.note) == (Verdict.NOT_CHECKED, True)


def test_what_is_under_way_is_read_beside_what_is_booked(market: Market) -> None:
    run("UPDATE checkout_refund SET status = 'sent'")
    held = held_by_ledger()
    captured = market.payment.captured_minor or 0
    assert held.booked == {BALANCE: captured - FEES_MINOR - SURPLUS_MINOR}
    assert [(each.is_leaving, each.subject.partition(" ")[0]) for each in held.moving] == [
        (True, "refund"),
        (False, "payment"),
    ]


def test_each_check_has_a_test_that_breaks_what_it_proves() -> None:
    assert {check.name for check in contributions(AuditCheck)} == {name for name, _ in BREAKS}


def test_money_in_a_currency_that_the_ledger_does_not_know_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = FakeProvider(ProviderBalance("NGN", 0), ProviderBalance("GHS", 5))
    monkeypatch.setattr("payouts.audit.provider.get_provider", lambda _: provider)
    result = compare_with_providers(Held())
    assert [finding.subject for finding in result.findings] == ["balance at Paystack in GHS"]


def test_a_provider_that_does_not_answer_is_said_and_exits_with_two(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: str) -> Any:
        raise ProviderUnavailableError("timed out")

    monkeypatch.setattr("payouts.audit.provider.get_provider", refuse)

    code, printed = audit()

    assert code == 2
    assert "could not be asked (timed out)" in printed
    assert "not everything could be checked" in printed
    assert audit("--provider") == (code, printed)
    assert audit("--no-provider")[0] == 0


def test_the_snapshot_is_read_only(live_database: str) -> None:
    make_market()
    code, printed = audit("--no-provider")
    assert (code, printed.endswith("The books hold.\n")) == (0, True)
