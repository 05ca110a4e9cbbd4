"""Disputes: opened by the buyer's bank, answered by the merchant in time or lost, and decided."""

import hashlib
from collections.abc import Mapping
from typing import Any

from paystack_sandbox import events_disputes
from paystack_sandbox.balance import Cause, move_balance
from paystack_sandbox.errors import ApiError, invalid, not_found
from paystack_sandbox.inputs import read_amount, read_text
from paystack_sandbox.refunds import find_payment, record_dispute_refund, refunded_amount
from paystack_sandbox.sandbox import Sandbox, new_code
from paystack_sandbox.store import Row
from paystack_sandbox.webhooks import send_event

WAITING, WITH_BANK, RESOLVED = "awaiting-merchant-feedback", "awaiting-bank-feedback", "resolved"
ACCEPTED, DECLINED, LOST = "merchant-accepted", "declined", "auto-accepted"
ENDS = (DECLINED, LOST)
CATEGORIES = ("chargeback", "fraud")
HOUR = 3600.0
# https://paystack.com/docs/payments/disputes/: a disputed naira charge is to be answered in 16 hours, others in 48.
HOURS_TO_ANSWER = {"NGN": 16}
OTHER_HOURS = 48
LARGEST_FILE = 10 * 1024 * 1024


def open_dispute(sandbox: Sandbox, asked: Mapping[str, Any]) -> Row:
    """Open a dispute of a paid payment, as its buyer's bank does, and queue charge.dispute.create.

    Raises:
        ApiError: the payment is unknown or unpaid, or less than this is left of it.
    """
    transaction = find_payment(sandbox, asked.get("reference"))
    if transaction["status"] != "success":
        raise ApiError("Only a paid transaction can be disputed", code="transaction_not_paid")
    category = read_text(asked, "category") or CATEGORIES[0]
    if category not in CATEGORIES:
        raise invalid(f"category must be one of {', '.join(CATEGORIES)}")
    left = transaction["amount"] - refunded_amount(sandbox, transaction["id"])
    amount = read_amount(asked, "amount") if asked.get("amount") else left
    if amount > left:
        raise invalid("amount is more than what is left of the transaction")
    now = sandbox.now()
    due_at = now + HOURS_TO_ANSWER.get(transaction["currency"], OTHER_HOURS) * HOUR
    with sandbox.store.transaction():
        row_id = sandbox.store.insert(
            "disputes",
            transaction_id=transaction["id"],
            amount=amount,
            category=category,
            status=WAITING,
            body=read_text(asked, "body") or "Item not received",
            created_at=now,
            updated_at=now,
            answer_by=due_at,
            remind_at=(now + due_at) / 2,
            due_at=(now + due_at) / 2,
        )
        return _tell(sandbox, row_id, "create")


def add_evidence(sandbox: Sandbox, dispute_id: int, asked: Mapping[str, Any]) -> Row:
    """Keep a statement of the merchant about the sale; it counts once a resolution names it.

    Raises:
        ApiError: there is no such dispute, it is answered or over, or something is missing.
    """
    row = _answerable(sandbox, dispute_id)
    texts = {name: read_text(asked, name) for name in ("customer_email", "customer_name", "customer_phone")}
    texts["service_details"] = read_text(asked, "service_details")
    if missing := [name for name, text in texts.items() if not text]:
        raise invalid(f"{missing[0]} is required", "missing_params")
    evidence_id = sandbox.store.insert(
        "dispute_evidence",
        dispute_id=row["id"],
        **texts,
        delivery_address=read_text(asked, "delivery_address"),
        delivery_date=read_text(asked, "delivery_date"),
        created_at=sandbox.now(),
    )
    return get_evidence(sandbox, evidence_id)


def start_upload(sandbox: Sandbox, dispute_id: int) -> Row:
    """Name a file that the merchant may send, and sign its address.

    Raises:
        ApiError: there is no such dispute.
    """
    row = get_dispute(sandbox, dispute_id)
    file_id = sandbox.store.insert(
        "dispute_files", dispute_id=row["id"], name=new_code(), signature=new_code(), created_at=sandbox.now()
    )
    return _file(sandbox, "id = ?", file_id)


def take_file(sandbox: Sandbox, *, name: str, signature: str, content: bytes, media_type: str) -> Row:
    """Keep the size and the digest of a file that was sent to its signed address.

    Raises:
        ApiError: the address is not one of ours, or the file is empty or too large.
    """
    row = _file(sandbox, "name = ?", name)
    if row["signature"] != signature:
        raise ApiError("The signature does not match", status=403)
    if not 0 < len(content) <= LARGEST_FILE:
        raise invalid("The file is empty or too large")
    digest = hashlib.sha256(content).hexdigest()
    sandbox.store.update("dispute_files", row["id"], size=len(content), digest=digest, media_type=media_type)
    return _file(sandbox, "id = ?", row["id"])


