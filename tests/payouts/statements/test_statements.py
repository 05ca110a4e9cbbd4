"""Statements say by what each balance came about: of entries alone, line by line, and to the unit."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kit.errors import NotFoundError
from payouts.models import Payout, ReleaseTerms
from payouts.release.round import run_round
from payouts.selectors import shop_balances
from payouts.statements.lines import Causes, Line, read_lines
from payouts.statements.statement import Statement, month_of, month_statement, months_of, parse_month, payout_statement
from paystack_sandbox.testing import SandboxProcess
from tenants.models import Shop
from tests.world.clock import NOW
from tests.world.ledger import make_shop
from tests.world.payouts import (
    EARNED,
    FEE,
    LATER,
    add_account,
    ask,
    earn,
    finish,
    fund,
    only_payout,
    payable_shop,
    run_payouts,
    without_pauses,
)
from tests.world.releases import DUE, delivered, sold, take_back

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    without_pauses(monkeypatch)


@pytest.fixture
def shop() -> Shop:
    return payable_shop("indigo")


def lines_of(statement: Statement) -> list[Line]:
    """Return all lines, once they are known to lead from the opening balance to the closing one."""
    lines, totals = read_lines(statement.span, limit=1_000), statement.totals
    assert len(lines) == totals.lines
    assert totals.causes.change_minor == sum(line.change_minor for line in lines)
    assert statement.opening_minor + totals.causes.change_minor == statement.closing_minor
    if lines:
        assert statement.opening_minor + lines[-1].running_minor == statement.closing_minor
    return lines


def kinds(lines: list[Line]) -> list[tuple[str, Causes]]:
    return [(line.kind, line.causes) for line in lines]


def test_a_payout_names_every_order_it_pays(shop: Shop, paystack: SandboxProcess) -> None:
    """Sale, commission and refund of each released order, what was kept of it, and what the payout takes."""
    part = delivered(shop, 200_000)
    take_back(part, 50_000)
    take_back(delivered(shop, 40_000), 40_000)  # nothing is left of it to be paid
    ReleaseTerms.objects.create(shop=shop, reserve_bps=1_000, changed_at=NOW)
    run_round(now=DUE)
    fund(paystack)
    run_payouts()
    payout, _ = only_payout()

    statement = payout_statement(shop=shop, payout_id=payout.pk)
    lines = lines_of(statement)

    assert kinds(lines) == [
        ("release", Causes(EARNED + EARNED // 10, -EARNED // 10, 0, 0, 0, 0)),
        ("release", Causes(220_000, -20_000, -50_000, 0, -15_000, 0)),
        ("payout", Causes(0, 0, 0, 0, 0, -payout.amount_minor)),
    ]
    assert payout.amount_minor == EARNED + 135_000
    assert (statement.opening_minor, statement.closing_minor) == (0, 0)
    assert statement.totals.paid_minor == -payout.amount_minor
    assert {line.sub_order_id for line in lines} >= {part.sub_order_id}
    assert lines[-1].payout_id == payout.pk


def test_the_next_payout_begins_where_the_last_one_ended(
    shop: Shop, paystack: SandboxProcess, settings: LazySettings
) -> None:
    """A payout that came back, a debt for its fee and what is taken back are lines of the next one."""
    settings.PAYOUT_FEES_FROM_SHOPS = True
    fund(paystack)
    run_payouts()
    first, transfer = only_payout()
    finish(paystack, transfer)
    ask()
    part = delivered(shop, 300_000)
    run_round(now=DUE)
    take_back(part, 100_000)
    add_account(shop, "0987654321")
    fund(paystack)
    run_payouts(now=LATER)
    second = Payout.objects.exclude(pk=first.pk).get()

    statement = payout_statement(shop=shop, payout_id=second.pk)

    assert kinds(lines_of(statement)) == [
        ("payout_sent", Causes(0, 0, 0, -FEE, 0, 0)),
        ("release", Causes(330_000, -30_000, 0, 0, 0, 0)),
        ("reversal", Causes(0, 0, -100_000, 0, 0, 0)),
        ("payout", Causes(0, 0, 0, 0, 0, FEE - 200_000)),
    ]
    assert statement.opening_minor == payout_statement(shop=shop, payout_id=first.pk).closing_minor == 0
    assert second.amount_minor == 200_000 - FEE
    assert statement.closing_minor == 0


def test_a_payout_that_came_back_is_told(shop: Shop, paystack: SandboxProcess) -> None:
    fund(paystack)
    run_payouts()
    first, transfer = only_payout()
    finish(paystack, transfer, "failed")
    ask()
    run_payouts(now=LATER)
    statement = payout_statement(shop=shop, payout_id=Payout.objects.exclude(pk=first.pk).get().pk)
    assert [(line.kind, line.change_minor, line.payout_id == first.pk) for line in lines_of(statement)] == [
        ("payout_back", EARNED, True),
        ("payout", -EARNED, False),
    ]
    assert (statement.earlier_payouts_minor, statement.totals.paid_minor) == (EARNED, -EARNED)


def test_a_month_ends_in_the_balance(shop: Shop, paystack: SandboxProcess) -> None:
    """Its balance is all of the shop's money, wherever it is; moving it between places changes nothing."""
    sold(shop, 20_000)
    take_back(sold(shop, 30_000), 10_000)
    fund(paystack)
    run_payouts()
    finish(paystack, only_payout()[1])
    ask()

    statements = [month_statement(shop=shop, month=each.month) for each in months_of(shop=shop, now=LATER)[::-1]]
    lines = [line for statement in statements for line in lines_of(statement)]

    assert {line.kind for line in lines} == {"sale", "reversal", "payout_sent"}
    assert sum(line.causes.sale_minor for line in lines) == (EARNED + 50_000) * 11 // 10
    assert sum(line.causes.commission_minor for line in lines) == -(EARNED + 50_000) // 10
    assert statements[-1].totals.causes.payout_minor == -EARNED
    assert statements[-1].closing_minor == shop_balances(shop_id=shop.pk).total_minor == 40_000
    for before, after in pairwise(statements):
        assert before.totals.closing == after.totals.opening
    months = months_of(shop=shop, now=LATER)
    assert [each.closing_minor for each in months] == [each.closing_minor for each in statements[::-1]]
    assert not months[0].is_over
    assert month_statement(shop=shop, month=month_of(DUE.date()), currency="GHS").closing_minor == 0


