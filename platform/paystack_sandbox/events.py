"""Webhook bodies with Paystack's quirks: no event id, mixed timestamps, amounts as strings."""

from typing import Any

from paystack_sandbox import shapes
from paystack_sandbox.clock import iso
from paystack_sandbox.sandbox import INTEGRATION_ID, Sandbox
from paystack_sandbox.store import Row

Json = dict[str, Any]
REFUND_STATES_WITH_NUMBERS = ("failed", "needs-attention")


def charge_success(row: Row) -> Json:
    """Return the body of charge.success."""
    shape = shapes.transaction(row)
    names = ("id", "domain", "status", "reference", "amount", "message", "gateway_response")
    data: Json = {name: shape[name] for name in names}
    for name in ("paid_at", "created_at", "channel", "currency", "ip_address", "metadata"):
        data[name] = shape[name]
    data |= {
        "fees_breakdown": None,
        "log": None,
        "fees": shape["fees"],
        "fees_split": None,
        "authorization": shape["authorization"],
        "customer": shape["customer"],
        "plan": {},
        "subaccount": {},
        "split": {},
        "order_id": None,
        "paidAt": shape["paidAt"],
        "requested_amount": shape["requested_amount"],
        "pos_transaction_data": None,
        "source": shapes.source(),
    }
    return {"event": "charge.success", "data": data}


def refund_event(row: Row, transaction: Row) -> Json:
    """Return the body of a refund event; it names the payment, hardly ever the refund."""
    status = row["status"]
    has_number = status in REFUND_STATES_WITH_NUMBERS
    data: Json = {
        "status": status,
        "transaction_reference": transaction["reference"],
        "refund_reference": row["bank_reference"],
        "amount": row["amount"] if has_number else str(row["amount"]),
        "currency": transaction["currency"],
        "processor": "instant-transfer",
        "customer": {"first_name": None, "last_name": None, "email": transaction["email"]},
        "integration": INTEGRATION_ID,
        "domain": transaction["domain"],
    }
    if status == "needs-attention":
        data["id"] = str(row["id"])
    return {"event": f"refund.{status}", "data": data}


def transfer_event(sandbox: Sandbox, row: Row, recipient: Row) -> Json:
    """Return the body of a transfer event: camelCase times on success, snake_case otherwise."""
    succeeded = row["status"] == "success"
    created, updated = _time_names(camel=succeeded)
    data: Json = {
        "amount": row["amount"],
        created: iso(row["created_at"]),
        "currency": row["currency"],
        "domain": "test",
        "failures": None,
        "id": row["id"],
        "integration": {
            "id": INTEGRATION_ID,
            "is_live": False,
            "business_name": sandbox.config.business_name,
        },
        "reason": row["reason"],
        "reference": row["reference"],
        "source": "balance",
        "source_details": None,
        "status": row["status"],
        "titan_code": None,
        "transfer_code": row["code"],
        "transferred_at": None if succeeded else iso(row["transferred_at"]),
        updated: iso(row["updated_at"]),
        "recipient": _recipient(recipient, camel=succeeded),
        "session": {"provider": None, "id": None} if succeeded else {"provider": "nip", "id": f"{row['id']:020d}"},
    }
    if succeeded:
        data |= {"fee_charged": row["fee"], "gateway_response": None}
    return {"event": f"transfer.{row['status']}", "data": data}


def _recipient(row: Row, *, camel: bool) -> Json:
    created, updated = _time_names(camel=camel)
    return {
        "active": True,
        created: iso(row["created_at"]),
        "currency": row["currency"],
        "description": row["description"] or None,
        "domain": "test",
        "email": None,
        "id": row["id"],
        "integration": INTEGRATION_ID,
        "metadata": None,
        "name": row["name"],
        "recipient_code": row["code"],
        "type": row["type"],
        updated: iso(row["updated_at"]),
        "is_deleted": False,
        "details": {
            "authorization_code": None,
            "account_number": row["account_number"],
            "account_name": None,
            "bank_code": row["bank_code"],
            "bank_name": row["bank_name"],
        },
    }


def _time_names(*, camel: bool) -> tuple[str, str]:
    return ("createdAt", "updatedAt") if camel else ("created_at", "updated_at")
