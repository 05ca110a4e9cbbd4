"""Transfer recipients: the accounts that receive transfers."""

from collections.abc import Mapping
from typing import Any

from paystack_sandbox.banks import account_name, find_bank, is_account
from paystack_sandbox.errors import ApiError, invalid, not_found
from paystack_sandbox.inputs import read_metadata, read_text
from paystack_sandbox.sandbox import Sandbox, new_code
from paystack_sandbox.store import Row, dump

TYPES = {
    "nuban": "NGN",
    "ghipss": "GHS",
    "mobile_money": "GHS",
    "basa": "ZAR",
    "kepss": "KES",
}


def create_recipient(sandbox: Sandbox, asked: Mapping[str, Any]) -> Row:
    """Register an account; an account already known is returned as it is.

    Raises:
        ApiError: a parameter does not hold or the bank does not know the account.
    """
    kind, name = read_text(asked, "type"), read_text(asked, "name").strip()
    if kind not in TYPES:
        raise invalid(f"type must be one of {', '.join(TYPES)}", "invalid_recipient_type")
    if not name:
        raise invalid("name is required")
    currency = read_text(asked, "currency") or TYPES[kind]
    bank = find_bank(code=read_text(asked, "bank_code"), currency=currency)
    number = read_text(asked, "account_number")
    if not is_account(number, bank):
        raise ApiError("Account number is invalid", code="invalid_account_number")
    store, now = sandbox.store, sandbox.now()
    known = store.one(
        "SELECT * FROM recipients WHERE currency = ? AND bank_code = ? AND account_number = ?",
        currency,
        bank.code,
        number,
    )
    if known is not None:
        return known
    code = new_code("RCP_")
    store.insert(
        "recipients",
        code=code,
        type=kind,
        name=name,
        account_number=number,
        account_name=account_name(number, bank),
        bank_code=bank.code,
        bank_name=bank.name,
        currency=currency,
        description=read_text(asked, "description"),
        metadata=dump(read_metadata(asked) or None),
        created_at=now,
        updated_at=now,
    )
    return get_recipient(sandbox, code)


def get_recipient(sandbox: Sandbox, code_or_id: str | int) -> Row:
    """Return a recipient by its code or id.

    Raises:
        ApiError: there is none.
    """
    row = sandbox.store.one("SELECT * FROM recipients WHERE code = ? OR id = ?", code_or_id, code_or_id)
    if row is None:
        raise not_found("Recipient", "Pass the code of a recipient on this integration")
    return row
