"""Keeping the platform's pick-up stations, each change with a reason and an entry in the audit log."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from checkout.models import Station
from checkout.stations import keeping
from checkout.stations.inputs import StationInput, input_of
from console.audit_actions import AuditAction
from console.errors import ReasonMissingError
from console.services.audit_log import record
from kit.web.versions import Seen

STATION_ADDED = AuditAction(
    "station.added",
    gettext_lazy("Pick-up station added"),
    gettext_lazy("%(who)s added the pick-up station %(subject)s."),
)
STATION_CHANGED = AuditAction(
    "station.changed",
    gettext_lazy("Pick-up station changed"),
    gettext_lazy("%(who)s changed the pick-up station %(subject)s."),
)
STATION_CLOSED = AuditAction(
    "station.closed",
    gettext_lazy("Pick-up station closed"),
    gettext_lazy("%(who)s closed the pick-up station %(subject)s."),
)
STATION_OPENED = AuditAction(
    "station.opened",
    gettext_lazy("Pick-up station opened"),
    gettext_lazy("%(who)s opened the pick-up station %(subject)s again."),
)


def subject_of(station: Station) -> str:
    """Name a station in the audit log."""
    return f"station:{station.pk}"


def add_station(*, data: StationInput, actor_id: int, reason: str, now: datetime) -> Station:
    """Add a station.

    Raises:
        ReasonMissingError: no reason was given.
        InvalidInputError: as from checkout; nothing is added.
    """
    _check_reason(reason)
    with transaction.atomic():
        added = keeping.add_station(data=data)
        _record(STATION_ADDED, added, actor_id, reason, now, after=asdict(input_of(added)))
    return added


def change_station(
    *,
    station_id: UUID,
    revise: Callable[[StationInput], StationInput],
    actor_id: int,
    reason: str,
    now: datetime,
    seen: Seen = None,
) -> Station:
    """Change, close or open a station.

    Raises:
        ReasonMissingError: no reason was given.
        StationNotFoundError, InvalidInputError, ChangedMeanwhileError: as from checkout; nothing is changed.
    """
    _check_reason(reason)
    with transaction.atomic():
        before, changed = keeping.change_station(station_id=station_id, revise=revise, seen=seen)
        action = STATION_CHANGED
        if before.is_open != changed.is_open:
            action = STATION_OPENED if changed.is_open else STATION_CLOSED
        values = {"before": asdict(before), "after": asdict(input_of(changed))}
        _record(action, changed, actor_id, reason, now, **values)
    return changed


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissingError


def _record(
    action: AuditAction, station: Station, actor_id: int, reason: str, now: datetime, **details: object
) -> None:
    subject = subject_of(station)
    record(actor_id=actor_id, action=action, subject=subject, reason=reason, details=details, now=now)
