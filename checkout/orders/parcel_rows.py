"""Parcels of a part as pages show them: what is in each, and where it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from checkout.fulfilment.models import VendorOrder
from checkout.fulfilment.parcels import SentParcel
from checkout.models import SubOrder


@dataclass(frozen=True, slots=True)
class ParcelRow:
    """A parcel with the titles of what is in it.

    Args:
        contents: number of units and title of each line.
    """

    parcel: SentParcel
    contents: Sequence[tuple[int, str]]

    @property
    def at(self) -> datetime:
        """Return the time at which it left, or arrived."""
        return self.parcel.delivered_at or self.parcel.shipped_at


def parcels_of_part(part: SubOrder) -> list[ParcelRow]:
    """Return the parcels of a part where there is more to say of them than that it has left in one."""
    parcels = part.sent_parcels
    if len(parcels) <= 1 and not part.is_partly_sent and not any(each.tracking_url for each in parcels):
        return []
    return parcels_of(part)


def parcels_of(part: SubOrder) -> list[ParcelRow]:
    """Return the parcels of a part."""
    return _rows(part.sent_parcels, {UUID(line["variant_id"]): line["title"] for line in part.lines})


def parcels_of_record(order: VendorOrder) -> list[ParcelRow]:
    """Return the parcels of a shop's own order, which was read with its lines and shipments."""
    return _rows(order.sent_parcels, {line.variant_id: line.title for line in order.lines.all()})


def _rows(parcels: Sequence[SentParcel], titles: Mapping[UUID, Any]) -> list[ParcelRow]:
    return [
        ParcelRow(parcel, [(parcel.lines[key], title) for key, title in titles.items() if key in parcel.lines])
        for parcel in parcels
    ]
