"""Compare a provider's records of some days with the ledger, and keep the differences."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from gateway import get_provider
from gateway.disputes import DisputeState
from gateway.errors import ProviderError, ProviderUnavailableError, UnsupportedError
from gateway.guard import refuse_inside_transaction
from gateway.port import ChargeStatus, Verification
from gateway.records import ProviderRecord, RecordKind, RecordState
from gateway.transfers import TransferReport, TransferState
from kit.batches import batched
from payouts.disputes.selectors import known_ids
from payouts.models import Difference, Dispute, ReconciliationRun
from payouts.reconciliation.booked import (
    DISPUTE_KEY,
    read_booked,
    read_operator_movements,
    reference_of,
    references_between,
)
from payouts.reconciliation.compare import Booked, Found, compare, judged_from, missing, repeated
from payouts.reconciliation.late_bookings import end_booked_differences
from payouts.reconciliation.not_judged import keep_not_judged

AT_ONCE = 500
ASKED_AT_MOST = 1_000  # of the booked movements that are in none of the lists, as with another key of the provider
# Movements that are booked in the days asked for may have begun before them: a refund takes up to ten working days.
BEGUN_BEFORE = {
    RecordKind.CHARGE: timedelta(days=1),
    RecordKind.REFUND: timedelta(days=21),
    RecordKind.TRANSFER: timedelta(days=3),
    RecordKind.SETTLEMENT: timedelta(days=3),
}


@dataclass(slots=True)
class _Compared:
    """Records and differences that a run has seen so far."""

    records: int = 0
    found: list[Found] = field(default_factory=list)
    judged_from: list[datetime] = field(default_factory=list)  # of each movement that is not judged yet
    references: dict[RecordKind, set[str]] = field(default_factory=lambda: {kind: set() for kind in RecordKind})


def reconcile(*, provider: str, since: datetime, until: datetime, now: datetime) -> ReconciliationRun:
    """Compare every charge, refund, transfer and settlement of a provider with the ledger, and return the run.

    Differences that are there are opened or seen again; those of these days that are gone are ended. A run that the
    provider ends early keeps what it has found, ends nothing, and names the problem.

    Args:
        since, until: the days, by the time at which the provider or the ledger says that something happened.
    """
    refuse_inside_transaction()
    run = ReconciliationRun.objects.create(provider=provider, since=since, until=until, started_at=now)
    seen = _Compared()
    try:
        for kind in RecordKind:
            _compare_theirs(run, kind, seen, now)
        _compare_ours(run, seen, now)
    except ProviderError as error:
        run.problem = str(error)[:300]
    _keep(run, seen, now)
    if seen.judged_from:
        keep_not_judged(run, movements=len(seen.judged_from), judged_from=max(seen.judged_from))
    return run


def _compare_theirs(run: ReconciliationRun, kind: RecordKind, seen: _Compared, now: datetime) -> None:
    """Compare the provider's records, batch by batch."""
    begun, provider = run.since - BEGUN_BEFORE[kind], get_provider(run.provider)
    if not provider.capabilities.lists_records:
        raise UnsupportedError(gettext_noop("This provider lists no records."))
    records = provider.records(kind=kind, since=begun, until=run.until)
    moved = (_with_own_key(each) for each in _each_once(records) if each.state == RecordState.MOVED)
    for batch in batched(moved, AT_ONCE):
        some = _with_disputes(run.provider, batch)
        booked = read_booked(provider=run.provider, kind=kind, references=[each.reference for each in some])
        own = read_operator_movements(provider=run.provider, kind=kind, ids=[each.provider_id for each in some])
        for each in some:
            reference = reference_of(kind, each.reference)
            ours = booked.get(reference) or own.get(each.provider_id)
            is_known = reference in seen.references[kind]
            difference = repeated(each, ours) if is_known else compare(each, ours, now=now)
            seen.records += 1
            if reference:
                seen.references[kind].add(reference)
            if difference:
                seen.found.append(difference)
            elif not is_known and (moment := judged_from(each, ours, now=now)) is not None:
                seen.judged_from.append(moment)


def _compare_ours(run: ReconciliationRun, seen: _Compared, now: datetime) -> None:
    """Ask about movements that are booked in these days and were in none of the provider's lists."""
    asked = references_between(provider=run.provider, since=run.since, until=run.until)
    unseen = (each for each in asked if each[1] not in seen.references[each[0]])
    for number, some in enumerate(batched(unseen, AT_ONCE)):
        if number * AT_ONCE >= ASKED_AT_MOST:
            raise ProviderUnavailableError(
                gettext_noop("The provider lists so little of what is booked that we stopped.")
            )
        for kind in RecordKind:
            references = [reference for each, reference in some if each == kind]
            booked = read_booked(provider=run.provider, kind=kind, references=references)
            seen.found += filter(None, (_asked_about(run, ours, now) for ours in booked.values() if ours.amount_minor))


