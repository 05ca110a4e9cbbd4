"""Delivery in the cart and checkout API: a destination, the methods for it, and the chosen one."""

from typing import Any

from rest_framework import serializers

from checkout.fulfilment.models import MethodKind
from checkout.pricing.delivery.priced import RateSource
from kit.api.input import InputSerializer
from kit.text.serializers import CountryField, LineField, OptionalText

DELIVERY = serializers.DictField(
    child=LineField(max_length=80),
    required=False,
    help_text="The id of a method by the shop's slug, from a quote; the cheapest where a shop is not named. "
    "A method of kind `station` takes `<method>:<station>`, with the id of one of `stations/`.",
)


NOT_NEEDED = "Taken as a part of a whole address; no price depends on it."


class DestinationInput(InputSerializer):
    """A destination, as far as it is known: the more of it, the closer the quote."""

    country = CountryField()
    state = OptionalText(max_length=100, help_text="The name, or the ISO 3166-2 code.")
    city = OptionalText(max_length=100)
    # The rest of an address says nothing about a price: a front end sends the one that it has.
    name = OptionalText(max_length=120, help_text=NOT_NEEDED)
    line1 = OptionalText(max_length=200, help_text=NOT_NEEDED)
    line2 = OptionalText(max_length=200, help_text=NOT_NEEDED)
    subdivision = OptionalText(max_length=6, help_text="Its ISO 3166-2 code, where `state` is left out.")
    postcode = OptionalText(max_length=20, help_text=NOT_NEEDED)
    phone = OptionalText(max_length=32, help_text=NOT_NEEDED)


class DeliveryMethodOutput(serializers.Serializer[Any]):
    """A way in which a shop can deliver its part."""

    id = serializers.CharField(help_text="For `delivery` of a quote or a checkout.")
    name = serializers.CharField(source="label")
    kind = serializers.ChoiceField(choices=MethodKind.choices, source="terms.kind")
    price_minor = serializers.IntegerField(help_text="In the shop's currency; 0: free.")
    earliest_on = serializers.DateField(allow_null=True, help_text="Null where the shop tells no dates.")
    latest_on = serializers.DateField(allow_null=True)
    details = serializers.CharField(help_text="Where and when a parcel is picked up, or the carrier's service.")
    rate = serializers.ChoiceField(
        choices=[each.value for each in RateSource],
        allow_null=True,
        help_text="Of kind `carrier`: its own price, an estimate while no town is known, or the shop's price while it "
        "does not answer.",
    )


class PartDeliveryOutput(serializers.Serializer[Any]):
    """Delivery of a shop's part; without methods where it can't deliver, or nothing of it can be bought."""

    method = serializers.CharField(source="chosen.id", default=None, allow_null=True, help_text="The one charged.")
    is_estimate = serializers.BooleanField(help_text="Whether a destination, which is not known yet, may change it.")
    is_unpriced = serializers.BooleanField(
        help_text="Whether a method is left out, as its carrier does not tell its price at present."
    )
    methods = DeliveryMethodOutput(many=True)


class StationSnapshotOutput(serializers.Serializer[Any]):
    """The pick-up station that a part goes to, as it was when the order was placed."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    address = serializers.CharField()
    opening_hours = serializers.CharField()


class ChosenDeliveryOutput(serializers.Serializer[Any]):
    """The method by which a part is delivered, as it was when the order was placed."""

    method_id = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=MethodKind.choices)
    earliest_on = serializers.DateField(allow_null=True)
    latest_on = serializers.DateField(allow_null=True)
    leaves_on = serializers.DateField(allow_null=True, help_text="The day by which it should leave the shop.")
    details = serializers.CharField(allow_blank=True)
    station = StationSnapshotOutput(allow_null=True, help_text="Null where it is brought, or fetched at the shop.")
