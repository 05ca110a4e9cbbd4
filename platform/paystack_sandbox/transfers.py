"""Transfers: money leaves the balance when one is created, and its fate is known later."""

import re
from collections.abc import Mapping
from typing import Any

from paystack_sandbox import approvals, events
from paystack_sandbox.balance import Cause, current_balance, move_balance
from paystack_sandbox.errors import ApiError, invalid, not_found
from paystack_sandbox.inputs import read_amount, read_text
from paystack_sandbox.money import transfer_fee
from paystack_sandbox.recipients import get_recipient
from paystack_sandbox.sandbox import Sandbox, new_code
from paystack_sandbox.store import Row
from paystack_sandbox.webhooks import send_event

REFERENCE = re.compile(r"[a-z0-9_-]{16,50}")
CURRENCIES = ("NGN", "ZAR", "KES", "GHS")
BULK_LIMIT = 100
OPEN = ("pending", "otp", "received")
RETURNED = ("failed", "reversed", "abandoned", "blocked", "rejected")
FINAL = ("success", *RETURNED)
WITH_EVENT = ("success", "failed", "reversed")


def create_transfer(sandbox: Sandbox, asked: Mapping[str, Any]) -> Row:
    """Debit amount and fee, and queue the transfer.

    Raises:
        ApiError: a parameter does not hold, the reference is taken or the balance is too low.
    """
    currency = _read_source(asked)
    is_otp_on = sandbox.faults.take("otp_on", reference=read_text(asked, "reference")) is not None
    reference, amount = _read_reference(asked), read_amount(asked, "amount")
    recipient = get_recipient(sandbox, read_text(asked, "recipient"))
    if recipient["currency"] != currency:
        raise invalid("The recipient takes another currency", "invalid_currency")
    with sandbox.store.transaction():
        if find_transfer(sandbox, reference) is not None:
            raise ApiError(
                "Please provide a unique reference. Reference already exists on a transfer",
                code="duplicate_transfer_reference",
                next_step="Verify the transfer of this reference before you send another",
            )
        _require_balance(sandbox, currency, amount + transfer_fee(amount_minor=amount, currency=currency))
        return _queue(sandbox, asked, recipient, currency, needs_code=is_otp_on)


def create_bulk_transfer(sandbox: Sandbox, asked: Mapping[str, Any]) -> list[tuple[Row, str]]:
    """Queue up to 100 transfers and return them with their recipient codes.

    A line whose recipient takes another currency is stored as rejected; a reference that exists
    already comes back with the state it is in. Neither moves money.

    Raises:
        ApiError: the batch does not hold, a recipient is unknown, or the balance does not cover
            all of it.
    """
    currency, lines = _read_source(asked), asked.get("transfers")
    if not isinstance(lines, list) or not lines:
        raise invalid("transfers must be a list")
    if len(lines) > BULK_LIMIT:
        raise invalid(f"A batch holds at most {BULK_LIMIT} transfers", "batch_limit_exceeded")
    amounts = [read_amount(line, "amount") for line in lines]
    references = [_read_reference(line) for line in lines]
    if sandbox.faults.take("otp_on"):
        raise ApiError(
            "You need to disable the Transfers OTP requirement to use this endpoint",
            code="otp_required",
            next_step="Turn the confirmation of transfers off in the dashboard",
        )
    if len(set(references)) < len(references):
        raise invalid("References in a batch must differ", "duplicate_transfer_reference")
    with sandbox.store.transaction():
        _require_balance(
            sandbox,
            currency,
            sum(
                amount + transfer_fee(amount_minor=amount, currency=currency)
                for amount, reference in zip(amounts, references, strict=True)
                if find_transfer(sandbox, reference) is None
            ),
        )
        return [_queue_line(sandbox, line, currency) for line in lines]


def finish_transfer(sandbox: Sandbox, *, reference: str, status: str) -> Row:
    """Move a transfer to a final status, return the money if it failed, and send the event.

    Raises:
        ApiError: there is no such transfer, or it cannot get this status: only a success can still be
            reversed, other final states stay.
    """
    if status not in FINAL:
        raise invalid(f"status must be one of {', '.join(FINAL)}")
    with sandbox.store.transaction():
        row = get_transfer(sandbox, reference)
        is_reversal = row["status"] == "success" and status == "reversed"
        if row["status"] not in OPEN and not is_reversal:
            raise ApiError(f"Transfer is already {row['status']}", status=409, code="final")
        now = sandbox.now()
        moved_at = now if status in WITH_EVENT and status != "failed" else None
        sandbox.store.update(
            "transfers",
            row["id"],
            status=status,
            updated_at=now,
            transferred_at=row["transferred_at"] or moved_at,
            due_at=None,
        )
        approvals.withdraw_question(sandbox, reference=reference)
        if status in RETURNED:
            cause = Cause(f"Transfer {status} {reference}", "Transfer", row["id"])
            back = row["amount"] + row["fee"]
            move_balance(sandbox, currency=row["currency"], difference=back, cause=cause)
        done = get_transfer(sandbox, reference)
        if status in WITH_EVENT:
            recipient = get_recipient(sandbox, row["recipient_id"])
            event = events.transfer_event(sandbox, done, recipient)
            send_event(sandbox, event=event, reference=reference)
    return done


