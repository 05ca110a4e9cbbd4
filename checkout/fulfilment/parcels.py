"""Parcels in which a part of an order leaves its shop, by the shop's own record of them or by the market's."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from checkout.fulfilment.status import SENT, TO_SEND, ParcelStatus, PartStatus

Units = Mapping[UUID, int]  # of lines, by their variants


@dataclass(frozen=True, slots=True, kw_only=True)
class SentParcel:
    """A parcel that has left.

    Args:
        number: counts the parcels of its part.
        lines: the units in it; empty where an earlier release has written it: all that is in no other parcel.
    """

    number: int
    carrier: str
    tracking_number: str
    tracking_url: str
    lines: Units
    shipped_at: datetime
    delivered_at: datetime | None = None

    @property
    def status(self) -> ParcelStatus:
        """Return whether it is on its way or has arrived."""
        return ParcelStatus.SHIPPED if self.delivered_at is None else ParcelStatus.DELIVERED

    @property
    def tracking(self) -> str:
        """Return carrier and number as one text."""
        return " · ".join(filter(None, (self.carrier, self.tracking_number)))

    def as_json(self) -> dict[str, Any]:
        """Return the form in which a sub-order stores a parcel."""
        return {
            "number": self.number,
            "carrier": self.carrier,
            "tracking_number": self.tracking_number,
            "tracking_url": self.tracking_url,
            "lines": lines_as_json(self.lines),
            "shipped_at": self.shipped_at.isoformat(),
            "delivered_at": self.delivered_at and self.delivered_at.isoformat(),
        }

    @classmethod
    def of_json(cls, stored: Mapping[str, Any]) -> Self:
        """Return a parcel from its stored form."""
        arrived = stored["delivered_at"]
        return cls(
            number=stored["number"],
            carrier=stored["carrier"],
            tracking_number=stored["tracking_number"],
            tracking_url=stored["tracking_url"],
            lines=lines_of_json(stored["lines"]),
            shipped_at=datetime.fromisoformat(stored["shipped_at"]),
            delivered_at=datetime.fromisoformat(arrived) if arrived else None,
        )


def lines_as_json(lines: Units) -> dict[str, int]:
    """Return units as they are stored."""
    return {str(key): count for key, count in sorted(lines.items())}


def lines_of_json(stored: Mapping[str, int]) -> dict[UUID, int]:
    """Return units from their stored form."""
    return {UUID(key): int(count) for key, count in stored.items()}


def whole_parcels(
    kept: Sequence[SentParcel], *, left: Units, status: str, since: datetime, otherwise: SentParcel
) -> list[SentParcel]:
    """Return the parcels of a part with all that has left: those of earlier releases too, which kept less of them.

    Args:
        kept: those that are stored.
        left: the units that are not cancelled.
        since: the time of the status.
        otherwise: what is known of the parcel of a part that is sent, and of which no parcel holds all.
    """
    rest = units_beside(kept, left)
    found = [replace(each, lines=each.lines or rest) for each in kept]
    if status in SENT and rest and all(each.lines for each in kept):
        found.append(replace(otherwise, number=next_number(kept), lines=rest))
    if status == PartStatus.DELIVERED:
        found = [replace(each, delivered_at=each.delivered_at or since) for each in found]
    return found


def units_beside(kept: Sequence[SentParcel], left: Units) -> dict[UUID, int]:
    """Return the units that are in none of some parcels."""
    sent = sent_units(kept)
    return {key: count - sent[key] for key, count in left.items() if count > sent[key]}


def units_to_send(kept: Sequence[SentParcel], *, left: Units, status: str) -> dict[UUID, int]:
    """Return the units that are still with the shop."""
    return units_beside(kept, left) if status in TO_SEND else {}


def sent_units(parcels: Sequence[SentParcel]) -> Counter[UUID]:
    """Return the units of each line that are in some parcels."""
    sent: Counter[UUID] = Counter()
    for each in parcels:
        sent.update(each.lines)
    return sent


def next_number(parcels: Sequence[SentParcel], *, given: int = 0) -> int:
    """Return the number of the next parcel.

    Args:
        given: the highest number that the part has given, also to a parcel that was taken back: a page that shows that
            one must not lead to another.
    """
    return max([given, *(each.number for each in parcels)]) + 1
