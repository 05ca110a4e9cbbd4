"""A shop that is paid on request asks for its money, sees what it gets and what it costs, and is paid once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone

from kit.errors import DomainError
from payouts.models import BankAccount, Journal, JournalKind, Payout, PayoutStatus, Rhythm, RunStatus
from payouts.runs.approve import approve_run
from payouts.runs.create import create_runs
from payouts.runs.errors import NothingToPayError
from payouts.runs.hold import retry_payout
from payouts.runs.preview import Skipped, preview_payouts
from payouts.runs.request import quote_payout, request_payout
from payouts.runs.send import send_runs
from payouts.services.schedules import Schedule, change_schedule
from payouts.statements.lines import read_lines
from payouts.statements.statement import payout_statement
from paystack_sandbox.testing import SandboxProcess
from tenants.models import Role, Shop, ShopStatus
from tests.world.books import make_operator
from tests.world.factories.people import person
from tests.world.own_shop import api, member, page_client, staffed
from tests.world.payouts import (
    EARNED,
    LATER,
    add_account,
    ask,
    earn,
    figures,
    finish,
    fund,
    off,
    only_payout,
    payable_shop,
    without_pauses,
)
from tests.world.releases import DUE, sold, take_back

pytestmark = pytest.mark.django_db
COST = 10_000


def on_request(shop: Shop) -> Shop:
    change_schedule(shop=shop, schedule=Schedule(Rhythm.ON_REQUEST), actor_id=person().pk, now=DUE)
    return shop


@pytest.fixture(autouse=True)
def _terms(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PAYOUT_REQUEST_COSTS = {"NGN": COST}
    without_pauses(monkeypatch)


@pytest.fixture
def shop() -> Shop:
    return on_request(payable_shop("indigo"))


def request(shop: Shop, **more: Any) -> Payout:
    return request_payout(shop=shop, actor_id=person().pk, now=DUE, **more)


def test_no_run_pays_it_and_asking_does_with_the_cost_on_its_statement(shop: Shop, paystack: SandboxProcess) -> None:
    """Available, less what is owed, less the cost: to the unit, in one statement, and the books agree."""
    fund(paystack)
    assert [line.skipped for line in preview_payouts(now=DUE)] == [Skipped.ON_REQUEST]
    with pytest.raises(NothingToPayError):
        create_runs(now=DUE)
    quote = quote_payout(shop=shop, now=DUE)
    assert (quote.available_minor, quote.cost_minor, quote.amount_minor) == (EARNED, COST, EARNED - COST)
    assert (quote.refusal, quote.needs_approval) == (None, False)
    assert figures(shop) == {"available": EARNED}, "a quote writes nothing"

    payout = request(shop, amount_minor=quote.amount_minor)

    assert figures(shop) == {"in_transit": EARNED - COST}
    assert payout.run.status == RunStatus.SENDING
    statement = payout_statement(shop=shop, payout_id=payout.pk)
    causes = statement.totals.causes
    assert (causes.fee_minor, statement.totals.paid_minor, statement.closing_minor) == (-COST, COST - EARNED, 0)
    assert [line.payout_id for line in read_lines(statement.span, limit=9) if line.kind == "payout_cost"] == [payout.pk]
    assert off() == []
    send_runs(now=DUE)
    finish(paystack, only_payout()[1])
    ask()
    assert only_payout()[0].status == PayoutStatus.PAID
    assert (figures(shop), off()) == ({}, [])
    send_runs(now=LATER + timedelta(days=1))
    earn(shop)
    request_payout(shop=shop, actor_id=person().pk, now=LATER + timedelta(days=1))
    assert off(with_provider=False) == [], "one after the other"


def test_a_payout_that_comes_back_gives_its_cost_back_once(shop: Shop, paystack: SandboxProcess) -> None:
    fund(paystack)
    payout = request(shop)
    for number in range(2):
        send_runs(now=LATER)
        finish(paystack, payout.transfers.order_by("-attempt")[0], "failed")
        ask(now=LATER + timedelta(minutes=5))
        payout.refresh_from_db()
        assert (payout.status, payout.is_cost_back) == (PayoutStatus.FAILED, True), number
        assert (figures(shop), off()) == ({"available": EARNED}, [])
        retry_payout(payout_id=payout.pk, now=LATER)
    assert figures(shop) == {"available": COST, "in_transit": EARNED - COST}, "another attempt costs nothing"
    assert Journal.objects.filter(kind=JournalKind.PAYOUT_COST).count() == 2
    assert off(with_provider=False) == []


def owes(shop: Shop) -> None:
    """Leave less than the minimum payout behind the cost."""
    take_back(sold(shop, 1), EARNED - 100_000 - COST + 2)


REFUSED: dict[str, Callable[[Shop], object]] = {
    "not_on_request": lambda shop: change_schedule(shop=shop, schedule=Schedule(), actor_id=person().pk, now=DUE),
    "below_minimum": owes,
    "payout_open": request,
    "payouts_held": lambda shop: Shop.objects.filter(pk=shop.pk).update(status=ShopStatus.SUSPENDED),
    "account_cools_off": lambda shop: add_account(shop, "1234567890", usable_from=DUE + timedelta(hours=1)),
    "payout_amount_changed": lambda shop: earn(shop, 10_000),
    "no_payable_account": lambda shop: BankAccount.objects.filter(shop=shop).update(is_current=False, replaced_at=DUE),
}


@pytest.mark.parametrize("code", REFUSED)
def test_what_can_not_be_paid_is_refused_with_its_reason(code: str, shop: Shop) -> None:
    REFUSED[code](shop)
    before, count = figures(shop), Payout.objects.count()
    with pytest.raises(DomainError) as refusal:
        request(Shop.objects.get(pk=shop.pk), amount_minor=EARNED - COST)
    assert refusal.value.code == code
    assert (figures(shop), Payout.objects.count()) == (before, count)
    quoted = quote_payout(shop=Shop.objects.get(pk=shop.pk), now=DUE).refusal
    assert (quoted.code if quoted else "payout_amount_changed") == code


def test_above_the_limit_of_a_day_a_second_person_approves(shop: Shop, settings: LazySettings) -> None:
    settings.PAYOUT_SECOND_APPROVAL_MINOR = EARNED - COST - 1
    assert quote_payout(shop=shop, now=DUE).needs_approval
    payout = request(shop)
    assert payout.run.status == RunStatus.WAITING
    assert approve_run(run_id=payout.run_id, actor_id=make_operator().pk, now=LATER).status == RunStatus.SENDING


def test_managers_ask_on_the_page_and_over_the_api_once_for_a_key() -> None:
    own = staffed("indigo-fabrics")
    earn(own.shop)
    add_account(own.shop)
    manager = member(own.shop, role=Role.MANAGER)
    desk, address = page_client(own.shop, manager), "/dashboard/payouts/request/"
    client, endpoint = api(own.shop, manager), "/api/v1/payouts/"
    assert "follow a schedule of days" in desk.get(address).content.decode()
    assert client.post(endpoint, {}, format="json").json()["code"] == "not_on_request"
    change_schedule(shop=own.shop, schedule=Schedule(Rhythm.ON_REQUEST), actor_id=manager.pk, now=timezone.now())
    assert address in desk.get("/dashboard/balance/").content.decode()
    page = desk.get(address).content.decode()
    assert "₦8,000" in page
    assert "Sent as soon as you request it" in page
    for seen in ("5", "8,000", ""):
        refused = desk.post(address, {"amount_minor": seen})
        assert (refused.status_code, "ask again" in refused.content.decode()) == (409, True), seen
    accountant = member(own.shop, role=Role.ACCOUNTANT)
    assert "An owner or a manager" in page_client(own.shop, accountant).get(address).content.decode()
    assert page_client(own.shop, accountant).post(address, {"amount_minor": "5"}).status_code == 403
    assert api(own.shop, accountant).post(endpoint, {}, format="json").status_code == 403
    quote = client.get(f"{endpoint}quote/").json()["data"]
    assert (quote["amount_minor"], quote["is_possible"], quote["code"]) == (EARNED - COST, True, "")

    body = {"amount_minor": quote["amount_minor"]}
    made = client.post(endpoint, body, format="json", HTTP_IDEMPOTENCY_KEY="friday")
    again = client.post(endpoint, body, format="json", HTTP_IDEMPOTENCY_KEY="friday")

    assert (made.status_code, made.json()["data"]["cost_minor"]) == (201, COST)
    assert again.json()["data"] == made.json()["data"]
    assert Payout.objects.get().run.created_by == manager
    assert client.post(endpoint, {}, format="json").json()["code"] == "payout_open"
    assert "at a cost of ₦100" in desk.get("/dashboard/payouts/").content.decode()
    assert client.get("/api/v1/payout-schedule/").json()["data"]["next_on"] is None


def test_the_page_asks_with_the_amount_that_it_renders() -> None:
    """Numbers of its form are not grouped: the amount is above a thousand."""
    own = staffed("indigo-fabrics")
    earn(own.shop)
    add_account(own.shop)
    on_request(own.shop)
    desk, address = page_client(own.shop, member(own.shop, role=Role.MANAGER)), "/dashboard/payouts/request/"
    found = re.search(r'name="amount_minor" value="([^"]*)"', desk.get(address).content.decode())
    assert found
    asked = desk.post(address, {"amount_minor": found[1]})
    assert (asked.status_code, Payout.objects.get().amount_minor) == (302, EARNED - COST)
