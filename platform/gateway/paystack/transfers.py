"""Paystack's transfers: https://paystack.com/docs/transfers/."""

import logging
import re
from collections.abc import Mapping, Sequence
from http import HTTPMethod, HTTPStatus
from typing import Any
from urllib.parse import quote

from pypaystack2.sub_clients import TransferClient, TransferRecipientClient

from gateway.bounds import identifier, moment, shown, whole
from gateway.errors import ProviderRefusedError, ProviderUnavailableError, UnreadableAnswerError
from gateway.events import read_object
from gateway.http import Link
from gateway.paystack.amounts import from_provider, to_provider
from gateway.paystack.answers import items, record
from gateway.paystack.names import LABEL
from gateway.paystack.transport import Transport, body_of
from gateway.references import ReferenceRule
from gateway.stored_sentences import OTHER_MONEY, OTHER_RECIPIENT, OTHER_TRANSFER
from gateway.transfers import (
    ApprovalQuestion,
    Recipient,
    RecipientRequest,
    TransferReport,
    TransferRequest,
    TransferRules,
    TransferState,
)

logger = logging.getLogger(__name__)

REFERENCE = re.compile(r"[a-z0-9_-]{16,50}")
RECIPIENT = re.compile(r"[A-Za-z0-9_-]{1,40}")
RULES = TransferRules(
    references=ReferenceRule(prefix="po-"),
    currencies=frozenset({"NGN", "GHS", "ZAR", "KES"}),
    most_at_once=100,
    pause_seconds=5.0,
)
# Types of recipients for banks whose own kind is none of them.
TYPES = {"NGN": "nuban", "GHS": "ghipss", "ZAR": "basa", "KES": "kepss"}
KNOWN_TYPES = frozenset({*TYPES.values(), "mobile_money"})
STATES = {state.value: state for state in TransferState if state != TransferState.NOT_KNOWN} | {
    "processing": TransferState.PENDING,
    "queued": TransferState.PENDING,
}


class Recipients(Transport, TransferRecipientClient):
    """Client of recipients."""


class Transfers(Transport, TransferClient):
    """Client of transfers."""


class TransferCalls:
    """Calls about recipients and transfers."""

    def __init__(self, link: Link, *, secret_key: str) -> None:
        self._recipients = Recipients(link, secret_key=secret_key)
        self._transfers = Transfers(link, secret_key=secret_key)

    def create_recipient(self, request: RecipientRequest) -> Recipient:
        """Register an account; Paystack answers a known account with the record that it has.

        The library's enumeration of types lacks what newer countries have: the payload is ours.
        """
        payload = {
            "type": request.bank_kind if request.bank_kind in KNOWN_TYPES else TYPES[request.currency],
            "name": request.holder_name,
            "account_number": request.number,
            "bank_code": request.bank_code,
            "currency": request.currency,
            "description": request.key,
            "metadata": {"key": request.key},
        }
        found = read_recipient(record(self._recipients.ask(HTTPMethod.POST, "/transferrecipient", payload)))
        if (found.number, found.bank_code, found.currency) != (request.number, request.bank_code, request.currency):
            raise UnreadableAnswerError(OTHER_RECIPIENT.written(provider=LABEL))
        return found

    def transfer(self, request: TransferRequest) -> TransferReport:
        """Send money to one recipient."""
        payload = {"source": "balance", "currency": request.currency, **_line(request)}
        return _about(request, record(self._transfers.ask(HTTPMethod.POST, "/transfer", payload)))

    def transfer_many(self, requests: Sequence[TransferRequest]) -> Sequence[TransferReport]:
        """Send money to many; the library leaves the currency out and sends nulls, so the payload is ours.

        Raises:
            ValueError: there are too many, none, or more than one currency.
        """
        currencies = {request.currency for request in requests}
        if len(currencies) != 1 or len(requests) > RULES.most_at_once:
            raise ValueError(f"A bulk transfer has up to {RULES.most_at_once} lines of one currency.")
        payload = {"source": "balance", "currency": currencies.pop(), "transfers": [_line(each) for each in requests]}
        listed = items(self._transfers.ask(HTTPMethod.POST, "/transfer/bulk", payload))
        lines = {str(line.get("reference")): line for line in listed}
        asked = [request for request in requests if request.reference in lines]
        return [report for each in asked if (report := _readable(each, lines[each.reference]))]

    def find_transfer(self, reference: str) -> TransferReport:
        """Ask for a transfer; an unknown reference is `NOT_KNOWN`."""
        try:
            body = body_of(self._transfers.verify(quote(checked(reference), safe="")))
        except ProviderRefusedError as refusal:
            if refusal.status == HTTPStatus.NOT_FOUND or "not found" in str(refusal).lower():
                return TransferReport(reference, TransferState.NOT_KNOWN, message=str(refusal))
            raise
        report = read_transfer(record(body), reference=reference)
        if report.state == TransferState.SUCCESS and report.fees_minor is None:
            raise UnreadableAnswerError("The fee of a transfer is missing.")
        return report


