"""Delivery zones with their methods, over the API."""

from typing import Any

from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from carriers import shipping_rates
from checkout.fulfilment.models import MethodKind
from checkout.fulfilment.services.zones import Method, Zone
from checkout.zones.change_zones import zone_version
from checkout.zones.checking import LARGEST_MINOR, MOST_DAYS, MOST_METHODS, MOST_TOWNS
from kit.api.input import InputSerializer
from kit.text.serializers import CountryField, LineField, NameField, ParagraphsField
from kit.web.versions import entity_tag

DAYS: dict[str, Any] = {"min_value": 0, "max_value": MOST_DAYS, "required": False}
MOST_SUBDIVISIONS = 300


class BandData(InputSerializer):
    """A step of a price by weight or by value."""

    up_to = serializers.IntegerField(
        allow_null=True,
        min_value=1,
        max_value=LARGEST_MINOR,
        help_text="Grams or minor units, with this very amount; null, in the last one: no end.",
    )
    price_minor = serializers.IntegerField(min_value=0, max_value=LARGEST_MINOR)


class MethodInput(InputSerializer):
    """A way to deliver, or what changes of one that is named by its `id`."""

    id = serializers.UUIDField(required=False, help_text="Of one that is there; without it, a new one.")
    name = NameField(max_length=80, required=False, allow_blank=True, help_text="Empty: Delivery, or Pick-up.")
    kind = serializers.ChoiceField(choices=MethodKind.choices, required=False)
    price_minor = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=LARGEST_MINOR,
        help_text="Null: the standard rate. Of kind `carrier`: while it does not answer; null: not offered then.",
    )
    bands = BandData(many=True, required=False, help_text="Of weight and value; ascending.")
    free_from_minor = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=LARGEST_MINOR, help_text="Value from which it is free."
    )
    handling_days = serializers.IntegerField(
        allow_null=True, help_text="Until the parcel leaves; null: no dates are told.", **DAYS
    )
    transit_least_days = serializers.IntegerField(**DAYS)
    transit_most_days = serializers.IntegerField(**DAYS)
    details = ParagraphsField(
        max_length=300, required=False, allow_blank=True, help_text="Where and when it is picked up."
    )
    from_subdivision = LineField(
        max_length=6,
        required=False,
        allow_blank=True,
        help_text="Of kind `carrier`: where it fetches them, as NG-LA.",
    )
    from_town = NameField(max_length=100, required=False, allow_blank=True, help_text="Of kind `carrier`: the town.")

    def validate_kind(self, kind: str) -> str:
        """Refuse a carrier's price where the market has no source of such prices."""
        if kind == MethodKind.CARRIER and shipping_rates() is None:
            message = gettext("This market asks no carriers for their prices. Choose another kind.")
            raise serializers.ValidationError(message, "no_carrier")
        return kind


class ZoneChange(InputSerializer):
    """Changes of a zone; methods that are not named stay as they are."""

    name = NameField(max_length=80, required=False, allow_blank=True)
    country = CountryField(required=False, allow_blank=True, help_text="ISO 3166-1 alpha-2; empty: everywhere.")
    subdivisions = serializers.ListField(
        child=LineField(max_length=12),
        required=False,
        max_length=MOST_SUBDIVISIONS,
        help_text="ISO 3166-2, such as NG-LA; none: all of the country.",
    )
    towns = serializers.ListField(
        child=NameField(max_length=100), required=False, max_length=MOST_TOWNS, help_text="None: all of them."
    )
    methods = MethodInput(many=True, required=False)
    removed_methods = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=MOST_METHODS, help_text="Ids of methods that go."
    )


class ZoneInput(ZoneChange):
    """A new zone."""

    methods = MethodInput(many=True, allow_empty=False)
    removed_methods = None  # type: ignore[assignment] # a new zone has none to remove


class BandOutput(serializers.Serializer[Any]):
    """A step of a price."""

    up_to = serializers.IntegerField(allow_null=True)
    price_minor = serializers.IntegerField()


class MethodOutput(serializers.Serializer[Any]):
    """A way to deliver."""

    id = serializers.UUIDField()
    name = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(choices=MethodKind.choices)
    price_minor = serializers.IntegerField(allow_null=True, help_text="Null: the shop's standard rate, or by `bands`.")
    bands = serializers.SerializerMethodField()
    free_from_minor = serializers.IntegerField(allow_null=True)
    handling_days = serializers.IntegerField(allow_null=True)
    transit_least_days = serializers.IntegerField()
    transit_most_days = serializers.IntegerField()
    details = serializers.CharField(allow_blank=True)
    from_subdivision = serializers.CharField(allow_blank=True, help_text="Where a carrier fetches parcels; else empty.")
    from_town = serializers.CharField(allow_blank=True)

    @extend_schema_field(BandOutput(many=True))
    def get_bands(self, method: Method) -> list[dict[str, Any]]:
        """Return the steps of the price."""
        return [{"up_to": up_to, "price_minor": price_minor} for up_to, price_minor in method.bands]


class ZoneOutput(serializers.Serializer[Any]):
    """Places to which a shop delivers alike, with the methods there."""

    id = serializers.UUIDField()
    name = serializers.CharField(allow_blank=True)
    country = serializers.CharField(allow_blank=True, help_text="Empty: everywhere.")
    subdivisions = serializers.ListField(child=serializers.CharField())
    towns = serializers.ListField(child=serializers.CharField())
    methods = MethodOutput(many=True)
    version = serializers.SerializerMethodField(help_text="For `If-Match`.")

    def get_version(self, zone: Zone) -> str:
        """Return the version of the zone with its methods."""
        return entity_tag(zone_version(zone))
