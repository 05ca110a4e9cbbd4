"""Answers of the API in the shapes of Paystack's published description."""

import hashlib
from typing import Any

from paystack_sandbox.clock import iso
from paystack_sandbox.money import TARIFFS
from paystack_sandbox.sandbox import INTEGRATION_ID
from paystack_sandbox.store import Row, load

Json = dict[str, Any]

COUNTRIES = {"NGN": "NG", "GHS": "GH", "ZAR": "ZA", "KES": "KE", "USD": "US", "XOF": "CI"}
CARDS: dict[str, Json] = {
    "visa": {"bin": "408408", "last4": "4081", "brand": "visa", "label": "Visa, local"},
    "verve": {"bin": "507850", "last4": "0409", "brand": "verve", "label": "Verve, local"},
    "international": {
        "bin": "512345",
        "last4": "2346",
        "brand": "mastercard",
        "label": "Mastercard, international",
    },
}
AUTHORIZATION_TEXTS = (
    "authorization_code",
    "bin",
    "last4",
    "exp_month",
    "exp_year",
    "channel",
    "card_type",
    "bank",
    "country_code",
    "brand",
    "signature",
)


def answer(message: str, data: object, **more: object) -> Json:
    """Return Paystack's envelope of a success."""
    return {"status": True, "message": message, "data": data, **more}


def customer(row: Row) -> Json:
    """Return the buyer of a transaction."""
    return {
        "id": row["customer_id"],
        "first_name": None,
        "last_name": None,
        "email": row["email"],
        "customer_code": row["customer_code"],
        "phone": None,
        "metadata": None,
        "risk_action": "default",
        "international_format_phone": None,
    }


def full_customer(row: Row) -> Json:
    """Return the buyer where the published description allows no nulls."""
    texts = dict.fromkeys(("first_name", "last_name", "phone", "international_format_phone"), "")
    return {**customer(row), **texts, "metadata": {}}


def authorization(row: Row) -> Json:
    """Return the card that paid, or nothing before a payment."""
    if row["card"] is None:
        return {}
    card = CARDS[row["card"]]
    seed = hashlib.sha256(f"{row['email']}/{row['card']}".encode()).hexdigest()
    abroad = row["card"] == "international"
    return {
        "authorization_code": f"AUTH_{seed[:10]}",
        "bin": card["bin"],
        "last4": card["last4"],
        "exp_month": "12",
        "exp_year": "2030",
        "channel": "card",
        "card_type": f"{card['brand']} ",
        "bank": "TEST BANK",
        "country_code": "US" if abroad else COUNTRIES[row["currency"]],
        "brand": card["brand"],
        "reusable": True,
        "signature": f"SIG_{seed[10:30]}",
        "account_name": None,
    }


def _full_authorization(row: Row) -> Json:
    blank: Json = {**dict.fromkeys(AUTHORIZATION_TEXTS, ""), "reusable": False}
    blank["account_name"] = None
    return {**blank, **authorization(row)}


def source() -> Json:
    """Return the source of a transaction."""
    return {
        "type": "api",
        "source": "merchant_api",
        "entry_point": "transaction_initialize",
        "identifier": None,
    }


def transaction(row: Row) -> Json:
    """Return a transaction as verify shows it."""
    paid_at, created_at = iso(row["paid_at"]), iso(row["created_at"])
    return {
        "id": row["id"],
        "domain": row["domain"],
        "status": row["status"],
        "reference": row["reference"],
        "receipt_number": None,
        "amount": row["amount"],
        "message": None,
        "gateway_response": row["gateway_response"],
        "paid_at": paid_at,
        "created_at": created_at,
        "channel": row["channel"],
        "currency": row["currency"],
        "ip_address": row["ip_address"],
        "metadata": load(row["metadata"]),
        "log": None,
        "fees": row["fees"],
        "fees_split": None,
        "authorization": authorization(row),
        "customer": customer(row),
        "plan": None,
        "split": {},
        "order_id": None,
        "paidAt": paid_at,
        "createdAt": created_at,
        "requested_amount": row["requested_amount"],
        "pos_transaction_data": None,
        "source": None,
        "fees_breakdown": None,
        "connect": None,
        "transaction_date": paid_at or created_at,
        "plan_object": {},
        "subaccount": {},
    }