def read_recipient(data: Mapping[str, Any]) -> Recipient:
    """Read a recipient.

    Raises:
        UnreadableAnswerError: it is not understood.
    """
    details = data.get("details")
    account = details if isinstance(details, dict) else {}
    return Recipient(
        code=data.get("recipient_code") or "",
        number=str(account.get("account_number") or ""),
        bank_code=str(account.get("bank_code") or ""),
        currency=data.get("currency") or "",
    )


def read_transfer(data: Mapping[str, Any], *, reference: str) -> TransferReport:
    """Read a transfer, as created, as a line of a bulk answer, or as verified.

    Raises:
        ProviderUnavailableError: it is about another transfer.
        UnreadableAnswerError: it is not understood.
    """
    if data.get("reference") != reference:
        raise ProviderUnavailableError(OTHER_TRANSFER.written(provider=LABEL))
    state = STATES.get(str(data.get("status")))
    if state is None:
        raise UnreadableAnswerError(f"The status of a transfer is {shown(data.get('status'))}.")
    fee = data.get("fee_charged")
    domain = data.get("domain")
    return TransferReport(
        reference=reference,
        state=state,
        amount_minor=from_provider(whole(data.get("amount"), "The amount of a transfer")),
        currency=data.get("currency") or "",
        recipient=_recipient_code(data.get("recipient")),
        fees_minor=None if fee is None else from_provider(whole(fee, "The fee of a transfer")),
        provider_id=identifier(data.get("transfer_code"), "The code of a transfer"),
        is_live=None if domain is None else domain == "live",
        moved_at=moment(data.get("transferred_at") or data.get("updatedAt") or data.get("updated_at")),
        message=_reason(data),
    )


def parse_approval(body: bytes) -> ApprovalQuestion | None:
    """Return the transfer about which Paystack asks: as it is, or under `data`."""
    asked = read_object(body) or {}
    nested = asked.get("data")
    data = nested if isinstance(nested, dict) else asked
    reference, recipient = data.get("reference"), _recipient_code(data.get("recipient"))
    amount, currency = data.get("amount"), data.get("currency")
    if not (isinstance(reference, str) and REFERENCE.fullmatch(reference) and recipient and isinstance(currency, str)):
        return None
    try:
        return ApprovalQuestion(reference, recipient, from_provider(whole(amount, "The amount")), currency)
    except UnreadableAnswerError:
        return None


def checked(reference: str) -> str:
    """Return a reference that is safe to put in an address.

    Raises:
        ValueError: it is not one of a transfer.
    """
    if not REFERENCE.fullmatch(reference):
        raise ValueError(f"{reference!r} is not a reference of a transfer.")
    return reference


def _line(request: TransferRequest) -> dict[str, Any]:
    if not RECIPIENT.fullmatch(request.recipient):
        raise ValueError(f"{request.recipient!r} is not the code of a recipient.")
    return {
        "amount": to_provider(request.amount_minor),
        "recipient": request.recipient,
        "reference": checked(request.reference),
        "reason": request.reason,
    }


def _about(request: TransferRequest, data: Mapping[str, Any]) -> TransferReport:
    """Read the answer to a request, which has to be about the same money."""
    report = read_transfer(data, reference=request.reference)
    is_other = report.recipient and report.recipient != request.recipient
    if is_other or (report.amount_minor, report.currency) != (request.amount_minor, request.currency):
        raise UnreadableAnswerError(OTHER_MONEY.written(provider=LABEL))
    return report


def _readable(request: TransferRequest, line: Mapping[str, Any]) -> TransferReport | None:
    """Return the report of a line; None of one that cannot be read, so that those of the others are not lost."""
    try:
        return _about(request, line)
    except ProviderUnavailableError as error:
        logger.warning("A line of a bulk transfer is left out: %s", error)
        return None


def _recipient_code(value: Any) -> str:
    """Return the code of a recipient, which comes as an object, as a text, or, on creation, as a bare id."""
    code = value.get("recipient_code") if isinstance(value, dict) else value
    return code if isinstance(code, str) else ""


def _reason(data: Mapping[str, Any]) -> str:
    for name in ("gateway_response", "failures"):
        value = data.get(name)
        if value:
            return value if isinstance(value, str) else str(value)[:400]
    return ""
