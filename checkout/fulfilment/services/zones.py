"""Rows of a shop's delivery zones: read and written as a whole, which a page or a call changes a part of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import UUID

from django.db import transaction
from django_tenants.utils import schema_context

from checkout.fulfilment.models import (
    STANDARD_METHOD_ID,
    STANDARD_ZONE_ID,
    DeliveryMethod,
    DeliveryZone,
    MethodKind,
)
from kit.ids import uuid7
from kit.text import rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A way to deliver to a zone; columns of `DeliveryMethod`.

    Args:
        price_minor: None: the shop's standard rate; of a carrier's, the price while it tells none: None: not offered.
        bands: upper bounds, ascending, each with the price up to it; only the last may have no bound.
    """

    id: UUID = field(default_factory=uuid7)
    name: Annotated[str, rules.name(80, may_be_empty=True)] = ""
    kind: str = MethodKind.FLAT
    price_minor: int | None = None
    bands: tuple[tuple[int | None, int], ...] = ()
    free_from_minor: int | None = None
    handling_days: int | None = None
    transit_least_days: int = 0
    transit_most_days: int = 0
    details: Annotated[str, rules.paragraphs(300, may_be_empty=True)] = ""
    from_subdivision: str = ""
    from_town: Annotated[str, rules.name(100, may_be_empty=True)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """Places to which a shop delivers alike, with the methods there; columns of `DeliveryZone`."""

    id: UUID = field(default_factory=uuid7)
    name: Annotated[str, rules.name(80, may_be_empty=True)] = ""
    country: Annotated[str, rules.OPTIONAL_COUNTRY] = ""
    subdivisions: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    methods: tuple[Method, ...] = ()


STANDARD_ZONE = Zone(id=STANDARD_ZONE_ID, methods=(Method(id=STANDARD_METHOD_ID),))
ZONE_COLUMNS = ("id", "name", "country", "subdivisions", "towns")
METHOD_COLUMNS = (
    *("id", "name", "kind", "price_minor", "bands", "free_from_minor"),
    *("handling_days", "transit_least_days", "transit_most_days", "details"),
    *("from_subdivision", "from_town"),
)


def read_zones(*, schema_name: str) -> list[Zone]:
    """Return a shop's zones and methods in its own order; the standard zone where it has set none."""
    with schema_context(schema_name):
        found = list(DeliveryZone.objects.order_by("position", "id").values(*ZONE_COLUMNS))
        methods = list(DeliveryMethod.objects.order_by("position", "id").values("zone_id", *METHOD_COLUMNS))
    zones = [zone_from(row, [each for each in methods if each["zone_id"] == row["id"]]) for row in found]
    return zones or [STANDARD_ZONE]


def zone_from(row: Mapping[str, Any], methods: Sequence[Mapping[str, Any]]) -> Zone:
    """Return a zone from the values of its columns."""
    values = {name: row[name] for name in ZONE_COLUMNS}
    lists = {name: tuple(row[name]) for name in ("subdivisions", "towns")}
    return Zone(**{**values, **lists, "id": UUID(str(row["id"])), "methods": tuple(map(_method_from, methods))})


def write_zones(*, schema_name: str, zones: Sequence[Zone]) -> None:
    """Replace all zones of a shop; the caller holds the shop's row and has checked them."""
    with schema_context(schema_name), transaction.atomic():
        DeliveryMethod.objects.all().delete()
        DeliveryZone.objects.all().delete()
        DeliveryZone.objects.bulk_create(
            DeliveryZone(position=position, **_columns(zone, ZONE_COLUMNS)) for position, zone in enumerate(zones)
        )
        DeliveryMethod.objects.bulk_create(
            DeliveryMethod(zone_id=zone.id, position=position, **_columns(method, METHOD_COLUMNS))
            for zone in zones
            for position, method in enumerate(zone.methods)
        )


def _method_from(row: Mapping[str, Any]) -> Method:
    bands = tuple((up_to, price_minor) for up_to, price_minor in row["bands"])
    known = {name: row[name] for name in METHOD_COLUMNS if name in row}  # a schema may lag behind by a release
    return Method(**{**known, "id": UUID(str(row["id"])), "bands": bands})


def _columns(record: Zone | Method, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}
