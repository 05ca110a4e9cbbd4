"""The shop's registration for tax."""

from datetime import date
from typing import Any

from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalogue.tax_classes import TaxClass
from checkout.fulfilment.services.tax_registration import Registration
from checkout.pricing.tax.port import TaxTable
from kit.api.input import InputSerializer
from kit.text.serializers import CountryField, LineField


class TaxInput(InputSerializer):
    """A registration for tax, or the decision that there is none."""

    is_registered = serializers.BooleanField()
    country = CountryField(required=False, help_text="ISO 3166-1 alpha-2, one of the tables'.")
    number = LineField(max_length=40, required=False, help_text="Under which the country knows the shop.")
    prices_include_tax = serializers.BooleanField(
        required=False, help_text="Whether the tax is a part of your prices; else it is added in the basket."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for all of a registration, where there is one."""
        missing = [name for name in ("country", "number", "prices_include_tax") if name not in attrs]
        if attrs["is_registered"] and missing:
            faults = {name: [gettext("This field is required.")] for name in missing}
            raise serializers.ValidationError(faults, code="needed_when_registered")
        return attrs

    def registration(self) -> Registration | None:
        """Return the registration; None where there is none."""
        sent = self.validated_data
        if not sent["is_registered"]:
            return None
        return Registration(sent["country"], sent["number"], prices_include_tax=sent["prices_include_tax"])


class TableRateOutput(serializers.Serializer[Any]):
    """A rate of a tax class."""

    tax_class = serializers.ChoiceField(choices=TaxClass.choices)
    label = serializers.CharField()  # type: ignore[assignment]
    rate_bps = serializers.IntegerField(help_text="In hundredths of a percent.")


class TaxTableOutput(serializers.Serializer[Any]):
    """Tax rates of a country, with their source."""

    country = serializers.CharField()
    checked_on = serializers.DateField(help_text="When the source was read.")
    source = serializers.CharField()  # type: ignore[assignment]
    note = serializers.CharField()
    rates = serializers.SerializerMethodField(help_text="Those of today; classes without any are not taxed.")

    @extend_schema_field(TableRateOutput(many=True))
    def get_rates(self, table: TaxTable) -> list[dict[str, Any]]:
        """Return the rates that hold today, by class."""
        on: date = self.context["on"]
        return [
            {"tax_class": tax_class.value, "label": rate.label, "rate_bps": rate.bps}
            for tax_class in TaxClass
            for rate in table.rates(tax_class=tax_class, subdivision="", on=on)
        ]


class TaxOutput(serializers.Serializer[Any]):
    """Tax settings of a shop; country and number are empty where it is not registered."""

    is_registered = serializers.SerializerMethodField()
    country = serializers.CharField(source="registration.country", default="", allow_blank=True)
    number = serializers.CharField(source="registration.number", default="", allow_blank=True)
    prices_include_tax = serializers.BooleanField(source="registration.prices_include_tax", default=False)
    tables = serializers.SerializerMethodField()

    def get_is_registered(self, shown: dict[str, Any]) -> bool:
        """Return whether the shop charges tax."""
        return shown["registration"] is not None

    @extend_schema_field(TaxTableOutput(many=True))
    def get_tables(self, shown: dict[str, Any]) -> Any:
        """Return the tables of rates."""
        return TaxTableOutput(self.context["tables"], many=True, context=self.context).data
