"""Refund answers, which differ from one endpoint to the next."""

from paystack_sandbox.clock import iso
from paystack_sandbox.sandbox import INTEGRATION_ID
from paystack_sandbox.shapes import Json, full_customer
from paystack_sandbox.store import Row

MERCHANT = "sandbox@paystack.test"
WORKING_DAYS = 10 * 24 * 3600


def created_refund(row: Row, transaction: Row) -> Json:
    """Return a refund as its creation answers it."""
    paid_at = iso(transaction["paid_at"])
    return {
        "transaction": {
            "id": transaction["id"],
            "domain": transaction["domain"],
            "reference": transaction["reference"],
            "amount": transaction["amount"],
            "paid_at": paid_at,
            "channel": transaction["channel"],
            "currency": transaction["currency"],
            "authorization": {"exp_month": None, "exp_year": None, "account_name": None},
            "customer": {"international_format_phone": None},
            "plan": {},
            "subaccount": {"currency": None},
            "split": {},
            "order_id": None,
            "paidAt": paid_at,
            "pos_transaction_data": None,
            "source": None,
            "fees_breakdown": None,
        },
        "integration": INTEGRATION_ID,
        "deducted_amount": 0,
        "channel": None,
        "merchant_note": row["merchant_note"],
        "customer_note": row["customer_note"],
        "status": row["status"],
        "refunded_by": MERCHANT,
        "expected_at": iso(row["created_at"] + WORKING_DAYS),
        "currency": transaction["currency"],
        "domain": transaction["domain"],
        "amount": row["amount"],
        "fully_deducted": False,
        "id": row["id"],
        "createdAt": iso(row["created_at"]),
        "updatedAt": iso(row["updated_at"]),
    }


def refund(row: Row, transaction: Row, dispute_id: int | None = None) -> Json:
    """Return a refund as fetch and list show it: the transaction is a bare id."""
    done = row["status"] == "processed"
    return {
        "integration": INTEGRATION_ID,
        "transaction": transaction["id"],
        "dispute": dispute_id,
        "settlement": None,
        "id": row["id"],
        "domain": transaction["domain"],
        "currency": transaction["currency"],
        "amount": row["amount"],
        "status": row["status"],
        "refunded_at": iso(row["refunded_at"]),
        "refunded_by": MERCHANT,
        "customer_note": row["customer_note"],
        "merchant_note": row["merchant_note"],
        "deducted_amount": row["amount"] if done else 0,
        "fully_deducted": 1 if done else 0,
        "createdAt": iso(row["created_at"]),
        "bank_reference": row["bank_reference"],
        "transaction_reference": transaction["reference"],
        "reason": "",
        "customer": {**full_customer(transaction), "metadata": ""},
        "refund_type": "full" if row["amount"] == transaction["amount"] else "partial",
        "transaction_amount": transaction["amount"],
        "initiated_by": MERCHANT,
        "refund_channel": transaction["channel"],
        "session_id": None,
        "collect_account_number": False,
    }