def test_reserves_are_adjustments_of_what_can_be_paid(shop: Shop, paystack: SandboxProcess) -> None:
    """A reversal takes of the reserve, and the rest comes at its end."""
    ReleaseTerms.objects.create(shop=shop, reserve_bps=5_000, reserve_days=1, changed_at=NOW)
    part = delivered(shop, 100_000)
    run_round(now=DUE)
    take_back(part, EARNED + 70_000)
    run_round(now=DUE + timedelta(days=2))
    earn(shop, 200_000)
    fund(paystack)
    run_payouts(now=DUE + timedelta(days=3))
    lines = lines_of(payout_statement(shop=shop, payout_id=only_payout()[0].pk))
    assert kinds(lines)[2:4] == [
        ("reversal", Causes(0, 0, -EARNED - 70_000, 0, 20_000, 0)),
        ("reserve_end", Causes(0, 0, 0, 0, 30_000, 0)),
    ]


def test_another_shops_payout_has_no_statement(shop: Shop) -> None:
    other = make_shop("copper")
    run_payouts()
    payout = Payout.objects.get()
    with pytest.raises(NotFoundError):
        payout_statement(shop=other, payout_id=payout.pk)
    for text in ("2026-13", "2026-3", "hello", "1999-01"):
        with pytest.raises(NotFoundError):
            parse_month(text)


def test_a_statement_takes_as_many_queries_for_one_line_as_for_many(shop: Shop) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            statement = month_statement(shop=shop, month=month_of(NOW.date()))
            assert statement.totals.lines == len(read_lines(statement.span, limit=50))
        return len(captured)

    few = asked()
    for _ in range(5):
        sold(shop)
    assert asked() == few
