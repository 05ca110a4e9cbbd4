"""Queueing of signed events, with the faults that are in force for them."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from paystack_sandbox.faults import WEBHOOK_KINDS, Fault
from paystack_sandbox.sandbox import Sandbox
from paystack_sandbox.store import Row, dump

Json = dict[str, Any]

MINUTES = 60.0
# Live mode: every three minutes for the first four tries, then hourly for 72 hours.
# https://paystack.com/docs/payments/webhooks/
RETRY_INTERVALS = (*(3 * MINUTES,) * 4, *(60 * MINUTES,) * 72)


@dataclass(slots=True)
class Plan:
    """Plan of the delivery of one event."""

    copies: int = 1
    wait: float = 0.0
    status: str = "waiting"
    is_signed_badly: bool = False

    def apply(self, fault: Fault) -> None:
        """Bend the plan to a fault."""
        if fault.kind == "duplicate":
            self.copies = int(fault.get("count"))
        elif fault.kind == "bad_signature":
            self.is_signed_badly = True
        elif fault.kind == "drop":
            self.status = "dropped"
        else:
            self.wait = float(fault.get("seconds"))
            self.status = "held" if fault.kind == "reorder" else self.status


def send_event(sandbox: Sandbox, *, event: Json, reference: str) -> None:
    """Queue an event for delivery at once, or as a fault requires."""
    body = dump(_distorted(sandbox, event, reference)).encode()
    plan = _plan(sandbox, event["event"], reference)
    signature = sign(body, sandbox.config.secret_key)
    now = sandbox.now()
    for _ in range(plan.copies):
        sandbox.store.insert(
            "deliveries",
            event=event["event"],
            reference=reference,
            body=body,
            signature=signature[::-1] if plan.is_signed_badly else signature,
            url=sandbox.config.webhook_url,
            status=plan.status,
            created_at=now,
            due_at=now + plan.wait,
        )
    sandbox.wake.set()


def sign(body: bytes, secret_key: str) -> str:
    """Return Paystack's signature of the exact bytes sent."""
    return hmac.new(secret_key.encode(), body, hashlib.sha512).hexdigest()


def distort(sandbox: Sandbox, data: Json, *, where: str, **facts: str) -> Json:
    """Return the data of a payment, made wrong in the way a fault asks for."""
    data = dict(data)
    if fault := sandbox.faults.take("wrong_amount", where=where, **facts):
        data["amount"] = wrong_amount(fault, data["amount"])
    if fault := sandbox.faults.take("wrong_currency", where=where, **facts):
        data["currency"] = fault.get("currency")
    if fault := sandbox.faults.take("wrong_domain", where=where, **facts):
        data["domain"] = fault.get("domain")
    return data


def wrong_amount(fault: Fault, amount: int) -> int:
    """Return the amount a fault puts in place of the right one."""
    wanted = fault.get("amount")
    return max(int(wanted if wanted is not None else amount + fault.get("by")), 1)


def resend(sandbox: Sandbox, delivery_id: int) -> Row | None:
    """Queue the same bytes once more and return the new delivery."""
    store = sandbox.store
    old = store.one("SELECT * FROM deliveries WHERE id = ?", delivery_id)
    if old is None:
        return None
    now = sandbox.now()
    copied = {name: old[name] for name in ("event", "reference", "body", "signature", "url")}
    new_id = store.insert("deliveries", **copied, status="waiting", created_at=now, due_at=now)
    sandbox.wake.set()
    return store.one("SELECT * FROM deliveries WHERE id = ?", new_id)


def record_answer(sandbox: Sandbox, delivery: Row, answer: str) -> None:
    """Book one attempt; anything but 200 is tried again on Paystack's schedule."""
    attempts, now = delivery["attempts"] + 1, sandbox.now()
    changes: Json = {"attempts": attempts, "last_answer": answer}
    if answer == "200":
        changes |= {"status": "delivered", "delivered_at": now}
    elif attempts > len(RETRY_INTERVALS):
        changes["status"] = "given_up"
    else:
        wait = RETRY_INTERVALS[attempts - 1] * sandbox.config.time_scale
        changes |= {"status": "waiting", "due_at": now + wait}
    with sandbox.store.transaction():
        sandbox.store.update("deliveries", delivery["id"], **changes)
        # An event held back to arrive out of order is sent once another event has overtaken it.
        if sandbox.store.run(
            "UPDATE deliveries SET status = 'waiting', due_at = ? WHERE status = 'held' AND id < ?",
            now,
            delivery["id"],
        ):
            sandbox.wake.set()


def _plan(sandbox: Sandbox, event: str, reference: str) -> Plan:
    plan = Plan()
    for kind in WEBHOOK_KINDS:
        if fault := sandbox.faults.take(kind, event=event, reference=reference):
            plan.apply(fault)
    return plan


def _distorted(sandbox: Sandbox, event: Json, reference: str) -> Json:
    name = event["event"]
    if name != "charge.success":
        return event
    facts = {"event": name, "reference": reference}
    return event | {"data": distort(sandbox, event["data"], where="webhook", **facts)}