def listed_transaction(row: Row) -> Json:
    """Return a transaction as the list shows it."""
    shape = transaction(row)
    metadata = shape["metadata"]
    shape |= {
        "metadata": metadata if isinstance(metadata, dict) else None,
        "authorization": _full_authorization(row),
        "plan": {},
        "paidAt": shape["paidAt"] or "",
        "source": {**source(), "source": "merchantApi"},
    }
    for name in ("receipt_number", "transaction_date", "plan_object", "fees_breakdown"):
        del shape[name]
    return shape


def fetched_transaction(row: Row) -> Json:
    """Return a transaction as fetching it by id shows it."""
    shape = transaction(row)
    metadata = shape["metadata"]
    extra = {"receiver_bank_account_number": None, "receiver_bank": None}
    return shape | {
        "metadata": {"custom_fields": [], **(metadata if isinstance(metadata, dict) else {})},
        "helpdesk_link": None,
        "paid_at": shape["paid_at"] or "",
        "paidAt": shape["paidAt"] or "",
        "fees": shape["fees"] or 0,
        "authorization": _full_authorization(row) | extra,
        "customer": full_customer(row),
        "plan": {},
        "source": source(),
    }


def recipient(row: Row) -> Json:
    """Return a transfer recipient."""
    return {
        "active": True,
        "createdAt": iso(row["created_at"]),
        "currency": row["currency"],
        "description": row["description"],
        "domain": "test",
        "email": "",
        "id": row["id"],
        "integration": INTEGRATION_ID,
        "metadata": load(row["metadata"]),
        "name": row["name"],
        "recipient_code": row["code"],
        "type": row["type"],
        "updatedAt": iso(row["updated_at"]),
        "is_deleted": False,
        "isDeleted": False,
        "details": {
            "authorization_code": None,
            "account_number": row["account_number"],
            "account_name": row["account_name"],
            "bank_code": row["bank_code"],
            "bank_name": row["bank_name"],
        },
    }


def fetched_recipient(row: Row) -> Json:
    """Return a recipient as fetching it by code shows it."""
    account = {
        "recipient_account": row["account_number"],
        "institution_code": row["bank_code"],
    }
    return recipient(row) | account


def created_transfer(row: Row) -> Json:
    """Return a transfer as its creation answers it: the recipient is a bare id."""
    return {
        "transfersessionid": [],
        "transfertrials": [],
        "domain": "test",
        "amount": row["amount"],
        "currency": row["currency"],
        "reference": row["reference"],
        "source": "balance",
        "source_details": None,
        "reason": row["reason"],
        "status": row["status"],
        "failures": None,
        "transfer_code": row["code"],
        "titan_code": None,
        "transferred_at": iso(row["transferred_at"]),
        "id": row["id"],
        "integration": INTEGRATION_ID,
        "request": row["id"],
        "recipient": row["recipient_id"],
        "createdAt": iso(row["created_at"]),
        "updatedAt": iso(row["updated_at"]),
    }


def queued_transfer(row: Row, recipient_code: str) -> Json:
    """Return one line of a bulk answer."""
    return {
        "reference": row["reference"],
        "recipient": recipient_code,
        "amount": row["amount"],
        "transfer_code": row["code"],
        "currency": row["currency"],
        "status": row["status"],
    }


def transfer(row: Row, recipient_row: Row) -> Json:
    """Return a transfer as verify, fetch and list show it."""
    shape = created_transfer(row)
    for name in ("transfersessionid", "transfertrials"):
        del shape[name]
    return shape | {
        "recipient": recipient(recipient_row),
        "session": {"provider": None, "id": None},
        "fee_charged": row["fee"],
        "fees_breakdown": None,
        "gateway_response": None,
    }


def balances(amounts: dict[str, int]) -> list[Json]:
    """Return one line per currency."""
    return [
        {"currency": currency, "balance": amounts.get(currency, 0)}
        for currency in TARIFFS
        if currency == "NGN" or currency in amounts
    ]
