"""Each way in which a provider's record and the ledger can differ, as a table."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.records import ProviderRecord, RecordKind, RecordState
from payouts.models import Cause
from payouts.reconciliation.compare import Booked, compare, missing, repeated
from tests.world.clock import NOW

THEIRS = ProviderRecord(
    RecordKind.CHARGE, "ks-1", "77", RecordState.MOVED, "NGN", 100_000, NOW - timedelta(hours=1), fees_minor=1_500
)
OURS = Booked(RecordKind.CHARGE, "ks-1", "NGN", 100_000, NOW - timedelta(hours=1), fees_minor=1_500)
SENT = replace(THEIRS, kind=RecordKind.TRANSFER, fees_minor=2_500)
PAID_OUT = Booked(RecordKind.TRANSFER, "ks-1", "NGN", 102_500, NOW)


@pytest.mark.parametrize(
    ("theirs", "ours", "cause", "amounts"),
    [
        (THEIRS, OURS, None, None),
        (THEIRS, None, Cause.NOT_BOOKED, (None, 100_000)),
        (replace(THEIRS, happened_at=NOW - timedelta(minutes=29)), None, None, None),  # its event may be on its way
        (THEIRS, replace(OURS, amount_minor=0), Cause.NOT_BOOKED, (None, 100_000)),
        (THEIRS, replace(OURS, amount_minor=99_999), Cause.AMOUNT, (99_999, 100_000)),
        (THEIRS, replace(OURS, currency="GHS"), Cause.CURRENCY, (100_000, 100_000)),
        (THEIRS, replace(OURS, fees_minor=1_400), Cause.FEE, (1_400, 1_500)),
        (replace(THEIRS, fees_minor=None), OURS, None, None),  # the list does not say
        (SENT, PAID_OUT, None, None),
        (SENT, replace(PAID_OUT, amount_minor=100_000), Cause.AMOUNT, (100_000, 102_500)),
    ],
)
def test_a_record_and_what_is_booked(
    theirs: ProviderRecord, ours: Booked | None, cause: Cause | None, amounts: tuple[int | None, int | None] | None
) -> None:
    found = compare(theirs, ours, now=NOW)
    assert (found and found.cause) == cause
    assert (found and (found.ours_minor, found.theirs_minor)) == amounts


def test_what_is_missing_and_what_is_there_twice() -> None:
    assert (missing(OURS).ours_minor, missing(OURS).theirs_minor) == (100_000, None)
    assert (repeated(THEIRS, OURS).cause, repeated(THEIRS, None).ours_minor) == (Cause.TWICE, None)
