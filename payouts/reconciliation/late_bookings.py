"""Differences of movements that the ledger has booked since they were found, however long ago they happened."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_noop

from gateway.records import RecordKind
from payouts.models import Cause, Difference
from payouts.reconciliation.booked import read_booked, reference_of


def find_booked_differences(differences: Iterable[Difference], *, provider: str) -> list[Difference]:
    """Return those of a provider's differences whose movement is booked now, with the provider's amount."""
    found = []
    missing = [each for each in differences if each.cause == Cause.NOT_BOOKED and each.reference]
    for kind in RecordKind:
        own = {reference_of(kind, each.reference): each for each in missing if each.kind == kind}
        booked = read_booked(provider=provider, kind=kind, references=own)
        found += [own[key] for key, ours in booked.items() if ours.amount_minor == own[key].theirs_minor]
    return found


def end_booked_differences(*, provider: str, now: datetime) -> None:
    """End the open differences of a provider whose movement was booked since: no run need cover its day again."""
    waiting = Difference.objects.filter(provider=provider, cause=Cause.NOT_BOOKED, ended_at__isnull=True)
    booked = [each.pk for each in find_booked_differences(waiting, provider=provider)]
    note = gettext_noop("The ledger has it now.")
    Difference.objects.filter(pk__in=booked, ended_at__isnull=True).update(ended_at=now, note=note)
