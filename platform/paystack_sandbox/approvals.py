"""Approval of transfers: the merchant's server is asked before money moves, and answers 200 or 400.

Source: https://paystack.com/docs/transfers/managing-transfers/. How often a silent server is asked again, and that a
transfer without an answer is blocked in the end, are this sandbox's own.
"""

from paystack_sandbox.sandbox import Sandbox
from paystack_sandbox.shapes import transfer as transfer_shape
from paystack_sandbox.store import Row, dump
from paystack_sandbox.webhooks import sign

EVENT = "transfer.approval"
TRIES = 3
INTERVAL = 60.0
APPROVED, REFUSED, SILENT = "200", "400", "no answer"


def ask_for_approval(sandbox: Sandbox, *, transfer: Row, recipient: Row) -> None:
    """Queue the question about a transfer, which waits for its answer."""
    body = dump(transfer_shape(transfer, recipient)).encode()
    now = sandbox.now()
    sandbox.store.insert(
        "deliveries",
        event=EVENT,
        reference=transfer["reference"],
        body=body,
        signature=sign(body, sandbox.config.secret_key),
        url=sandbox.approval_url,
        status="waiting",
        created_at=now,
        due_at=now,
    )
    sandbox.wake.set()


def withdraw_question(sandbox: Sandbox, *, reference: str) -> None:
    """Ask no more about a transfer that has ended."""
    sandbox.store.run(
        "UPDATE deliveries SET status = 'dropped' WHERE event = ? AND reference = ? AND status = 'waiting'",
        EVENT,
        reference,
    )


def planned_answer(sandbox: Sandbox, delivery: Row) -> str | None:
    """Return the answer that a fault puts in place of the merchant's; None where none does."""
    facts = {"event": EVENT, "reference": delivery["reference"]}
    if sandbox.faults.take("approval_refused", **facts):
        return REFUSED
    return SILENT if sandbox.faults.take("approval_silent", **facts) else None


def record_approval(sandbox: Sandbox, delivery: Row, answer: str) -> str:
    """Book one attempt, and return the transfer's outcome: approved, blocked, or empty while it is asked again."""
    attempts, now = delivery["attempts"] + 1, sandbox.now()
    is_answered = answer in (APPROVED, REFUSED)
    status = "delivered" if is_answered else "given_up" if attempts >= TRIES else "waiting"
    sandbox.store.update(
        "deliveries",
        delivery["id"],
        attempts=attempts,
        last_answer=answer,
        status=status,
        due_at=now + INTERVAL * sandbox.config.time_scale,
        delivered_at=now if is_answered else None,
    )
    if status == "waiting":
        return ""
    return "approved" if answer == APPROVED else "blocked"
