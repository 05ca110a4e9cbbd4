"""The merchant's balance: captures minus fees, refunds and transfers."""

from dataclasses import dataclass

from paystack_sandbox.clock import iso
from paystack_sandbox.sandbox import INTEGRATION_ID, Sandbox
from paystack_sandbox.shapes import Json
from paystack_sandbox.store import Row


@dataclass(frozen=True, slots=True)
class Cause:
    """Cause of a movement of the balance: a reason and its row."""

    reason: str
    model: str
    model_id: int


def move_balance(sandbox: Sandbox, *, currency: str, difference: int, cause: Cause) -> int:
    """Change a balance, write the entry behind it, and return what is left."""
    store = sandbox.store
    with store.transaction():
        balance = current_balance(sandbox, currency) + difference
        store.run(
            "INSERT INTO balances VALUES (?, ?) ON CONFLICT (currency) DO UPDATE SET amount = excluded.amount",
            currency,
            balance,
        )
        store.insert(
            "balance_entries",
            currency=currency,
            difference=difference,
            balance=balance,
            reason=cause.reason,
            model=cause.model,
            model_id=cause.model_id,
            created_at=sandbox.now(),
        )
    return balance


def current_balance(sandbox: Sandbox, currency: str) -> int:
    """Return the merchant's balance in one currency, in minor units."""
    return sandbox.store.number("SELECT COALESCE((SELECT amount FROM balances WHERE currency = ?), 0)", currency)


def all_balances(sandbox: Sandbox) -> dict[str, int]:
    """Return every balance that has ever moved."""
    rows = sandbox.store.all("SELECT currency, amount FROM balances")
    return {row["currency"]: row["amount"] for row in rows}


def ledger_entry(row: Row) -> Json:
    """Return one line of the balance ledger."""
    return {
        "integration": INTEGRATION_ID,
        "domain": "test",
        "balance": row["balance"],
        "currency": row["currency"],
        "difference": row["difference"],
        "reason": row["reason"],
        "model_responsible": row["model"],
        "model_row": row["model_id"],
        "id": row["id"],
        "createdAt": iso(row["created_at"]),
        "updatedAt": iso(row["created_at"]),
    }
