"""Paystack's lists of transactions, refunds, transfers and settlements."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPMethod
from typing import Any
from urllib.parse import urlencode

from gateway.bounds import identifier, moment, shown, text, whole
from gateway.errors import ProviderUnavailableError, UnreadableAnswerError
from gateway.paystack.amounts import from_provider
from gateway.paystack.answers import CHARGE_STATUSES, LONGEST_NOTE, REFUND_STATES, items
from gateway.paystack.names import LABEL
from gateway.paystack.transfers import STATES
from gateway.paystack.transport import Transport
from gateway.port import ChargeStatus, RefundState
from gateway.records import ProviderRecord, RecordKind, RecordState
from gateway.stored_sentences import TOO_MANY_RECORDS
from gateway.transfers import OPEN_STATES, TransferState

PAGE_SIZE = 100
MOST_PAGES = 10_000


@dataclass(frozen=True, slots=True)
class _List:
    """A list of Paystack's.

    Args:
        size: the name of the page's size, which differs by list.
        state: returns the state of a record.
        statuses: those that are listed, one after the other; an empty one lists all.
        is_dated: whether it can be asked for some days; else it is read from its newest record on.
    """

    path: str
    size: str
    reference: str
    fees: str
    state: Callable[[str], RecordState | None]
    statuses: tuple[str, ...] = ("",)
    amount: str = "amount"
    is_dated: bool = True


def _charge_state(status: str) -> RecordState | None:
    known = CHARGE_STATUSES.get(status)
    if known is None:
        return None
    if known == ChargeStatus.PENDING:
        return RecordState.UNDER_WAY
    return RecordState.MOVED if known in PAID else RecordState.NOT_MOVED


def _refund_state(status: str) -> RecordState | None:
    known = REFUND_STATES.get(status)
    if known is None:
        return None
    if known in {RefundState.PENDING, RefundState.NEEDS_ATTENTION}:
        return RecordState.UNDER_WAY
    return RecordState.MOVED if known == RefundState.PROCESSED else RecordState.NOT_MOVED


def _transfer_state(status: str) -> RecordState | None:
    known = STATES.get(status)
    if known is None:
        return None
    if known in OPEN_STATES:
        return RecordState.UNDER_WAY
    return RecordState.MOVED if known == TransferState.SUCCESS else RecordState.NOT_MOVED


SETTLEMENT_STATES = {
    "success": RecordState.MOVED,
    "pending": RecordState.UNDER_WAY,
    "processing": RecordState.UNDER_WAY,
    "failed": RecordState.NOT_MOVED,
}
# A charge that was given back whole is "reversed"; what was given back is a refund on record.
PAID = frozenset({ChargeStatus.SUCCESS, ChargeStatus.REVERSED})
LISTS = {
    RecordKind.CHARGE: _List("/transaction", "per_page", "reference", "fees", _charge_state, ("success", "reversed")),
    RecordKind.REFUND: _List("/refund", "perPage", "merchant_note", "", _refund_state),
    RecordKind.TRANSFER: _List("/transfer", "per_page", "reference", "fee_charged", _transfer_state),
    # Of a settlement only what reaches the bank leaves the balance: fees were taken of each charge before.
    RecordKind.SETTLEMENT: _List(
        "/settlement", "perPage", "", "", SETTLEMENT_STATES.get, amount="effective_amount", is_dated=False
    ),
}


def list_records(client: Transport, *, kind: RecordKind, since: datetime, until: datetime) -> Iterator[ProviderRecord]:
    """Yield the records of a kind, a page at a time."""
    listed = LISTS[kind]
    days = {"from": since.isoformat(), "to": until.isoformat()} if listed.is_dated else {}
    for status in listed.statuses:
        for page in _pages(client, kind, days, status):
            if listed.is_dated:
                yield from page
                continue
            yield from (each for each in page if since <= each.happened_at <= until)
            if all(each.happened_at < since for each in page):
                break


def _pages(client: Transport, kind: RecordKind, days: Mapping[str, str], status: str) -> Iterator[list[ProviderRecord]]:
    listed = LISTS[kind]
    window = {**days, listed.size: PAGE_SIZE, **({"status": status} if status else {})}
    for page in range(1, MOST_PAGES + 1):
        found = items(client.ask(HTTPMethod.GET, f"{listed.path}?{urlencode(window | {'page': page})}"))
        yield [_read(kind, listed, data) for data in found]
        if len(found) < PAGE_SIZE:
            return
    raise ProviderUnavailableError(TOO_MANY_RECORDS.written(provider=LABEL))


def _read(kind: RecordKind, listed: _List, data: Mapping[str, Any]) -> ProviderRecord:
    """Read a record.

    Raises:
        UnreadableAnswerError: it is not understood.
    """
    state = listed.state(str(data.get("status")))
    if state is None:
        raise UnreadableAnswerError(f"The status of a {kind} is {shown(data.get('status'))}.")
    made_at = moment(data.get("created_at") or data.get("createdAt"))
    if made_at is None:
        raise UnreadableAnswerError(f"A {kind} has no time.")
    fees = data.get(listed.fees) if listed.fees else None
    return ProviderRecord(
        kind=kind,
        reference=text(data.get(listed.reference), longest=LONGEST_NOTE) if listed.reference else "",
        provider_id=identifier(data.get("id"), f"The id of a {kind}"),
        state=state,
        currency=data.get("currency") or "",
        amount_minor=from_provider(whole(data.get(listed.amount), f"The amount of a {kind}")),
        fees_minor=None if fees is None else from_provider(whole(fees, f"The fee of a {kind}")),
        happened_at=made_at,
        dispute_id=_dispute_of(data),
    )


def _dispute_of(data: Mapping[str, Any]) -> str:
    """Return the id of the dispute that a refund was lost by; it comes bare or as an object."""
    found = data.get("dispute")
    found = found.get("id") if isinstance(found, dict) else found
    return "" if found is None else identifier(found, "The dispute of a refund")
