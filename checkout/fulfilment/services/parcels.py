"""Parcels of a shop's own order: sent, arrived, and taken back."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django_tenants.utils import schema_context

from checkout.fulfilment.models import Shipment, VendorOrder
from checkout.fulfilment.parcels import SentParcel, lines_as_json, sent_units
from checkout.fulfilment.selectors import parcel_version
from checkout.fulfilment.services.advance import lock_in_status, write_status
from checkout.fulfilment.status import PartStatus
from kit.web.versions import Seen, check_version


@dataclass(frozen=True, slots=True)
class Parcel:
    """Carrier of a parcel, and the number and the address under which it can be followed."""

    carrier: str = ""
    tracking_number: str = ""
    tracking_url: str = ""

    def __str__(self) -> str:
        return " · ".join(filter(None, (self.carrier, self.tracking_number, self.tracking_url)))


def add_parcel(
    *, schema_name: str, vendor_order_id: UUID, start: str, sent: SentParcel, to: PartStatus | None, now: datetime
) -> None:
    """Store a parcel that leaves, and the units in it; needs an open transaction.

    Args:
        start: the status by which it was judged.
        to: the status of the order from now on; None: it stays.

    Raises:
        WrongStepError: the order has another status; nothing has changed.
    """
    with schema_context(schema_name):
        vendor_order = lock_in_status(vendor_order_id, start)
        vendor_order.shipments.create(**columns_of(sent))
        _count_sent(vendor_order)
        if to is not None:
            write_status(vendor_order, to, now)


def mark_arrived(
    *,
    schema_name: str,
    vendor_order_id: UUID,
    start: str,
    numbers: Collection[int],
    to: PartStatus | None,
    now: datetime,
) -> None:
    """Write that parcels have arrived; needs an open transaction. Arguments and refusals as those of `add_parcel`."""
    with schema_context(schema_name):
        vendor_order = lock_in_status(vendor_order_id, start)
        vendor_order.shipments.filter(number__in=numbers).update(delivered_at=now)
        if to is not None:
            write_status(vendor_order, to, now)


def take_parcel_back(
    *, schema_name: str, vendor_order_id: UUID, start: str, number: int, back_to: PartStatus, since: datetime
) -> None:
    """Remove a parcel that has not left, so that its units are to be sent again; needs an open transaction.

    Args:
        start: the status by which it was judged.
        back_to: the status of the order from now on.
        since: the time at which the order came to that status.

    Raises:
        WrongStepError: the order has another status; nothing has changed.
    """
    with schema_context(schema_name):
        vendor_order = lock_in_status(vendor_order_id, start)
        vendor_order.shipments.filter(number=number).delete()
        _count_sent(vendor_order)
        write_status(vendor_order, back_to, since)


def change_vendor_order_parcel(
    *, schema_name: str, vendor_order_id: UUID, start: str, sent: SentParcel, parcel: Parcel, seen: Seen = None
) -> None:
    """Write another carrier, number and address of a parcel that is on its way; needs an open transaction.

    Args:
        start: the status by which it was judged.
        sent: the parcel as it was until now.
        seen: the versions that it may be made from; None: any version.

    Raises:
        WrongStepError: the order has another status; nothing has changed.
        ChangedMeanwhileError: it was made from another version; nothing has changed.
    """
    with schema_context(schema_name):
        vendor_order = lock_in_status(vendor_order_id, start)
        if seen is not None:
            check_version(seen=seen, current=parcel_version(sent))
        tracking = {name: text for name, text in asdict(parcel).items() if text != getattr(sent, name)}
        # There is none where an archive without its tracking was restored.
        _, is_new = vendor_order.shipments.update_or_create(
            number=sent.number, defaults=tracking, create_defaults={**columns_of(sent), **tracking}
        )
        if is_new:
            _count_sent(vendor_order)


def columns_of(sent: SentParcel) -> dict[str, object]:
    """Return a parcel as columns of a shipment."""
    return {
        "number": sent.number,
        "carrier": sent.carrier,
        "tracking_number": sent.tracking_number,
        "tracking_url": sent.tracking_url,
        "lines": lines_as_json(sent.lines),
        "shipped_at": sent.shipped_at,
        "delivered_at": sent.delivered_at,
    }


def _count_sent(vendor_order: VendorOrder) -> None:
    """Write into each line the units that are in parcels; a constraint holds them to what is left of it."""
    sent = sent_units([shipment.parcel for shipment in Shipment.objects.filter(vendor_order=vendor_order)])
    for line in vendor_order.lines.all():
        if line.sent_quantity != sent[line.variant_id]:
            line.sent_quantity = sent[line.variant_id]
            line.save(update_fields=["sent_quantity"])
