"""Pick-up stations of the platform, and the codes with which buyers fetch their parcels there."""

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from checkout.models.orders import SubOrder
from kit.ids import uuid7
from kit.text.columns import CountryColumn, LineColumn, NameColumn, ShortParagraphsColumn
from kit.text.countries import country_name
from kit.text.subdivisions import subdivisions_of

# Without characters that are read as others: 0 O, 1 I L, 2 Z, 5 S, 8 B.
CODE_ALPHABET, CODE_LENGTH, MOST_WRONG_TRIES = "34679ACDEFGHJKMNPQRTUVWXY", 8, 5


class Station(models.Model):
    """A place at which the platform hands parcels out; shops deliver to it by a method of that kind."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = NameColumn(max_length=80)
    address = NameColumn(max_length=200)
    town = NameColumn(max_length=100)
    subdivision = LineColumn(max_length=6, blank=True, help_text="ISO 3166-2 code; empty: the country has none.")
    country = CountryColumn(max_length=2, help_text="ISO 3166-1 alpha-2.")
    opening_hours = ShortParagraphsColumn(max_length=300)
    is_open = models.BooleanField(default=True, db_default=True, help_text="Else nobody may choose it.")

    class Meta:
        ordering = ["country", "subdivision", "town", "name", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(address="") & ~Q(town=""), name="station_can_be_found"),
        ]
        indexes = [models.Index(fields=["country", "subdivision"], name="station_place")]

    def __str__(self) -> str:
        return self.name

    @property
    def subdivision_name(self) -> str:
        """Return the name of its state or region."""
        return next((each.name for each in subdivisions_of(self.country) if each.code == self.subdivision), "")

    @property
    def whole_address(self) -> str:
        """Return its address in one line."""
        parts = (self.address, self.town, self.subdivision_name, country_name(self.country))
        return ", ".join(part for part in parts if part)

    def as_dict(self) -> dict[str, Any]:
        """Return the station in the form that is stored with an order."""
        return {
            "id": str(self.pk),
            "name": self.name,
            "address": self.whole_address,
            "opening_hours": self.opening_hours,
        }


class PickupCode(models.Model):
    """Code of a part that is fetched at a station, made when it is sent there; no shop's role may read it."""

    sub_order = models.OneToOneField(SubOrder, primary_key=True, on_delete=models.CASCADE, related_name="pickup_code")
    code = models.CharField(max_length=CODE_LENGTH, validators=[RegexValidator(f"^[{CODE_ALPHABET}]+$")])
    wrong_tries = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(wrong_tries__lte=MOST_WRONG_TRIES), name="pickup_code_tries_limited"),
            models.CheckConstraint(
                condition=Q(code__regex=f"^[{CODE_ALPHABET}]{{{CODE_LENGTH}}}$"), name="pickup_code_form"
            ),
        ]

    def __str__(self) -> str:
        return f"code of {self.sub_order_id}"
