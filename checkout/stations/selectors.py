"""Looking stations up."""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from uuid import UUID

from django.db.models import QuerySet

from checkout.errors import StationNotFoundError
from checkout.models import Station
from checkout.stations.inputs import input_of
from kit.web.versions import version_of


def station_version(station: Station) -> str:
    """Return the version of a station."""
    return version_of(asdict(input_of(station)))


def stations(*, country: str = "", subdivision: str = "", is_open: bool | None = None) -> QuerySet[Station]:
    """Return stations by place and name; those of a country or a subdivision, and the open ones, where it is asked."""
    asked = {"country": country, "subdivision": subdivision, "is_open": is_open}
    wanted = {name: value for name, value in asked.items() if value not in {"", None}}
    return Station.objects.filter(**wanted)


def open_stations(*, countries: Collection[str]) -> list[Station]:
    """Return the open stations of some countries by place and name."""
    return list(Station.objects.filter(country__in=countries, is_open=True))


def open_stations_by_id(ids: Collection[UUID]) -> dict[UUID, Station]:
    """Return the open ones of some stations by id."""
    return {each.pk: each for each in Station.objects.filter(pk__in=ids, is_open=True)}


def station_names(ids: Iterable[UUID]) -> dict[str, str]:
    """Return the names of stations by id."""
    return {str(pk): name for pk, name in Station.objects.filter(pk__in=list(ids)).values_list("pk", "name")}


def get_station(*, station_id: UUID) -> Station:
    """Return a station.

    Raises:
        StationNotFoundError: there is none.
    """
    return _one(Station.objects.filter(pk=station_id))


def lock_station(*, station_id: UUID) -> Station:
    """Lock a station; needs an open transaction.

    Raises:
        StationNotFoundError: there is none.
    """
    return _one(Station.objects.select_for_update(no_key=True).filter(pk=station_id))


def _one(found: QuerySet[Station]) -> Station:
    station = found.first()
    if station is None:
        raise StationNotFoundError
    return station
