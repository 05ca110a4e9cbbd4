"""Delivery address of a shop's own record of an order."""

from collections.abc import Mapping
from uuid import UUID

from django_tenants.utils import schema_context

from checkout.fulfilment.errors import WrongStepError
from checkout.fulfilment.models import VendorOrder
from checkout.fulfilment.services.advance import lock_record
from checkout.fulfilment.status import PartStatus


def set_vendor_order_address(*, schema_name: str, vendor_order_id: UUID, address: Mapping[str, str]) -> None:
    """Set the address of a paid vendor order that is not packed; needs an open transaction.

    Raises:
        WrongStepError: it is packed, has left, or is not paid; nothing has changed.
    """
    with schema_context(schema_name):
        record = lock_record(vendor_order_id)
        if record.status != PartStatus.NEW:
            raise WrongStepError
        record.shipping_address, record.buyer_name = dict(address), address["name"]
        record.save(update_fields=["shipping_address", "buyer_name"])


def correct_addresses(*, schema_name: str, addresses: Mapping[UUID, Mapping[str, str]]) -> None:
    """Set the addresses of a shop's own orders, by order, to the market's."""
    with schema_context(schema_name):
        records = list(VendorOrder.objects.filter(pk__in=addresses).order_by("id"))
        for record in records:
            record.shipping_address = dict(addresses[record.pk])
            record.buyer_name = record.shipping_address.get("name", record.buyer_name)
        VendorOrder.objects.bulk_update(records, ["shipping_address", "buyer_name"])