def resolve_dispute(sandbox: Sandbox, dispute_id: int, asked: Mapping[str, Any]) -> Row:
    """Take the merchant's answer: an accepted dispute is over, a declined one goes to the bank.

    Raises:
        ApiError: it is answered or over, or names a file or an evidence that there is not.
    """
    row = _answerable(sandbox, dispute_id)
    resolution, message = read_text(asked, "resolution"), read_text(asked, "message")
    if resolution not in (ACCEPTED, DECLINED) or not message:
        raise invalid("resolution must be merchant-accepted or declined, with a message")
    amount = asked.get("refund_amount")
    if not isinstance(amount, int) or isinstance(amount, bool) or not 0 <= amount <= row["amount"]:
        raise invalid("refund_amount must be a number within the dispute's amount")
    evidence, name = asked.get("evidence"), read_text(asked, "uploaded_filename")
    if evidence is not None and get_evidence(sandbox, evidence)["dispute_id"] != row["id"]:
        raise not_found("Evidence")
    if name and _file(sandbox, "name = ?", name)["size"] is None:
        raise invalid("The file was not uploaded")
    if resolution == DECLINED and row["category"] == "fraud" and evidence is None:
        raise invalid("evidence is required for fraud claims", "missing_params")
    with sandbox.store.transaction():
        sandbox.store.update(
            "disputes",
            row["id"],
            evidence_id=evidence,
            attachments=name,
            message=message,
            updated_at=sandbox.now(),
        )
        if resolution == ACCEPTED:
            return _end(sandbox, row["id"], resolution=ACCEPTED, amount=amount)
        outcome = sandbox.faults.take("dispute_outcome", event="charge.dispute", reference=_reference(sandbox, row))
        due_at = sandbox.now() + sandbox.config.finish_after if sandbox.config.finish_after is not None else None
        sandbox.store.update(
            "disputes",
            row["id"],
            status=WITH_BANK,
            outcome=str(outcome.get("outcome")) if outcome else DECLINED,
            due_at=due_at,
        )
    sandbox.wake.set()
    return get_dispute(sandbox, row["id"])


def finish_dispute(sandbox: Sandbox, dispute_id: int, *, resolution: str) -> Row:
    """Let the bank decide: a declined dispute is the merchant's, an accepted one the buyer's.

    Raises:
        ApiError: there is no such dispute, or it is over.
    """
    if resolution not in ENDS:
        raise invalid(f"resolution must be one of {', '.join(ENDS)}")
    row = get_dispute(sandbox, dispute_id)
    if row["status"] == RESOLVED:
        raise ApiError("Dispute is already resolved", status=409, code="final")
    with sandbox.store.transaction():
        return _end(sandbox, row["id"], resolution=resolution, amount=0 if resolution == DECLINED else row["amount"])


def remind(sandbox: Sandbox, dispute_id: int) -> Row:
    """Queue charge.dispute.remind, once by itself in the middle of the time to answer."""
    row = _answerable(sandbox, dispute_id)
    sandbox.store.update("disputes", row["id"], remind_at=None, due_at=row["answer_by"])
    return _tell(sandbox, row["id"], "remind")


def move_due_disputes(sandbox: Sandbox) -> None:
    """Remind of, lose, or decide every dispute whose time has come."""
    due = sandbox.store.all("SELECT * FROM disputes WHERE due_at <= ? ORDER BY due_at, id LIMIT 200", sandbox.now())
    for row in due:
        if row["status"] == WITH_BANK:
            finish_dispute(sandbox, row["id"], resolution=row["outcome"])
        elif row["answer_by"] <= sandbox.now():
            finish_dispute(sandbox, row["id"], resolution=LOST)
        else:
            remind(sandbox, row["id"])


def get_dispute(sandbox: Sandbox, dispute_id: int) -> Row:
    """Return a dispute.

    Raises:
        ApiError: there is none.
    """
    row = sandbox.store.one("SELECT * FROM disputes WHERE id = ?", dispute_id)
    if row is None:
        raise not_found("Dispute", "Pass the id of a dispute on this integration")
    return row


def get_evidence(sandbox: Sandbox, evidence_id: object) -> Row:
    """Return an evidence.

    Raises:
        ApiError: there is none.
    """
    row = sandbox.store.one("SELECT * FROM dispute_evidence WHERE id = ?", evidence_id)
    if row is None:
        raise not_found("Evidence")
    return row


def _file(sandbox: Sandbox, condition: str, value: object) -> Row:
    row = sandbox.store.one(f"SELECT * FROM dispute_files WHERE {condition}", value)  # noqa: S608 - our own
    if row is None:
        raise not_found("File")
    return row


def _answerable(sandbox: Sandbox, dispute_id: int) -> Row:
    row = get_dispute(sandbox, dispute_id)
    if row["status"] != WAITING:
        raise ApiError("Dispute is not awaiting merchant feedback", code="dispute_not_awaiting_feedback")
    return row


def _end(sandbox: Sandbox, dispute_id: int, *, resolution: str, amount: int) -> Row:
    """End a dispute; the money that is lost leaves the balance as a refund that names the dispute."""
    now, row = sandbox.now(), get_dispute(sandbox, dispute_id)
    sandbox.store.update(
        "disputes",
        dispute_id,
        status=RESOLVED,
        resolution=resolution,
        amount=amount or row["amount"],
        resolved_at=now,
        updated_at=now,
        due_at=None,
        remind_at=None,
    )
    if resolution != DECLINED and amount:
        transaction = find_payment(sandbox, row["transaction_id"])
        record_dispute_refund(sandbox, transaction=transaction, dispute_id=dispute_id, amount=amount)
        cause = Cause(f"Dispute of {transaction['reference']}", "Dispute", dispute_id)
        move_balance(sandbox, currency=transaction["currency"], difference=-amount, cause=cause)
    return _tell(sandbox, dispute_id, "resolve")


def _reference(sandbox: Sandbox, row: Row) -> str:
    return str(find_payment(sandbox, row["transaction_id"])["reference"])


def _tell(sandbox: Sandbox, dispute_id: int, move: str) -> Row:
    row = get_dispute(sandbox, dispute_id)
    transaction = find_payment(sandbox, row["transaction_id"])
    event = events_disputes.dispute_event(row, transaction, move=move)
    send_event(sandbox, event=event, reference=transaction["reference"])
    return row