def settle_approval(sandbox: Sandbox, delivery: Row, answer: str) -> None:
    """Book the merchant's answer about a transfer: it goes on its way, or is blocked and its money is back."""
    with sandbox.store.transaction():
        outcome = approvals.record_approval(sandbox, delivery, answer)
        row = find_transfer(sandbox, delivery["reference"])
        if not outcome or row is None or row["status"] != "received":
            return
        if outcome == "blocked":
            finish_transfer(sandbox, reference=row["reference"], status="blocked")
            return
        now = sandbox.now()
        sandbox.store.update("transfers", row["id"], status="pending", updated_at=now, due_at=_ends_at(sandbox, now))
    sandbox.wake.set()


def finish_due_transfers(sandbox: Sandbox) -> None:
    """Finish the transfers whose time has come."""
    due = sandbox.store.all(
        "SELECT reference, outcome FROM transfers WHERE due_at <= ? ORDER BY due_at, id LIMIT 200",
        sandbox.now(),
    )
    for row in due:
        if row["outcome"] == "reversed":
            finish_transfer(sandbox, reference=row["reference"], status="success")
        finish_transfer(sandbox, reference=row["reference"], status=row["outcome"])


def get_transfer(sandbox: Sandbox, reference: str) -> Row:
    """Return a transfer by its reference.

    Raises:
        ApiError: there is none.
    """
    row = find_transfer(sandbox, reference)
    if row is None:
        raise not_found("Transfer", "Pass the reference of a transfer on this integration")
    return row


def find_transfer(sandbox: Sandbox, reference: str) -> Row | None:
    """Return a transfer by its reference, or None."""
    return sandbox.store.one("SELECT * FROM transfers WHERE reference = ?", reference)


def _queue(
    sandbox: Sandbox, line: Mapping[str, Any], recipient: Row, currency: str, *, needs_code: bool = False
) -> Row:
    reference, amount = line["reference"], read_amount(line, "amount")
    fee = transfer_fee(amount_minor=amount, currency=currency)
    fault = sandbox.faults.take("transfer_outcome", event="transfer", reference=reference)
    outcome = "otp" if needs_code else str(fault.get("outcome")) if fault else "success"
    now, is_asked = sandbox.now(), bool(sandbox.approval_url)
    waits_for_somebody = outcome in OPEN
    first_status = outcome if waits_for_somebody else "received" if is_asked else "pending"
    row_id = sandbox.store.insert(
        "transfers",
        reference=reference,
        code=new_code("TRF_"),
        recipient_id=recipient["id"],
        amount=amount,
        fee=fee,
        currency=currency,
        reason=read_text(line, "reason"),
        status=first_status,
        outcome=outcome,
        created_at=now,
        updated_at=now,
        due_at=None if waits_for_somebody or is_asked else _ends_at(sandbox, now),
    )
    cause = Cause(f"Transfer {reference}", "Transfer", row_id)
    move_balance(sandbox, currency=currency, difference=-(amount + fee), cause=cause)
    row = get_transfer(sandbox, reference)
    if is_asked and not waits_for_somebody:
        approvals.ask_for_approval(sandbox, transfer=row, recipient=recipient)
    sandbox.wake.set()
    return row


def _ends_at(sandbox: Sandbox, now: float) -> float | None:
    delay = sandbox.config.finish_after
    return None if delay is None else now + delay


def _queue_line(sandbox: Sandbox, line: Mapping[str, Any], currency: str) -> tuple[Row, str]:
    code = read_text(line, "recipient")
    known = find_transfer(sandbox, line["reference"])
    if known is not None:
        return known, get_recipient(sandbox, known["recipient_id"])["code"]
    recipient = get_recipient(sandbox, code)
    if recipient["currency"] != currency or sandbox.faults.take("reject_line", reference=line["reference"]):
        return _reject(sandbox, line, recipient, currency), code
    return _queue(sandbox, line, recipient, currency), code


def _reject(sandbox: Sandbox, line: Mapping[str, Any], recipient: Row, currency: str) -> Row:
    now = sandbox.now()
    sandbox.store.insert(
        "transfers",
        reference=line["reference"],
        code=new_code("TRF_"),
        recipient_id=recipient["id"],
        amount=read_amount(line, "amount"),
        fee=0,
        currency=currency,
        reason=read_text(line, "reason"),
        status="rejected",
        outcome="rejected",
        created_at=now,
        updated_at=now,
    )
    return get_transfer(sandbox, line["reference"])


def _require_balance(sandbox: Sandbox, currency: str, needed: int) -> None:
    if current_balance(sandbox, currency) < needed:
        raise ApiError(
            "Your balance is not enough to fulfil this request",
            code="insufficient_balance",
            next_step="Wait for payments or top up the balance, then try again",
        )


def _read_source(asked: Mapping[str, Any]) -> str:
    if read_text(asked, "source") != "balance":
        raise invalid("source must be balance", "invalid_source")
    currency = read_text(asked, "currency") or "NGN"
    if currency not in CURRENCIES:
        raise invalid("Transfers are not available in this currency", "unsupported_currency")
    return currency


def _read_reference(asked: Mapping[str, Any]) -> str:
    if not isinstance(asked, Mapping):
        raise invalid("A transfer must be an object")
    reference = read_text(asked, "reference")
    if not REFERENCE.fullmatch(reference):
        raise invalid("Transfer reference must be 16 to 50 of a-z, 0-9, - and _", "invalid_reference")
    return reference
