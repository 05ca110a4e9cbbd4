"""Add and change stations."""

from collections.abc import Callable
from dataclasses import asdict
from uuid import UUID

from django.db import transaction

from checkout.models import Station
from checkout.stations.inputs import FIELDS, StationInput, checked_station, input_of
from checkout.stations.selectors import lock_station, station_version
from kit.web.versions import Seen, check_version


def add_station(*, data: StationInput) -> Station:
    """Add a station.

    Raises:
        InvalidInputError: it can't be stored.
    """
    return Station.objects.create(**asdict(checked_station(data)))


def change_station(
    *, station_id: UUID, revise: Callable[[StationInput], StationInput], seen: Seen = None
) -> tuple[StationInput, Station]:
    """Change, close or open a station; orders keep the name and the address that they were placed with.

    Args:
        seen: the versions that it may be made from; None: any version.

    Returns:
        its values before, and the station.

    Raises:
        StationNotFoundError: there is none.
        ChangedMeanwhileError: it was made from another version; nothing is changed.
        InvalidInputError: it can't be stored; nothing is changed.
    """
    with transaction.atomic():
        station = lock_station(station_id=station_id)
        check_version(seen=seen, current=station_version(station))
        before = input_of(station)
        for name, value in asdict(checked_station(revise(before))).items():
            setattr(station, name, value)
        station.save(update_fields=FIELDS)
    return before, station
