"""Changes of delivery zones as calls and pages name them: a list names members by id, and deletes none (ADR 27)."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from checkout.fulfilment.services.zones import Method, Zone
from kit.errors import Fault, InvalidInputError, NotFoundError

PLACES = ("subdivisions", "towns")


def new_zone(data: Mapping[str, Any]) -> Zone:
    """Return a zone of a call's data."""
    return revised_zone(Zone(), data)


def revised_zone(zone: Zone, data: Mapping[str, Any]) -> Zone:
    """Return a zone with what a call's data name put in.

    Raises:
        InvalidInputError: a method is named that the zone does not have.
    """
    values = {name: value for name, value in data.items() if name in {"name", "country"}}
    values |= {name: tuple(data[name]) for name in PLACES if name in data}
    if "country" in values and values["country"] != zone.country:
        values = {**dict.fromkeys(PLACES, ()), **values}  # those were of the other country
    removed = set(data.get("removed_methods", ()))
    kept = {method.id: method for method in zone.methods if method.id not in removed}
    methods = _revised_methods(kept, data.get("methods", ()))
    return replace(zone, **values, methods=methods)


@dataclass(slots=True)
class SentChanges:
    """Changes of a zone that a call names, whose methods a refusal names by their places in the body."""

    data: Mapping[str, Any]
    _places: dict[str, str] = field(default_factory=dict)

    def revise(self, zone: Zone) -> Zone:
        """Return the zone with the changes."""
        revised = revised_zone(zone, self.data)
        known, places = {method.id for method in zone.methods}, {m.id: n for n, m in enumerate(revised.methods)}
        new = iter([place for method_id, place in places.items() if method_id not in known])
        sent = [each.get("id") for each in self.data.get("methods", ())]
        self._places = {str(places[named] if named else next(new)): str(n) for n, named in enumerate(sent)}
        return revised

    @contextmanager
    def naming_places_as_sent(self) -> Iterator[None]:
        """Have a refusal name the methods by their places in the body, not by those in the zone."""
        try:
            yield
        except InvalidInputError as error:
            faults = error.details.get("methods")
            if isinstance(faults, dict):
                placed = {self._places.get(place, place): found for place, found in faults.items()}
                raise InvalidInputError(details={**error.details, "methods": placed}) from error
            raise


def find_method(zone: Zone, method_id: UUID) -> Method:
    """Return a method of a zone.

    Raises:
        NotFoundError: the zone has no such method.
    """
    for method in zone.methods:
        if method.id == method_id:
            return method
    raise NotFoundError


def with_method(zone: Zone, method: Method) -> Zone:
    """Return a zone with a method in place of its earlier state, or behind the others."""
    methods = {each.id: each for each in zone.methods} | {method.id: method}
    return replace(zone, methods=tuple(methods.values()))


def without_method(zone: Zone, method_id: UUID) -> Zone:
    """Return a zone without a method."""
    return replace(zone, methods=tuple(each for each in zone.methods if each.id != method_id))


def moved_method(zone: Zone, method_id: UUID) -> Zone:
    """Return a zone in which a method stands before the one that it stood behind."""
    methods = list(zone.methods)
    at = next((number for number, each in enumerate(methods) if each.id == method_id), 0)
    if at:
        methods[at - 1 : at + 1] = methods[at], methods[at - 1]
    return replace(zone, methods=tuple(methods))


def _revised_methods(kept: dict[UUID, Method], given: Sequence[Mapping[str, Any]]) -> tuple[Method, ...]:
    found = dict(kept)
    for each in given:
        named = each.get("id")
        if named is not None and named not in kept:
            message = gettext("This zone has no method with the id %(id)s. Leave the id out for a new one.")
            raise InvalidInputError(details={"methods": [Fault(message % {"id": named}, "unknown_method")]})
        current = kept.get(named) if named else None
        method = _revised_method(current or Method(), each)
        found[method.id] = method
    return tuple(found.values())


def _revised_method(method: Method, data: Mapping[str, Any]) -> Method:
    values = {name: value for name, value in data.items() if name not in {"id", "bands"}}
    if "bands" in data:
        values["bands"] = tuple((band["up_to"], band["price_minor"]) for band in data["bands"])
    return replace(method, **values)