def _asked_about(run: ReconciliationRun, ours: Booked, now: datetime) -> Found | None:
    """Return the difference of a booked movement, by the provider's answer about it alone."""
    provider = get_provider(run.provider)
    said: Verification | TransferReport
    if ours.kind == RecordKind.CHARGE:
        said = provider.verify(ours.reference)
        has_moved = said.status in {ChargeStatus.SUCCESS, ChargeStatus.REVERSED}
    elif ours.kind == RecordKind.TRANSFER:
        said = provider.find_transfer(ours.reference)
        has_moved = said.state == TransferState.SUCCESS
    else:
        return _asked_about_refund(run, ours, now)
    if not has_moved:
        return missing(ours)
    theirs = ProviderRecord(
        kind=ours.kind,
        reference=ours.reference,
        provider_id=said.provider_id,
        state=RecordState.MOVED,
        currency=said.currency,
        amount_minor=said.amount_minor,
        happened_at=ours.happened_at,
        fees_minor=said.fees_minor,
    )
    return compare(theirs, ours, now=now)


def _asked_about_refund(run: ReconciliationRun, ours: Booked, now: datetime) -> Found | None:
    """Return the difference of a refund that is not listed, as each is but for what was lost with a dispute."""
    lost = Dispute.objects.filter(provider=run.provider, pk=ours.reference).first()
    said = get_provider(run.provider).find_dispute(lost.provider_id) if lost is not None else None
    if said is None or said.state != DisputeState.LOST:
        return missing(ours)
    theirs = ProviderRecord(
        kind=ours.kind,
        reference=ours.reference,
        provider_id=said.provider_id,
        state=RecordState.MOVED,
        currency=said.currency,
        amount_minor=said.amount_minor,
        happened_at=ours.happened_at,
    )
    return compare(theirs, ours, now=now)


def _with_disputes(provider: str, records: Sequence[ProviderRecord]) -> list[ProviderRecord]:
    """Return records with our id of the dispute in place of a key, for what a buyer's bank has taken.

    A dispute that we do not know yet is named by the provider's id, by which it is asked about.
    """
    asked = [each.dispute_id for each in records if each.dispute_id]
    ids = known_ids(provider=provider, provider_ids=asked) if asked else {}
    keys = {each: str(ids.get(each, f"{DISPUTE_KEY}{each}")) for each in asked}
    return [replace(each, reference=keys[each.dispute_id]) if each.dispute_id else each for each in records]


def _each_once(records: Iterable[ProviderRecord]) -> Iterator[ProviderRecord]:
    """Leave out records that came before: a list moves while it is read."""
    ids: set[str] = set()
    for each in records:
        if each.provider_id not in ids:
            ids.add(each.provider_id)
            yield each


def _with_own_key(record: ProviderRecord) -> ProviderRecord:
    """Return a record without what is no key of ours: a refund of the provider's own page may carry any note."""
    if record.kind == RecordKind.REFUND and record.reference and not record.dispute_id:
        try:
            UUID(reference_of(record.kind, record.reference))
        except ValueError:
            return replace(record, reference="")
    return record


def _keep(run: ReconciliationRun, seen: _Compared, now: datetime) -> None:
    """Write the run and its differences, and end those of its days that are gone.

    One that an operator has explained stays ended for as long as both sides say the same.
    """
    with transaction.atomic():
        explained = _explained(run.provider, seen.found)
        there = [each for each in seen.found if _facts(each) not in explained]
        for some in batched(there, AT_ONCE):
            _keep_some(run.provider, some, now)
        if not run.problem:
            gone = Difference.objects.filter(
                provider=run.provider, ended_at__isnull=True, last_seen_at__lt=now, happened_at__gte=run.since,
                happened_at__lt=run.until,
            )  # fmt: skip
            gone.update(ended_at=now, note=gettext_noop("A later comparison did not find it any more."))
            end_booked_differences(provider=run.provider, now=now)
        run.compared, run.found, run.explained = seen.records, len(there), len(seen.found) - len(there)
        run.ended_at = now
        run.save(update_fields=["compared", "found", "explained", "ended_at", "problem"])


def _keep_some(provider: str, found: Sequence[Found], now: datetime) -> None:
    """Open differences, or write into those that are open that they were seen again; three statements in all."""
    is_open = Difference.objects.filter(provider=provider, ended_at__isnull=True)
    known = {_place(each): each for each in is_open.filter(reference__in={one.reference for one in found})}
    again = []
    for each in found:
        if (difference := known.get(_place(each))) is not None:
            difference.ours_minor, difference.theirs_minor = each.ours_minor, each.theirs_minor
            difference.fees_minor, difference.last_seen_at = each.fees_minor, now
            again.append(difference)
    Difference.objects.bulk_update(again, ["ours_minor", "theirs_minor", "fees_minor", "last_seen_at"])
    new = [each for each in found if _place(each) not in known]
    Difference.objects.bulk_create(
        [Difference(provider=provider, first_seen_at=now, last_seen_at=now, **asdict(each)) for each in new],
        ignore_conflicts=True,  # another run may have opened it meanwhile
    )


def _explained(provider: str, found: Iterable[Found]) -> set[tuple[object, ...]]:
    """Return the facts of those that an operator has ended."""
    ended = Difference.objects.filter(provider=provider, ended_by__isnull=False)
    return {
        _facts(each)
        for some in batched(found, AT_ONCE)
        for each in ended.filter(reference__in={one.reference for one in some})
    }


def _place(each: Found | Difference) -> tuple[str, ...]:
    return str(each.kind), str(each.cause), each.reference, each.provider_id


def _facts(each: Found | Difference) -> tuple[object, ...]:
    return *_place(each), each.ours_minor, each.theirs_minor
