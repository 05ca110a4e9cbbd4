"""Parcels of a part of an order, over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from checkout.fulfilment.parcels import SentParcel
from checkout.fulfilment.status import ParcelStatus
from kit.api.input import InputSerializer
from kit.text.serializers import LineField, WebAddressField


class ShipmentLineInput(InputSerializer):
    """A line of an order, and the number of its units that go into a parcel."""

    line_id = serializers.UUIDField(help_text="The `id` of a line.")
    quantity = serializers.IntegerField(min_value=1)


class ParcelInput(InputSerializer):
    """Carrier of a parcel, and the number and the link under which it can be followed."""

    carrier = LineField(required=False, allow_blank=True, max_length=80)
    tracking_number = LineField(required=False, allow_blank=True, max_length=80)
    tracking_url = WebAddressField(required=False, allow_blank=True, help_text="Over https, at a named host.")


class ShipmentLineOutput(serializers.Serializer[Any]):
    """Units of a line in a parcel."""

    line_id = serializers.UUIDField(help_text="The `id` of a line of the order.")
    quantity = serializers.IntegerField()


class ShipmentOutput(serializers.Serializer[Any]):
    """A parcel that has left."""

    id = serializers.IntegerField(source="number", help_text="Counts the parcels of a part of an order.")
    status = serializers.ChoiceField(choices=ParcelStatus.choices)
    carrier = serializers.CharField(allow_blank=True)
    tracking_number = serializers.CharField(allow_blank=True)
    tracking_url = serializers.CharField(allow_blank=True, help_text="Where the carrier shows where it is.")
    lines = serializers.SerializerMethodField()
    shipped_at = serializers.DateTimeField()
    delivered_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(ShipmentLineOutput(many=True))
    def get_lines(self, parcel: SentParcel) -> list[dict[str, Any]]:
        """Return the units in it."""
        return [{"line_id": str(key), "quantity": count} for key, count in sorted(parcel.lines.items())]
