"""Refunds: asked for at once, on their way, and done or in trouble later."""

from collections.abc import Mapping
from typing import Any

from paystack_sandbox import events
from paystack_sandbox.balance import Cause, move_balance
from paystack_sandbox.errors import ApiError, invalid, not_found
from paystack_sandbox.inputs import read_amount, read_text
from paystack_sandbox.sandbox import Sandbox
from paystack_sandbox.store import Row
from paystack_sandbox.transactions import SELECT as SELECT_TRANSACTION
from paystack_sandbox.webhooks import send_event

OPEN = ("pending", "processing", "needs-attention")
FINISHES = ("processing", "processed", "failed", "needs-attention")


def create_refund(sandbox: Sandbox, asked: Mapping[str, Any]) -> Row:
    """Take a refund from the balance and queue refund.pending; the payment's fee is not returned.

    Raises:
        ApiError: the payment is unknown or unpaid, or less than this is left of it.
    """
    transaction = find_payment(sandbox, asked.get("transaction"))
    if transaction["status"] != "success":
        raise ApiError("Transaction cannot be refunded", code="transaction_not_refundable")
    if read_text(asked, "currency") not in ("", transaction["currency"]):
        raise invalid("Refund currency differs from the transaction's", "invalid_currency")
    store, now = sandbox.store, sandbox.now()
    with store.transaction():
        left = transaction["amount"] - refunded_amount(sandbox, transaction["id"])
        amount = left if asked.get("amount") is None else read_amount(asked, "amount")
        if left == 0:
            raise ApiError("Transaction has been fully reversed", code="already_refunded")
        if amount > left:
            message = "Refund amount cannot be greater than what is left of the transaction"
            raise ApiError(message, code="refund_amount_exceeded")
        row_id = store.insert(
            "refunds",
            transaction_id=transaction["id"],
            amount=amount,
            status="pending",
            outcome=_outcome(sandbox, transaction["reference"]),
            customer_note=read_text(asked, "customer_note"),
            merchant_note=read_text(asked, "merchant_note"),
            created_at=now,
            updated_at=now,
            due_at=_next_step_at(sandbox),
        )
        cause = Cause(f"Refund of {transaction['reference']}", "Refund", row_id)
        move_balance(sandbox, currency=transaction["currency"], difference=-amount, cause=cause)
        return _tell(sandbox, row_id)


def finish_refund(sandbox: Sandbox, *, refund_id: int, status: str) -> Row:
    """Move a refund to its next status and send its event; a failed one returns to the balance.

    Raises:
        ApiError: there is no such refund, or it is final.
    """
    if status not in FINISHES:
        raise invalid(f"status must be one of {', '.join(FINISHES)}")
    with sandbox.store.transaction():
        row = get_refund(sandbox, refund_id)
        if row["status"] not in OPEN:
            raise ApiError(f"Refund is already {row['status']}", status=409, code="final")
        now, is_processed = sandbox.now(), status == "processed"
        is_sent = is_processed or status == "failed"
        sandbox.store.update(
            "refunds",
            refund_id,
            status=status,
            updated_at=now,
            due_at=_next_step_at(sandbox) if status == "processing" else None,
            refunded_at=now if is_processed else None,
            bank_reference=f"{900_000_000_000 + refund_id}" if is_sent else None,
        )
        transaction = find_payment(sandbox, row["transaction_id"])
        if status == "failed":
            cause = Cause(f"Refund failed {transaction['reference']}", "Refund", refund_id)
            move_balance(sandbox, currency=transaction["currency"], difference=row["amount"], cause=cause)
        if is_processed:
            _reverse_if_all_returned(sandbox, transaction)
        return _tell(sandbox, refund_id)


def finish_due_refunds(sandbox: Sandbox) -> None:
    """Take every refund whose time has come one step further."""
    due = sandbox.store.all(
        "SELECT id, status, outcome FROM refunds WHERE due_at <= ? ORDER BY due_at, id LIMIT 200",
        sandbox.now(),
    )
    for row in due:
        step = "processing" if row["status"] == "pending" else row["outcome"]
        finish_refund(sandbox, refund_id=row["id"], status=step)


def record_dispute_refund(sandbox: Sandbox, *, transaction: Row, dispute_id: int, amount: int) -> Row:
    """Write the cost of a lost dispute as a refund that is done and names the dispute, and queue its event."""
    now, store = sandbox.now(), sandbox.store
    row_id = store.insert(
        "refunds",
        transaction_id=transaction["id"],
        amount=amount,
        status="processed",
        outcome="processed",
        customer_note="Dispute",
        merchant_note="",
        created_at=now,
        updated_at=now,
        refunded_at=now,
        bank_reference=f"{900_000_000_000 + dispute_id}",
    )
    store.insert("refund_disputes", refund_id=row_id, dispute_id=dispute_id)
    _reverse_if_all_returned(sandbox, transaction)
    return _tell(sandbox, row_id)


def dispute_of(sandbox: Sandbox, refund_id: int) -> int | None:
    """Return the dispute that a refund was lost by."""
    row = sandbox.store.one("SELECT dispute_id FROM refund_disputes WHERE refund_id = ?", refund_id)
    return None if row is None else int(row["dispute_id"])


def get_refund(sandbox: Sandbox, refund_id: int) -> Row:
    """Return a refund.

    Raises:
        ApiError: there is none.
    """
    row = sandbox.store.one("SELECT * FROM refunds WHERE id = ?", refund_id)
    if row is None:
        raise not_found("Refund", "Pass the id of a refund on this integration")
    return row


def find_payment(sandbox: Sandbox, id_or_reference: object) -> Row:
    """Return the payment of a refund, named by its id or its reference.

    Raises:
        ApiError: there is none.
    """
    wanted = str(id_or_reference)
    row = sandbox.store.one(f"{SELECT_TRANSACTION} WHERE t.reference = ?", wanted)
    if row is None and wanted.isascii() and wanted.isdigit():
        row = sandbox.store.one(f"{SELECT_TRANSACTION} WHERE t.id = ?", int(wanted))
    if row is None:
        raise not_found("Transaction", "Pass the id or reference of a paid transaction")
    return row


def refunded_amount(sandbox: Sandbox, transaction_id: int) -> int:
    """Return the refunded amount of a payment, with refunds under way."""
    return sandbox.store.number(
        "SELECT SUM(amount) FROM refunds WHERE transaction_id = ? AND status != 'failed'",
        transaction_id,
    )


def _reverse_if_all_returned(sandbox: Sandbox, transaction: Row) -> None:
    returned = sandbox.store.number(
        "SELECT SUM(amount) FROM refunds WHERE transaction_id = ? AND status = 'processed'",
        transaction["id"],
    )
    if returned == transaction["amount"]:
        sandbox.store.update("transactions", transaction["id"], status="reversed")


def _outcome(sandbox: Sandbox, reference: str) -> str:
    fault = sandbox.faults.take("refund_outcome", event="refund", reference=reference)
    return str(fault.get("outcome")) if fault else "processed"


def _next_step_at(sandbox: Sandbox) -> float | None:
    """Return when the next of the two steps to the end is due."""
    delay = sandbox.config.finish_after
    return None if delay is None else sandbox.now() + delay / 2


def _tell(sandbox: Sandbox, refund_id: int) -> Row:
    row = get_refund(sandbox, refund_id)
    transaction = find_payment(sandbox, row["transaction_id"])
    event = events.refund_event(row, transaction)
    send_event(sandbox, event=event, reference=transaction["reference"])
    return row
