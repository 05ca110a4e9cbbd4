"""Shared code of the tests of payouts: shops with money available, a bank account, and the provider that holds it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from gateway.paystack.adapter import Paystack
from gateway.paystack.transfers import RULES
from payouts.audit import run_audit
from payouts.models import BankAccount, Payout, PayoutRun, Transfer
from payouts.release.round import run_round
from payouts.runs.create import create_runs
from payouts.runs.poll_transfers import ask_about_transfers
from payouts.runs.send import send_runs
from payouts.selectors import shop_balances
from paystack_sandbox.testing import SandboxProcess
from tenants.models import Shop
from tests.world.clock import NOW
from tests.world.ledger import assert_books_hold, make_shop
from tests.world.releases import DUE, delivered

# Checks that look for what these shops have not: schemas and orders.
OF_ORDERS = {"schemas", "releases_scheduled", "sales_paid", "shares"}
EARNED = 810_000
FEE = 2_500
LATER = DUE + timedelta(minutes=5)


def add_account(shop: Shop, number: str = "0123456789", *, usable_from: datetime = NOW) -> BankAccount:
    """A bank account of a shop, as its bank has named it."""
    BankAccount.objects.filter(shop=shop, is_current=True).update(is_current=False, replaced_at=NOW)
    return BankAccount.objects.create(
        shop=shop,
        currency=shop.currency,
        bank_code="058",
        bank_name="Guaranty Trust Bank",
        number=number,
        holder_name="OKAFOR ADAEZE",
        verified_at=NOW,
        usable_from=usable_from,
        created_at=NOW,
    )


def payable_shop(slug: str, amount_minor: int = EARNED, *, number: str = "0123456789") -> Shop:
    """A shop with an amount available and a bank account."""
    shop = make_shop(slug)
    earn(shop, amount_minor)
    add_account(shop, number)
    return shop


def earn(shop: Shop, amount_minor: int = EARNED) -> None:
    """Sell, deliver and release."""
    delivered(shop, amount_minor)
    run_round(now=DUE)


def fund(paystack: SandboxProcess, minor: int | None = None) -> None:
    """Let the provider hold what the ledger says that it holds, or another amount."""
    if minor is None:
        from payouts.models import Entry

        minor = sum(Entry.objects.filter(account__code="clearing:paystack").values_list("amount_minor", flat=True))
    paystack.call("POST", "/sandbox/balance", {"amount": minor})


def without_pauses(monkeypatch: pytest.MonkeyPatch, *, most_at_once: int = 100) -> None:
    """Have the provider take calls one after the other, with so many lines each."""
    from dataclasses import replace

    monkeypatch.setattr(Paystack, "transfers", replace(RULES, pause_seconds=0.0, most_at_once=most_at_once))


def payout_of(shop: Shop, *, status: str = "prepared", problem: str = "") -> Payout:
    """A payout as rows alone: nothing is booked for it."""
    account = BankAccount.objects.filter(shop=shop, is_current=True).first() or add_account(shop)
    is_open = status in {"prepared", "held"}
    run = PayoutRun.objects.create(
        provider="paystack",
        currency=shop.currency,
        status="waiting",
        payout_count=1,
        total_minor=EARNED,
        limit_minor=EARNED - 1,
        created_at=NOW,
    )
    payout = Payout.objects.create(
        run=run,
        shop=shop,
        currency=shop.currency,
        amount_minor=EARNED,
        bank_account=account,
        status=status,
        status_at=NOW,
        problem=problem,
        created_at=NOW,
    )
    Transfer.objects.create(
        payout=payout,
        attempt=1,
        provider=run.provider,
        reference=RULES.references.new(),
        amount_minor=EARNED,
        currency=shop.currency,
        state="prepared" if is_open else "cancelled",
        place="set_aside" if is_open else "back",
        created_at=NOW,
    )
    return payout


def run_payouts(*, now: datetime = DUE, **asked: Any) -> PayoutRun:
    """Make the one run that is due, and send it."""
    [run] = create_runs(now=now, **asked)
    send_runs(now=now)
    return run


def ask(*, now: datetime = LATER) -> None:
    """Ask about the transfers that are due."""
    ask_about_transfers(now=now)


def finish(paystack: SandboxProcess, transfer: Transfer, status: str = "success") -> None:
    """Let a transfer end at the provider."""
    paystack.call("POST", f"/sandbox/transfers/{transfer.reference}/finish", {"status": status})


def only_payout() -> tuple[Payout, Transfer]:
    """The one payout, and its last transfer."""
    payout = Payout.objects.get()
    return payout, payout.transfers.order_by("-attempt")[0]


def figures(shop: Shop) -> dict[str, int]:
    """Return a shop's balances that are not zero, once the books hold."""
    assert_books_hold()
    found = shop_balances(shop_id=shop.pk)
    names = ("pending", "available", "reserved", "in_transit", "receivable")
    return {name: amount for name in names if (amount := getattr(found, f"{name}_minor"))}


def off(*, with_provider: bool = True) -> list[str]:
    """Return the names of the audit's checks that find anything."""
    report = run_audit(with_provider=with_provider, now=DUE)
    checked = [result for result in report.results if result.findings]
    return [result.name for result in checked if result.name not in OF_ORDERS]


def transfers_at(paystack: SandboxProcess) -> list[dict[str, Any]]:
    """The transfers that the provider has, the oldest first."""
    listed: list[dict[str, Any]] = paystack.call("GET", "/transfer?perPage=500")["data"]
    return listed[::-1]
