"""Paystack's disputes: https://paystack.com/docs/payments/disputes/.

The library's address of an upload lacks a slash, and it drops what it does not know of the answers: the requests are
our own.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time
from http import HTTPMethod, HTTPStatus
from typing import Any
from urllib.parse import urlencode

from pypaystack2.sub_clients import DisputeClient

from gateway.bounds import address, identifier, moment, shown, whole
from gateway.disputes import (
    DisputeAnswer,
    DisputeEvidence,
    DisputeFile,
    DisputeReport,
    DisputeState,
    Resolution,
)
from gateway.errors import ProviderRefusedError, ProviderUnavailableError, UnreadableAnswerError
from gateway.guard import refuse_inside_transaction
from gateway.http import Link
from gateway.paystack.amounts import from_provider, to_provider
from gateway.paystack.answers import items, record
from gateway.paystack.names import LABEL
from gateway.paystack.transport import Transport
from gateway.stored_sentences import FILE_ANSWERED, FILE_REFUSED, OTHER_DISPUTE, TOO_MANY_DISPUTES

PAGE_SIZE = 100
MOST_PAGES = 1_000
LONGEST_DETAILS = 2_000
STATES = {
    "awaiting-merchant-feedback": DisputeState.AWAITING_ANSWER,
    "awaiting-bank-feedback": DisputeState.WITH_BANK,
    "pending": DisputeState.WITH_BANK,
}
# A dispute that is over: "declined" was the merchant's word, and the bank has let it stand.
ENDS = {
    "declined": (DisputeState.WON, Resolution.DECLINED),
    "merchant-accepted": (DisputeState.LOST, Resolution.ACCEPTED),
    "auto-accepted": (DisputeState.LOST, Resolution.LAPSED),
}


class Disputes(Transport, DisputeClient):
    """Client of disputes."""


class DisputeCalls:
    """Calls about disputes."""

    def __init__(self, link: Link, *, secret_key: str, timeout: float) -> None:
        self._client = Disputes(link, secret_key=secret_key)
        self._timeout = timeout

    def find(self, provider_id: str) -> DisputeReport | None:
        """Return a dispute; None for one that Paystack does not know, as for an id that is none of its own."""
        if not is_id(provider_id):
            return None
        try:
            body = self._client.ask(HTTPMethod.GET, f"/dispute/{provider_id}")
        except ProviderRefusedError as refusal:
            if refusal.status == HTTPStatus.NOT_FOUND:
                return None
            raise
        report = read_dispute(record(body))
        if report.provider_id != provider_id:
            raise ProviderUnavailableError(OTHER_DISPUTE.written(provider=LABEL))
        return report

    def listed(self, *, since: datetime, until: datetime) -> Iterator[DisputeReport]:
        """Yield the disputes that were opened between two times, a page at a time."""
        window = {"from": since.isoformat(), "to": until.isoformat(), "perPage": PAGE_SIZE}
        for page in range(1, MOST_PAGES + 1):
            found = items(self._client.ask(HTTPMethod.GET, f"/dispute?{urlencode(window | {'page': page})}"))
            yield from map(read_dispute, found)
            if len(found) < PAGE_SIZE:
                return
        raise ProviderUnavailableError(TOO_MANY_DISPUTES.written(provider=LABEL))

    def add_evidence(self, evidence: DisputeEvidence) -> str:
        """Send a statement about the sale; return Paystack's id of it."""
        payload = {
            "customer_email": evidence.customer_email,
            "customer_name": evidence.customer_name,
            "customer_phone": evidence.customer_phone,
            "service_details": evidence.service_details[:LONGEST_DETAILS],
        }
        if evidence.delivery_address:
            payload["delivery_address"] = evidence.delivery_address
        if evidence.delivered_on is not None:
            payload["delivery_date"] = datetime.combine(evidence.delivered_on, time(), UTC).isoformat()
        path = f"/dispute/{checked_id(evidence.dispute_id)}/evidence"
        return identifier(record(self._client.ask(HTTPMethod.POST, path, payload)).get("id"), "The id of an evidence")

    def upload(self, file: DisputeFile) -> str:
        """Ask for an address and send a file there; return the name that an answer gives it.

        The address is of another server, which gets neither our key nor a second request.
        """
        data = record(self._client.ask(HTTPMethod.GET, f"/dispute/{checked_id(file.dispute_id)}/upload_url"))
        name = identifier(data.get("fileName"), "The name of a file", longest=100)
        url = address(data.get("signedUrl"), longest=4_000)
        refuse_inside_transaction()
        link = Link(base_url=url.partition("?")[0], timeout=self._timeout)
        answer = link.send_file("PUT", url, content=file.content, content_type=file.content_type)
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ProviderUnavailableError(FILE_ANSWERED.written(status=answer.status))
        if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
            raise ProviderRefusedError(FILE_REFUSED.written(status=answer.status), status=answer.status)
        return name

    def answer(self, answer: DisputeAnswer) -> None:
        """Accept a dispute, or decline it."""
        payload = {
            "resolution": "merchant-accepted" if answer.is_accepted else "declined",
            "message": answer.message,
            "refund_amount": to_provider(answer.amount_minor),
            "uploaded_filename": answer.file_name,
        }
        if answer.evidence_id:
            payload["evidence"] = int(answer.evidence_id)
        record(self._client.ask(HTTPMethod.PUT, f"/dispute/{checked_id(answer.dispute_id)}/resolve", payload))


def read_dispute(data: Mapping[str, Any]) -> DisputeReport:
    """Read a dispute, as fetched or listed.

    Raises:
        UnreadableAnswerError: it is not understood.
    """
    state, resolution = _state(data)
    charge = data.get("transaction")
    messages = data.get("messages")
    last = messages[-1] if isinstance(messages, list) and messages else None
    return DisputeReport(
        provider_id=identifier(data.get("id"), "The id of a dispute"),
        reference=charge.get("reference") or "" if isinstance(charge, dict) else "",
        amount_minor=from_provider(whole(data.get("refund_amount"), "The amount of a dispute")),
        currency=data.get("currency") or (charge.get("currency") if isinstance(charge, dict) else "") or "",
        state=state,
        category=data.get("category") or "",
        claim=last.get("body") or "" if isinstance(last, dict) else "",
        opened_at=moment(data.get("createdAt") or data.get("created_at")),
        due_at=moment(data.get("dueAt")),
        resolved_at=moment(data.get("resolvedAt")),
        resolution=resolution,
        is_live=data.get("domain") == "live",
    )


def is_id(provider_id: str) -> bool:
    """Return whether a text may be the id of a dispute at Paystack."""
    return provider_id.isascii() and provider_id.isdecimal()


def checked_id(provider_id: str) -> str:
    """Return the id of a dispute, safe to put in an address.

    Raises:
        ValueError: it is none of Paystack's.
    """
    if not is_id(provider_id):
        raise ValueError(f"{provider_id!r} is not the id of a dispute.")
    return provider_id


def _state(data: Mapping[str, Any]) -> tuple[DisputeState, Resolution | None]:
    status, resolution = str(data.get("status")), data.get("resolution")
    if status == "resolved":
        if found := ENDS.get(str(resolution)):
            return found
        raise UnreadableAnswerError(f"A dispute was resolved as {shown(resolution)}.")
    if (state := STATES.get(status)) is None:
        raise UnreadableAnswerError(f"The status of a dispute is {shown(status)}.")
    return state, Resolution.DECLINED if state == DisputeState.WITH_BANK else None
