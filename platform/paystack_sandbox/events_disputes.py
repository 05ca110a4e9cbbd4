"""Bodies of dispute events: `dueAt` and `resolvedAt` beside `created_at`."""

from paystack_sandbox import shapes
from paystack_sandbox.clock import iso
from paystack_sandbox.shapes import CARDS, Json
from paystack_sandbox.shapes_disputes import history, messages
from paystack_sandbox.store import Row

SAME = ("id", "domain", "status", "reference", "amount", "message", "gateway_response", "paid_at", "created_at")
MORE = ("channel", "currency", "fees", "fees_split", "order_id", "paidAt", "requested_amount", "pos_transaction_data")


def dispute_event(row: Row, transaction: Row, *, move: str) -> Json:
    """Return the body of an event of a dispute: create, remind or resolve."""
    shape = shapes.transaction(transaction)
    card = CARDS[transaction["card"] or "visa"]
    of = {
        **{name: shape[name] for name in (*SAME, *MORE)},
        "ip_address": None,
        "metadata": "",
        "log": None,
        "authorization": {},
        "customer": {"international_format_phone": None},
        "plan": {},
        "subaccount": {},
        "split": {},
    }
    data = {
        "id": row["id"],
        "refund_amount": row["amount"],
        "currency": transaction["currency"],
        "status": row["status"],
        "resolution": row["resolution"],
        "domain": transaction["domain"],
        "transaction": of,
        "transaction_reference": None,
        "category": row["category"],
        "customer": {**shapes.customer(transaction)},
        "bin": card["bin"],
        "last4": card["last4"],
        "dueAt": iso(row["answer_by"]),
        "resolvedAt": iso(row["resolved_at"]),
        "evidence": None,
        "attachments": row["attachments"],
        "note": None,
        "history": history(row),
        "messages": messages(row),
        "created_at": iso(row["created_at"]),
        "updated_at": iso(row["updated_at"]),
    }
    return {"event": f"charge.dispute.{move}", "data": data}
