"""A movement as the provider has it beside the same as it is booked: pure, so that a table shows each case."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.records import ProviderRecord, RecordKind
from payouts.models import Cause

# The event of what has just happened may still be on its way to us.
HEARD_WITHIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Booked:
    """A movement in the ledger.

    Args:
        amount_minor: what moved, in the terms of `moved_minor`; zero for money that came back.
        fees_minor: None for kinds whose fee is in the amount, or that have none.
    """

    kind: RecordKind
    reference: str
    currency: str
    amount_minor: int
    happened_at: datetime
    fees_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A difference; amounts are None where a side has nothing.

    Args:
        fees_minor: the provider's fee of it; None where the provider does not say.
    """

    kind: str
    cause: Cause
    reference: str
    provider_id: str
    currency: str
    ours_minor: int | None
    theirs_minor: int | None
    happened_at: datetime
    fees_minor: int | None = None


def moved_minor(theirs: ProviderRecord) -> int:
    """Return the amount of a record as the ledger has it: of a transfer with its fee, which leaves with it."""
    return theirs.amount_minor + (theirs.fees_minor or 0 if theirs.kind == RecordKind.TRANSFER else 0)


def judged_from(theirs: ProviderRecord, ours: Booked | None, *, now: datetime) -> datetime | None:
    """Return the moment from which a movement that is not booked is judged; None where it is judged now."""
    is_booked = ours is not None and ours.amount_minor != 0
    moment = theirs.happened_at + HEARD_WITHIN
    return None if is_booked or moment <= now else moment


def compare(theirs: ProviderRecord, ours: Booked | None, *, now: datetime) -> Found | None:
    """Return the difference of a movement from its journals; None where there is none, or it is not judged yet."""
    if judged_from(theirs, ours, now=now) is not None:
        return None
    if ours is None or ours.amount_minor == 0:
        return _found(theirs, None, Cause.NOT_BOOKED, None, moved_minor(theirs))
    if theirs.currency != ours.currency:
        return _found(theirs, ours, Cause.CURRENCY, ours.amount_minor, moved_minor(theirs))
    if moved_minor(theirs) != ours.amount_minor:
        return _found(theirs, ours, Cause.AMOUNT, ours.amount_minor, moved_minor(theirs))
    if theirs.fees_minor is not None and ours.fees_minor is not None and theirs.fees_minor != ours.fees_minor:
        return _found(theirs, ours, Cause.FEE, ours.fees_minor, theirs.fees_minor)
    return None


def repeated(theirs: ProviderRecord, ours: Booked | None) -> Found:
    """Return the difference of a movement that the provider has made once more."""
    return _found(theirs, ours, Cause.TWICE, ours.amount_minor if ours else None, moved_minor(theirs))


def missing(ours: Booked) -> Found:
    """Return the difference of a booked movement of which the provider has no record."""
    return Found(
        ours.kind, Cause.NOT_THERE, ours.reference, "", ours.currency, ours.amount_minor, None, ours.happened_at
    )


def _found(
    theirs: ProviderRecord, ours: Booked | None, cause: Cause, ours_minor: int | None, theirs_minor: int | None
) -> Found:
    return Found(
        theirs.kind,
        cause,
        theirs.reference,
        theirs.provider_id,
        ours.currency if ours else theirs.currency,
        ours_minor,
        theirs_minor,
        theirs.happened_at,
        theirs.fees_minor,
    )
