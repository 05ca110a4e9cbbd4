"""The audit finds whatever is off about an exchange: money that is kept for one, and money that has paid for one."""

from __future__ import annotations

import pytest
from django.db import transaction

from checkout.models import SubOrder
from payouts.audit.run import run_audit
from paystack_sandbox.testing import SandboxProcess
from tests.world.clock import NOW
from tests.world.exchanges import Sizes, exchange, fresh, pay_for
from tests.world.ledger import run, settle_constraints

pytestmark = pytest.mark.django_db
NEW_ID = "gen_random_uuid()"
HELD, USED = "WHERE status = 'held'", "WHERE status = 'used'"
BREAKS = [
    ("refunds_owed", f"UPDATE checkout_exchangecredit SET amount_minor = amount_minor - 1 {HELD}"),
    ("refunds_owed", f"UPDATE checkout_exchangecredit SET status = 'used' {HELD}"),
    ("refunds_owed", f"UPDATE checkout_exchangecredit SET status = 'held' {USED}"),
    ("reversals", f"UPDATE checkout_exchangecredit SET amount_minor = amount_minor - 1 {USED}"),
    ("reversals", f"UPDATE checkout_exchangecredit SET status = 'returned' {USED}"),
    ("exchanges", f"UPDATE checkout_exchangecredit SET amount_minor = amount_minor - 1 {USED}"),
    ("exchanges", f"UPDATE checkout_exchangecredit SET status = 'used' {HELD}"),
    ("exchanges", f"UPDATE checkout_exchangecredit SET status = 'held' {USED}"),
    ("exchanges", f"UPDATE checkout_exchangecredit SET reversal_id = {NEW_ID} {USED}"),
    ("exchanges", f"DELETE FROM checkout_exchangecredit {USED}"),
    ("exchanges", "UPDATE checkout_order SET credit_minor = credit_minor - 1 WHERE credit_minor > 0"),
    ("exchanges", f"UPDATE checkout_order SET exchange_of_id = {NEW_ID} WHERE exchange_of_id IS NOT NULL"),
    (
        "exchanges",
        "UPDATE checkout_payment SET captured_minor = captured_minor - 3000000 WHERE captured_minor > 3000000",
    ),
    ("exchanges", "UPDATE checkout_order SET exchange_of_id = NULL, credit_minor = 0 WHERE exchange_of_id IS NOT NULL"),
    ("orders_paid", "UPDATE checkout_order SET credit_minor = credit_minor - 1 WHERE credit_minor > 0"),
    ("sales_paid", "UPDATE checkout_order SET credit_minor = credit_minor - 1 WHERE credit_minor > 0"),
    ("returns", f"UPDATE checkout_return SET reversal_id = {NEW_ID} WHERE status = 'exchanged'"),
]


def test_whatever_is_off_about_an_exchange_is_found(part: SubOrder, sizes: Sizes, paystack: SandboxProcess) -> None:
    """One is paid by the return alone, one beside a payment, and one waits for its difference."""
    for size in ("L", "XL", "XL"):
        order = exchange(fresh(part), {sizes["M"].variant_id: sizes[size].variant_id})
        if size == "XL" and order.credits.filter(status="held").count() and not order.payments.exists():
            waiting = order
            if not SubOrder.objects.filter(lines__0__sku="TEE-XL", status="new").exists():
                pay_for(order, paystack)
    assert waiting.credit_minor
    assert run_audit(with_provider=False, now=NOW).is_clean
    settle_constraints()
    for check, statement in BREAKS:
        with transaction.atomic():
            run("SET LOCAL session_replication_role = replica")
            run(statement)
            report = run_audit(with_provider=False, now=NOW)
            off = {result.name for result in report.results if result.findings}
            assert check in off, (check, statement, off)
            transaction.set_rollback(True)
