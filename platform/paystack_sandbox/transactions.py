"""Payments: started by the merchant, finished by the buyer on the hosted page."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from paystack_sandbox import events
from paystack_sandbox.balance import Cause, move_balance
from paystack_sandbox.errors import ApiError, invalid
from paystack_sandbox.faults import Fault
from paystack_sandbox.inputs import read_amount, read_metadata, read_text
from paystack_sandbox.money import TARIFFS, collection_fee
from paystack_sandbox.sandbox import Sandbox, new_code
from paystack_sandbox.shapes import CARDS
from paystack_sandbox.store import Row, dump
from paystack_sandbox.webhooks import send_event, wrong_amount

Json = dict[str, Any]

SELECT = "SELECT t.*, c.email, c.code AS customer_code FROM transactions t JOIN customers c ON c.id = t.customer_id"
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
REFERENCE = re.compile(r"[A-Za-z0-9.=-]{1,100}")
CHANNELS = (
    "card",
    "bank",
    "apple_pay",
    "ussd",
    "qr",
    "mobile_money",
    "bank_transfer",
    "eft",
    "capitec_pay",
    "payattitude",
)
NOT_COMPLETED = "The transaction was not completed"


def initialize_transaction(sandbox: Sandbox, asked: Mapping[str, Any]) -> Row:
    """Start a payment and return it; unpaid, it has the status that Paystack calls abandoned.

    Raises:
        ApiError: a parameter does not hold, or the reference is taken.
    """
    email = read_text(asked, "email").strip().lower()
    if not EMAIL.fullmatch(email):
        raise invalid("Invalid Email Address Passed", "invalid_email_address")
    currency = read_text(asked, "currency") or "NGN"
    if currency not in TARIFFS:
        raise ApiError("Currency not supported by merchant", code="unsupported_currency")
    amount = read_amount(asked, "amount")
    minimum = TARIFFS[currency].minimum_minor
    if amount < minimum and not sandbox.faults.take("no_minimum"):
        message = f"Amount cannot be less than the minimum of {minimum} for {currency}"
        raise ApiError(message, code="invalid_amount")
    reference = _read_reference(asked)
    store = sandbox.store
    with store.transaction():
        if store.one("SELECT 1 FROM transactions WHERE reference = ?", reference):
            raise ApiError(
                "Duplicate Transaction Reference",
                code="duplicate_reference",
                next_step="Start the transaction or charge again with a reference not used before",
            )
        row_id = store.insert(
            "transactions",
            reference=reference,
            access_code=new_code(),
            customer_id=_customer(sandbox, email),
            requested_amount=amount,
            amount=amount,
            currency=currency,
            status="abandoned",
            gateway_response=NOT_COMPLETED,
            channel="card",
            channels=dump(_read_channels(asked)),
            callback_url=_read_callback(asked),
            metadata=dump(read_metadata(asked)),
            domain="test",
            ip_address="127.0.0.1",
            created_at=sandbox.now(),
        )
    return _by_id(sandbox, row_id)


def pay_transaction(sandbox: Sandbox, *, reference: str, card: str = "visa") -> Row:
    """Take the money and queue charge.success.

    Raises:
        ApiError: there is no such payment, no such card, or it has been paid already.
    """
    if card not in CARDS:
        raise invalid(f"card must be one of {', '.join(CARDS)}")
    with sandbox.store.transaction():
        row = _open_payment(sandbox, reference)
        amount, currency, domain = _charged(sandbox, row)
        fees = collection_fee(amount_minor=amount, currency=currency, international=card == "international")
        sandbox.store.update(
            "transactions",
            row["id"],
            status="success",
            gateway_response="Successful",
            amount=amount,
            currency=currency,
            domain=domain,
            card=card,
            fees=fees,
            paid_at=sandbox.now(),
        )
        cause = Cause(f"Payment {reference}", "Transaction", row["id"])
        move_balance(sandbox, currency=currency, difference=amount - fees, cause=cause)
        paid = _by_id(sandbox, row["id"])
        send_event(sandbox, event=events.charge_success(paid), reference=reference)
    return paid


def fail_transaction(sandbox: Sandbox, *, reference: str) -> Row:
    """Let the bank decline; as at Paystack, no event is sent and the buyer may try again."""
    return _leave_unpaid(sandbox, reference, status="failed", response="Declined")


def abandon_transaction(sandbox: Sandbox, *, reference: str) -> Row:
    """Let the buyer walk away."""
    return _leave_unpaid(sandbox, reference, status="abandoned", response=NOT_COMPLETED)


def get_transaction(sandbox: Sandbox, reference: str) -> Row:
    """Return a payment by its reference.

    Raises:
        ApiError: there is none.
    """
    row = sandbox.store.one(f"{SELECT} WHERE t.reference = ?", reference)
    if row is None:
        raise ApiError(
            "Transaction reference not found.",
            status=404,
            next_step="Pass the reference of a transaction that exists on this integration",
        )
    return row


def _leave_unpaid(sandbox: Sandbox, reference: str, *, status: str, response: str) -> Row:
    with sandbox.store.transaction():
        row = _open_payment(sandbox, reference)
        sandbox.store.update("transactions", row["id"], status=status, gateway_response=response)
    return _by_id(sandbox, row["id"])


def _open_payment(sandbox: Sandbox, reference: str) -> Row:
    row = get_transaction(sandbox, reference)
    if row["status"] not in ("abandoned", "failed"):
        raise ApiError("Transaction has already been paid", status=409, code="already_paid")
    return row


def _charged(sandbox: Sandbox, row: Row) -> tuple[int, str, str]:
    """Return the amount and currency charged: a fault in `both` places changes them."""

    def fault(kind: str) -> Fault | None:
        facts = {"event": "charge.success", "reference": row["reference"]}
        return sandbox.faults.take(kind, where="both", **facts)

    amount, currency, domain = row["amount"], row["currency"], row["domain"]
    if found := fault("wrong_amount"):
        amount = wrong_amount(found, amount)
    if found := fault("wrong_currency"):
        currency = str(found.get("currency"))
    if found := fault("wrong_domain"):
        domain = str(found.get("domain"))
    return amount, currency, domain


def _customer(sandbox: Sandbox, email: str) -> int:
    row = sandbox.store.one("SELECT id FROM customers WHERE email = ?", email)
    if row is not None:
        return int(row["id"])
    return sandbox.store.insert("customers", email=email, code=new_code("CUS_"))


def _by_id(sandbox: Sandbox, row_id: int) -> Row:
    row = sandbox.store.one(f"{SELECT} WHERE t.id = ?", row_id)
    if row is None:
        raise ApiError("Transaction not found", status=404)
    return row


def _read_reference(asked: Mapping[str, Any]) -> str:
    reference = read_text(asked, "reference")
    if not reference:
        return new_code()
    if not REFERENCE.fullmatch(reference):
        message = "Only -, ., = and alphanumeric characters are allowed in a reference"
        raise ApiError(message, code="invalid_reference")
    return reference


def _read_callback(asked: Mapping[str, Any]) -> str:
    url = read_text(asked, "callback_url")
    if url and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc):
        raise ApiError("Invalid callback URL", code="invalid_callback_url")
    return url


def _read_channels(asked: Mapping[str, Any]) -> list[str]:
    channels = asked.get("channels") or ["card"]
    if not isinstance(channels, list) or any(name not in CHANNELS for name in channels):
        raise ApiError("Invalid payment channel", code="invalid_channel")
    return channels
