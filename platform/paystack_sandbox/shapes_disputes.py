"""Dispute answers, which differ from one endpoint to the next."""

from paystack_sandbox.clock import iso
from paystack_sandbox.sandbox import INTEGRATION_ID
from paystack_sandbox.shapes import CARDS, Json, fetched_transaction, full_customer
from paystack_sandbox.store import Row

BANK = "bank@example.com"


def history(row: Row) -> list[Json]:
    """Return the steps of a dispute so far."""
    steps = [("pending", row["created_at"])]
    if row["message"]:
        steps.append(("awaiting-bank-feedback", row["updated_at"]))
    if row["resolved_at"] is not None:
        steps.append(("resolved", row["resolved_at"]))
    return [{"status": status, "by": BANK, "createdAt": iso(at)} for status, at in steps]


def messages(row: Row) -> list[Json]:
    """Return the messages about a dispute."""
    return [{"sender": BANK, "body": row["body"], "createdAt": iso(row["created_at"])}]


def dispute(row: Row, transaction: Row, evidence: Row | None = None) -> Json:
    """Return a dispute as fetching it shows it."""
    card = CARDS[transaction["card"] or "visa"]
    return {
        "id": row["id"],
        "refund_amount": row["amount"],
        "currency": transaction["currency"],
        "status": row["status"],
        "resolution": row["resolution"],
        "domain": transaction["domain"],
        "transaction": {**fetched_transaction(transaction), "requested_amount": transaction["requested_amount"]},
        "transaction_reference": None,
        "category": row["category"],
        "customer": full_customer(transaction),
        "bin": card["bin"],
        "last4": card["last4"],
        "dueAt": iso(row["answer_by"]),
        "resolvedAt": iso(row["resolved_at"]),
        "evidence": None if evidence is None else added_evidence(evidence),
        "attachments": row["attachments"],
        "note": None,
        "history": history(row),
        "messages": messages(row),
        "createdAt": iso(row["created_at"]),
        "updatedAt": iso(row["updated_at"]),
    }


def listed_dispute(row: Row, transaction: Row) -> Json:
    """Return a dispute as the list shows it: the buyer's metadata is a text."""
    shape = dispute(row, transaction)
    return shape | {"customer": {**shape["customer"], "metadata": ""}}


def resolved_dispute(row: Row, transaction: Row) -> Json:
    """Return a dispute as its answer is answered: the transaction is a bare id."""
    at = iso(row["updated_at"])
    return {
        "currency": transaction["currency"],
        "last4": CARDS[transaction["card"] or "visa"]["last4"],
        "bin": CARDS[transaction["card"] or "visa"]["bin"],
        "transaction_reference": None,
        "merchant_transaction_reference": transaction["reference"],
        "refund_amount": row["amount"],
        "status": row["status"],
        "domain": transaction["domain"],
        "resolution": row["resolution"] or "declined",
        "category": row["category"],
        "note": None,
        "attachments": row["attachments"] or "",
        "id": row["id"],
        "integration": INTEGRATION_ID,
        "transaction": transaction["id"],
        "created_by": 1,
        "evidence": row["evidence_id"] or 0,
        "resolvedAt": iso(row["resolved_at"]) or at,
        "createdAt": iso(row["created_at"]),
        "updatedAt": at,
        "dueAt": iso(row["answer_by"]),
        "message": {
            "dispute": row["id"],
            "sender": "sandbox@paystack.test",
            "body": row["message"],
            "id": row["id"],
            "createdAt": at,
            "updatedAt": at,
        },
    }


def added_evidence(row: Row) -> Json:
    """Return an evidence as adding it is answered."""
    names = ("customer_email", "customer_name", "customer_phone", "service_details")
    shape: Json = {name: row[name] for name in (*names, "delivery_address", "delivery_date")}
    at = iso(row["created_at"])
    return shape | {"dispute": row["dispute_id"], "id": row["id"], "createdAt": at, "updatedAt": at}
