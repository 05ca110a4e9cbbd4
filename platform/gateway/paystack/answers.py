"""Reading Paystack's answers, in which the same thing comes in several shapes."""

import logging
from collections.abc import Mapping
from typing import Any

from gateway.bounds import identifier, moment, shown, text, whole
from gateway.errors import ProviderUnavailableError, UnreadableAnswerError
from gateway.paystack.amounts import from_provider
from gateway.paystack.names import LABEL
from gateway.port import Bank, ChargeStatus, RefundReport, RefundState, Verification
from gateway.stored_sentences import NO_DATA, NO_LIST, OTHER_REFERENCE

logger = logging.getLogger(__name__)

# https://paystack.com/docs/payments/verify-payments/: "abandoned" also means "not paid yet".
CHARGE_STATUSES = {
    "success": ChargeStatus.SUCCESS,
    "abandoned": ChargeStatus.NOT_PAID,
    "failed": ChargeStatus.FAILED,
    "reversed": ChargeStatus.REVERSED,
    "ongoing": ChargeStatus.PENDING,
    "pending": ChargeStatus.PENDING,
    "processing": ChargeStatus.PENDING,
    "queued": ChargeStatus.PENDING,
}
LONGEST_NOTE = 60  # longer than our keys, so that no other note is cut to one of them
REFUND_STATES = {
    "pending": RefundState.PENDING,
    "processing": RefundState.PENDING,
    "processed": RefundState.PROCESSED,
    "failed": RefundState.FAILED,
    "needs-attention": RefundState.NEEDS_ATTENTION,
}


def read_verification(data: Mapping[str, Any], *, reference: str) -> Verification:
    """Read the answer of verify.

    Raises:
        ProviderUnavailableError: it is about another charge.
        UnreadableAnswerError: it is not understood.
    """
    if data.get("reference") != reference:
        raise ProviderUnavailableError(OTHER_REFERENCE.written(provider=LABEL))
    status = CHARGE_STATUSES.get(str(data.get("status")))
    if status is None:
        raise UnreadableAnswerError(f"The status is {shown(data.get('status'))}.")
    return Verification(
        reference=reference,
        status=status,
        amount_minor=from_provider(whole(data.get("amount"), "The amount")),
        currency=data.get("currency") or "",
        fees_minor=from_provider(whole(data.get("fees") or 0, "The fee")),
        is_live=data.get("domain") == "live",
        provider_id=identifier(data["id"], "The id of the charge") if data.get("id") is not None else "",
        channel=data.get("channel") or "",
        paid_at=moment(data.get("paid_at") or data.get("paidAt")),
        message=data.get("gateway_response") or data.get("message") or "",
    )


def read_refund(data: Mapping[str, Any]) -> RefundReport:
    """Read a refund, as created or as listed.

    Raises:
        UnreadableAnswerError: it is not understood.
    """
    state = REFUND_STATES.get(str(data.get("status")))
    if state is None:
        raise UnreadableAnswerError(f"The status of a refund is {shown(data.get('status'))}.")
    return RefundReport(
        key=text(data.get("merchant_note"), longest=LONGEST_NOTE),
        provider_id=identifier(data.get("id"), "The id of a refund"),
        amount_minor=from_provider(whole(data.get("amount"), "The amount of a refund")),
        currency=data.get("currency") or "",
        state=state,
        processed_at=moment(data.get("refunded_at")),
        message=data.get("reason") or "",
    )


def charge_of(refund: Mapping[str, Any]) -> str:
    """Return the id of the charge that a refund is of; created ones carry the charge itself, listed ones its id.

    Raises:
        UnreadableAnswerError: it names none.
    """
    charge = refund.get("transaction")
    return identifier(charge.get("id") if isinstance(charge, dict) else charge, "The charge of a refund")


def read_bank(data: Mapping[str, Any]) -> Bank | None:
    """Return a bank of the list; None for one that is closed or cannot be read: the others can be chosen still."""
    if data.get("active") is False:
        return None
    try:
        return Bank(data.get("name") or "", data.get("code") or "", data.get("currency") or "", data.get("type") or "")
    except UnreadableAnswerError as error:
        logger.warning("A bank of Paystack's list is left out: %s", error)
        return None


def next_cursor(body: Mapping[str, Any]) -> str:
    """Return the cursor of the next page of a list; empty on the last one."""
    meta = body.get("meta")
    cursor = meta.get("next") if isinstance(meta, dict) else None
    return cursor if isinstance(cursor, str) else ""


def items(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the list that an answer holds.

    Raises:
        ProviderUnavailableError: it holds none.
    """
    data = body.get("data")
    if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
        raise ProviderUnavailableError(NO_LIST.written(provider=LABEL))
    return data


def record(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the one object that an answer holds.

    Raises:
        ProviderUnavailableError: it holds none.
    """
    data = body.get("data")
    if not isinstance(data, dict):
        raise ProviderUnavailableError(NO_DATA.written(provider=LABEL))
    return data
