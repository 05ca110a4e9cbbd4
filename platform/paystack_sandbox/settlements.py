"""Settlements: a part of the balance is paid to the merchant's own bank account."""

from collections.abc import Mapping
from typing import Any

from paystack_sandbox.balance import Cause, current_balance, move_balance
from paystack_sandbox.clock import iso
from paystack_sandbox.errors import ApiError
from paystack_sandbox.inputs import read_amount, read_text
from paystack_sandbox.sandbox import INTEGRATION_ID, Sandbox
from paystack_sandbox.shapes import Json
from paystack_sandbox.store import Row


def settle(sandbox: Sandbox, asked: Mapping[str, Any]) -> Row:
    """Pay an amount of a balance out, or all of it where none is named.

    Raises:
        ApiError: the balance is too low.
    """
    currency = read_text(asked, "currency")
    with sandbox.store.transaction():
        held = current_balance(sandbox, currency)
        amount = read_amount(asked, "amount") if asked.get("amount") else held
        if not 0 < amount <= held:
            raise ApiError("Your balance is not enough to fulfil this request", code="insufficient_balance")
        row_id = sandbox.store.insert(
            "settlements", currency=currency, amount=amount, status="success", created_at=sandbox.now()
        )
        cause = Cause("Settlement to your bank account", "Settlement", row_id)
        move_balance(sandbox, currency=currency, difference=-amount, cause=cause)
        return sandbox.store.all("SELECT * FROM settlements WHERE id = ?", row_id)[0]


def settlement(row: Row) -> Json:
    """Return a settlement as it is listed; its fees were taken of each charge before."""
    moment = iso(row["created_at"])
    return {
        "id": row["id"],
        "domain": "test",
        "status": row["status"],
        "currency": row["currency"],
        "integration": INTEGRATION_ID,
        "total_amount": row["amount"],
        "effective_amount": row["amount"],
        "total_fees": 0,
        "total_processed": row["amount"],
        "deductions": None,
        "settlement_date": moment,
        "settled_by": None,
        "createdAt": moment,
        "updatedAt": moment,
    }
