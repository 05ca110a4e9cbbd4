"""Reading Paystack's answers, in which the same thing comes in several shapes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from gateway.errors import ProviderUnavailableError
from gateway.paystack.amounts import from_provider
from gateway.port import ChargeStatus, RefundReport, RefundState, Verification

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
        ProviderUnavailableError: it is about another charge, or not understood.
    """
    if data.get("reference") != reference:
        raise ProviderUnavailableError("Paystack answered about another reference than it was asked for.")
    status = CHARGE_STATUSES.get(str(data.get("status")))
    if status is None:
        raise ProviderUnavailableError(f"Paystack answered with an unknown status {data.get('status')!r}.")
    return Verification(
        reference=reference,
        status=status,
        amount_minor=from_provider(whole(data.get("amount"))),
        currency=str(data.get("currency") or ""),
        fees_minor=from_provider(whole(data.get("fees") or 0)),
        is_live=data.get("domain") == "live",
        provider_id=str(data.get("id") or ""),
        channel=str(data.get("channel") or "")[:20],
        paid_at=moment(data.get("paid_at") or data.get("paidAt")),
        message=str(data.get("gateway_response") or data.get("message") or "")[:200],
    )


def read_refund(data: Mapping[str, Any]) -> RefundReport:
    """Read a refund, as created or as listed.

    Raises:
        ProviderUnavailableError: it is not understood.
    """
    state = REFUND_STATES.get(str(data.get("status")))
    if state is None or not data.get("id"):
        raise ProviderUnavailableError(f"Paystack answered with a refund of status {data.get('status')!r}.")
    return RefundReport(
        key=str(data.get("merchant_note") or ""),
        provider_id=str(data["id"]),
        amount_minor=from_provider(whole(data.get("amount"))),
        currency=str(data.get("currency") or ""),
        state=state,
        processed_at=moment(data.get("refunded_at")),
        message=str(data.get("reason") or "")[:200],
    )


def whole(value: Any) -> int:
    """Return an amount, which may come as an integer or as a string of digits.

    Raises:
        ProviderUnavailableError: it is neither.
    """
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ProviderUnavailableError(f"Paystack answered with an amount {value!r}.")


def moment(value: Any) -> datetime | None:
    """Return a time, or None where there is none."""
    try:
        parsed = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if parsed is None:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def items(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the list that an answer holds.

    Raises:
        ProviderUnavailableError: it holds none.
    """
    data = body.get("data")
    if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
        raise ProviderUnavailableError("Paystack answered with something that is not a list.")
    return data


def record(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the one object that an answer holds.

    Raises:
        ProviderUnavailableError: it holds none.
    """
    data = body.get("data")
    if not isinstance(data, dict):
        raise ProviderUnavailableError("Paystack answered without the data that was asked for.")
    return data
