"""Movements at a provider, as the ledger has them."""

from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import groupby

from gateway.records import RecordKind
from kit.db.sql import fetch_all
from kit.db.statements import load_statement
from payouts.models import Account, Journal, JournalKind, clearing_code
from payouts.reconciliation.compare import Booked

BOOKED, MOVED = load_statement(__package__, "booked"), load_statement(__package__, "moved")
KINDS = {
    RecordKind.CHARGE: (JournalKind.SALE, JournalKind.CORRECTION),
    RecordKind.REFUND: (JournalKind.REFUND, JournalKind.DISPUTE_END),
    RecordKind.TRANSFER: (JournalKind.PAYOUT_SENT, JournalKind.PAYOUT_BACK),
}
KIND_OF = {journal: kind for kind, journals in KINDS.items() for journal in journals}
MOST_MOVES = 12  # journals of one transfer: set aside, paid, returned, and the same after it was found otherwise
CORRECTED = ":"  # between a charge's reference and the number of its correction
MOST_CORRECTIONS = 5  # of one charge
AT_ONCE = 1_000
DISPUTE_KEY = "dispute:"  # before the provider's id of a dispute of which we have heard nothing
NEWEST = 2**63 - 1


def read_booked(*, provider: str, kind: RecordKind, references: Collection[str]) -> dict[str, Booked]:
    """Return some movements as they are booked, by their references: one statement for any number of them."""
    known = [reference for reference in references if reference]
    if not known or kind not in KINDS:
        return {}
    values = {
        "clearing": clearing_code(provider),
        "kinds": list(KINDS[kind]),
        "sources": [source for reference in known for source in _sources(kind, reference)],
    }
    rows = sorted((reference_of(kind, source), *rest) for source, *rest in fetch_all(BOOKED, values))
    return {
        reference: _booked(kind, reference, list(found)) for reference, found in groupby(rows, key=lambda row: row[0])
    }


def read_operator_movements(*, provider: str, kind: RecordKind, ids: Collection[str]) -> dict[str, Booked]:
    """Return movements that operators have booked as their own, by the provider's ids: one statement for all."""
    sources = {operator_source(provider, kind, each): each for each in ids}
    if not sources:
        return {}
    values = {"clearing": clearing_code(provider), "kinds": [JournalKind.OPERATOR], "sources": list(sources)}
    return {
        sources[source]: _booked(kind, sources[source], [(source, *rest)])
        for source, *rest in fetch_all(BOOKED, values)
    }


def operator_source(provider: str, kind: RecordKind, provider_id: str) -> str:
    """Return the source of the journal of a movement that is not one of the market's."""
    return f"{provider}.{kind[0]}.{provider_id}"  # 20, 1 and 40 characters at most, and the column has 64


def references_between(*, provider: str, since: datetime, until: datetime) -> Iterator[tuple[RecordKind, str]]:
    """Yield the movements whose journals say that they happened from one time to another, the newest first."""
    seen = set()
    for account in Account.objects.filter(code=clearing_code(provider)).order_by("currency"):
        below = NEWEST
        while rows := fetch_all(MOVED, {"account": account.pk, "below": below, "limit": AT_ONCE}):
            for _, journal, source, happened_at, _ in rows:
                kind = KIND_OF.get(JournalKind(journal))
                if kind is None or not since <= happened_at < until:
                    continue
                movement = (kind, reference_of(kind, source))
                if movement not in seen:
                    seen.add(movement)
                    yield movement
            below, posted_at = rows[-1][0], rows[-1][4]
            if posted_at < since or len(rows) < AT_ONCE:  # nothing is posted before it has happened
                break


def next_correction(reference: str) -> str | None:
    """Return the source of the next journal that corrects a charge as it was booked; None after too many."""
    sources = _corrections(reference)
    taken = set(
        Journal.objects.filter(kind=JournalKind.CORRECTION, source__in=sources).values_list("source", flat=True)
    )
    return next((source for source in sources if source not in taken), None)


def _corrections(reference: str) -> list[str]:
    return [f"{reference}{CORRECTED}{number}" for number in range(1, MOST_CORRECTIONS + 1)]


def _sources(kind: RecordKind, reference: str) -> list[str]:
    """Return the sources of the journals of a movement."""
    if kind == RecordKind.TRANSFER:
        return [f"{reference}.{move}" for move in range(1, MOST_MOVES + 1)]
    if kind == RecordKind.CHARGE:
        return [reference, *_corrections(reference)]
    return [reference_of(kind, reference)]


def reference_of(kind: RecordKind, source: str) -> str:
    """Return the reference in a journal's source or a key: transfers number their moves, refunds their tries."""
    return source.partition(CORRECTED if kind == RecordKind.CHARGE else ".")[0]


def _booked(kind: RecordKind, reference: str, rows: list[tuple[str, str, int, int, datetime]]) -> Booked:
    held, fees = sum(row[2] for row in rows), sum(row[3] for row in rows)
    amount = held + fees if kind == RecordKind.CHARGE else -held
    return Booked(
        kind, reference, rows[0][1], amount, min(row[4] for row in rows), fees if kind == RecordKind.CHARGE else None
    )
