"""Zones that a shop delivers to, and the methods in each.

A shop without rows delivers everywhere at its standard rate, as all shops did in earlier releases (docs/delivery.md).
"""

from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from kit.ids import uuid7
from kit.text.columns import CountryColumn, NameColumn, ShortParagraphsColumn

# Ids of the zone and the method of a shop that has set none, the same in every shop.
STANDARD_ZONE_ID = UUID("00000000-0000-7000-8000-000000000001")
STANDARD_METHOD_ID = UUID("00000000-0000-7000-8000-000000000002")


class MethodKind(models.TextChoices):
    """Rule by which the price of a method is found."""

    FLAT = "flat", gettext_lazy("One price")
    WEIGHT = "weight", gettext_lazy("By weight")
    VALUE = "value", gettext_lazy("By the value of the goods")
    PICKUP = "pickup", gettext_lazy("Pick-up at the shop")
    STATION = "station", gettext_lazy("Pick-up at a station")
    CARRIER = "carrier", gettext_lazy("What a carrier asks")


# The buyer fetches the parcel.
FETCHED = frozenset({MethodKind.PICKUP, MethodKind.STATION})


class DeliveryZone(models.Model):
    """Places to which a shop delivers alike: a country or everywhere, some of its subdivisions, some towns."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    position = models.PositiveSmallIntegerField(default=0, help_text="In the shop's own order, from 0.")
    name = NameColumn(max_length=80, blank=True)
    country = CountryColumn(max_length=2, blank=True, default="", help_text="ISO 3166-1; empty: everywhere.")
    subdivisions = models.JSONField(default=list, help_text="ISO 3166-2 codes; empty: all of the country.")
    towns = models.JSONField(default=list, help_text="As the shop writes them; empty: all.")

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(country="") | Q(subdivisions=[], towns=[]), name="zone_parts_are_of_a_country"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.country or "everywhere"


class DeliveryMethod(models.Model):
    """A way to deliver to a zone, and what it costs."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    zone = models.ForeignKey(DeliveryZone, on_delete=models.CASCADE, related_name="methods")
    position = models.PositiveSmallIntegerField(default=0, help_text="In the shop's own order, from 0.")
    name = NameColumn(max_length=80, blank=True)
    kind = models.CharField(max_length=8, choices=MethodKind, default=MethodKind.FLAT)
    price_minor = models.BigIntegerField(null=True, help_text="Empty: the shop's standard rate.")
    bands = models.JSONField(default=list, help_text="Pairs of an upper bound (grams, minor units) and a price.")
    free_from_minor = models.BigIntegerField(null=True, help_text="Value of the goods from which it is free.")
    handling_days = models.PositiveSmallIntegerField(null=True, help_text="Until the parcel leaves the shop.")
    transit_least_days = models.PositiveSmallIntegerField(default=0)
    transit_most_days = models.PositiveSmallIntegerField(default=0)
    details = ShortParagraphsColumn(max_length=300, blank=True, help_text="Where and when it is picked up.")
    from_subdivision = models.CharField(
        max_length=6, blank=True, default="", db_default="", help_text="ISO 3166-2; where a carrier fetches parcels."
    )
    from_town = NameColumn(
        max_length=100, blank=True, default="", db_default="", help_text="Town where a carrier fetches parcels."
    )

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="flat")
                | Q(kind="weight")
                | Q(kind="value")
                | Q(kind="pickup")
                | Q(kind="station")
                | Q(kind="carrier"),
                name="method_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(price_minor__isnull=True) | Q(price_minor__gte=0), name="method_price_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(free_from_minor__isnull=True) | Q(free_from_minor__gt=0), name="method_free_from_positive"
            ),
            models.CheckConstraint(
                condition=Q(transit_least_days__lte=F("transit_most_days")), name="method_transit_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(kind="carrier") | (~Q(from_subdivision="") & ~Q(from_town="")),
                name="method_carrier_has_origin",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.kind
