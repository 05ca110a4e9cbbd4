"""Forms of the shop's delivery zones, of the methods in them, and of the example beside them."""

from collections.abc import Mapping, Sequence
from itertools import count, takewhile
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from carriers import shipping_rates
from checkout.fulfilment.models import MethodKind
from checkout.fulfilment.services.zones import Method, Zone
from checkout.zones.checking import BANDED, MOST_BANDS, MOST_DAYS, MOST_TOWNS
from kit.errors import DomainError
from kit.money.amounts import parse_amount
from kit.templatetags.money import major
from kit.text.countries import country_groups
from kit.text.forms import LineField, NameField, ParagraphsField
from kit.text.subdivisions import subdivisions_of
from kit.web.price_fields import PriceField
from vendors.forms.fields import WeightField, kilograms, parse_weight

SPARE_ROWS, FEWEST_ROWS = 2, 4
DAYS: dict[str, Any] = {"required": False, "min_value": 0, "max_value": MOST_DAYS}


class ZoneForm(forms.Form):
    """Places of a zone; the list of states is of the country that is given."""

    name = NameField(label=gettext_lazy("Your name for this zone"), max_length=80, required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    subdivisions = forms.MultipleChoiceField(
        label=gettext_lazy("States or regions"), required=False, widget=forms.CheckboxSelectMultiple
    )
    towns = ParagraphsField(label=gettext_lazy("Towns"), required=False, rows=4, max_length=100 * MOST_TOWNS)

    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields
        choices["country"].choices = [("", gettext("Everywhere")), *country_groups()]
        choices["subdivisions"].choices = [(each.code, each.name) for each in subdivisions_of(country)]

    def values(self) -> dict[str, Any]:
        """Return the entered columns of a zone."""
        entered = self.cleaned_data
        towns = (line.strip() for line in entered["towns"].splitlines())
        return {
            "name": entered["name"],
            "country": entered["country"],
            "subdivisions": tuple(entered["subdivisions"]),
            "towns": tuple(town for town in towns if town),
        }

    @staticmethod
    def initial_of(zone: Zone) -> dict[str, Any]:
        """Return the form's initial values."""
        return {
            "name": zone.name,
            "country": zone.country,
            "subdivisions": list(zone.subdivisions),
            "towns": "\n".join(zone.towns),
        }


class MethodForm(forms.Form):
    """A way to deliver: its price, its days, and where a parcel is picked up."""

    name = NameField(label=gettext_lazy("What buyers read"), max_length=80, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Price"), choices=MethodKind.choices, widget=forms.RadioSelect)
    price_minor = PriceField(label=gettext_lazy("Price of a delivery"), required=False)
    free_from_minor = PriceField(label=gettext_lazy("Free from a value of"), required=False)
    handling_days = forms.IntegerField(label=gettext_lazy("Days until you send it"), **DAYS)
    transit_least_days = forms.IntegerField(label=gettext_lazy("Fewest days on the way"), **DAYS)
    transit_most_days = forms.IntegerField(label=gettext_lazy("Most days on the way"), **DAYS)
    details = ParagraphsField(label=gettext_lazy("Where and when it is picked up"), required=False, max_length=300)
    from_subdivision = forms.ChoiceField(
        label=gettext_lazy("State or region where your parcels are collected"), required=False
    )
    from_town = NameField(label=gettext_lazy("Town where your parcels are collected"), max_length=100, required=False)

    def __init__(self, data: QueryDict | None = None, *, country: str, currency: str, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.currency = currency
        fields: Any = self.fields
        if not self.offers_carriers:
            fields["kind"].choices = [each for each in MethodKind.choices if each[0] != MethodKind.CARRIER]
        fields["from_subdivision"].choices = [("", ""), *((each.code, each.name) for each in subdivisions_of(country))]
        for name in ("price_minor", "free_from_minor"):
            field = self.fields[name]
            assert isinstance(field, PriceField)
            field.currency = currency
        for number in range(_rows_of(data, self.prefix) if data is not None else _rows_to_show(self.initial)):
            self.fields[f"up_to_{number}"] = LineField(label=gettext_lazy("Up to"), required=False, max_length=24)
            self.fields[f"costs_{number}"] = LineField(label=gettext_lazy("Costs"), required=False, max_length=24)

    @property
    def offers_carriers(self) -> bool:
        """Return whether the market has a source of carriers' rates, or the method is of one that it had."""
        return shipping_rates() is not None or (self.initial or {}).get("kind") == MethodKind.CARRIER

    @property
    def steps(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the fields of each step of the price."""
        return [(self[f"up_to_{number}"], self[f"costs_{number}"]) for number in _numbers(self.fields)]

    def clean(self) -> dict[str, Any]:
        """Read the steps of the price, of methods that have some."""
        data: dict[str, Any] = self.cleaned_data
        kind = data.get("kind", "")
        rows = [(n, data.get(f"up_to_{n}", ""), data.get(f"costs_{n}", "")) for n in _numbers(self.fields)]
        filled = [row for row in rows if row[1] or row[2]] if kind in BANDED else []
        data["bands"] = tuple(
            (self._bound(number, up_to, kind), self._price(number, costs)) for number, up_to, costs in filled
        )
        self._refuse_halves(filled)
        return data

    def _refuse_halves(self, filled: Sequence[tuple[int, str, str]]) -> None:
        """Refuse a step without its price, which is not free, and one without its end, which only the last may be."""
        for number, _, costs in filled:
            if not costs:
                self.add_error(f"costs_{number}", gettext("Give the price of this step."))
        for number, up_to, _ in filled[:-1]:
            if not up_to:
                self.add_error(f"up_to_{number}", gettext("Enter the end of this step; only the last may be empty."))

    def values(self) -> dict[str, Any]:
        """Return the entered columns of a method."""
        entered = self.cleaned_data
        names = (
            *("name", "kind", "price_minor", "free_from_minor", "handling_days", "details", "bands"),
            *("from_subdivision", "from_town"),
        )
        least = entered["transit_least_days"] or 0
        most = entered["transit_most_days"]
        days = {"transit_least_days": least, "transit_most_days": least if most is None else most}
        return {name: entered[name] for name in names} | days

    def add_faults(self, faults: Mapping[str, Any]) -> None:
        """Put the faults of a method beside its fields; those of its steps beside the first one."""
        for name, texts in faults.items():
            self.add_error("up_to_0" if name == "bands" else name if name in self.fields else None, " ".join(texts))

    def _bound(self, number: int, text: str, kind: str) -> int | None:
        if not text:
            return None
        try:
            return parse_weight(text) if kind == MethodKind.WEIGHT else parse_amount(text, self.currency)
        except ValueError as error:
            self.add_error(f"up_to_{number}", str(error))
        return None

    def _price(self, number: int, text: str) -> int:
        try:
            return parse_amount(text or "0", self.currency)
        except ValueError as error:
            self.add_error(f"costs_{number}", str(error))
        return 0

    def shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return values of the form's fields as the form shows them."""
        return {name: self.fields[name].prepare_value(value) for name, value in values.items() if name in self.fields}

    @staticmethod
    def initial_of(method: Method) -> dict[str, Any]:
        """Return the form's initial values."""
        values = {name: getattr(method, name) for name in MethodForm.base_fields}
        for number, (up_to, price_minor) in enumerate(method.bands):
            shown = "" if up_to is None else kilograms(up_to) if method.kind == MethodKind.WEIGHT else major(up_to)
            values |= {f"up_to_{number}": shown, f"costs_{number}": major(price_minor)}
        return values


class DestinationForm(forms.Form):
    """A buyer's place, and what they buy; the list of states is of the country that is given."""

    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=country_groups)
    state = forms.ChoiceField(label=gettext_lazy("State or region"), required=False)
    town = LineField(label=gettext_lazy("Town or city"), required=False, max_length=100)
    goods = PriceField(label=gettext_lazy("Value of the goods"), required=False)
    weight = WeightField(label=gettext_lazy("Weight (kg)"), required=False)

    def __init__(self, data: QueryDict | None, *, country: str, currency: str, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        fields: Any = self.fields
        fields["goods"].currency = currency
        fields["state"].choices = [("", ""), *((each.code, each.name) for each in subdivisions_of(country))]


def show_faults(
    error: DomainError, *, zone: ZoneForm | None = None, method: MethodForm | None = None, at: int = 0
) -> None:
    """Put a refusal beside the fields of the forms that it is about, else above them.

    Args:
        at: position of the form's method among the methods of its zone.
    """
    faults: dict[str, Any] = dict(error.details) if isinstance(error.details, dict) else {}
    of_methods = faults.pop("methods", [])  # texts about all of them, or the faults of each by its place
    own = of_methods.get(str(at), {}) if isinstance(of_methods, dict) else {}
    if method is not None:
        method.add_faults(own)
    shown = [name for name in faults if zone is not None and name in zone.fields]
    for name in shown:
        assert zone is not None
        zone.add_error(name, " ".join(faults[name]))
    if not shown and not own:
        texts = of_methods if isinstance(of_methods, list) else []
        form = zone if zone is not None else method
        assert form is not None
        form.add_error(None, " ".join(texts) or error.message)


def _numbers(fields: Mapping[str, Any]) -> list[int]:
    return list(takewhile(lambda number: f"up_to_{number}" in fields, count()))


def _rows_of(data: QueryDict, prefix: str | None) -> int:
    start = f"{prefix}-" if prefix else ""
    return min(len(list(takewhile(lambda number: f"{start}up_to_{number}" in data, count()))), MOST_BANDS) or 1


def _rows_to_show(initial: Mapping[str, Any] | None) -> int:
    return min(max(len(_numbers(initial or {})) + SPARE_ROWS, FEWEST_ROWS), MOST_BANDS)
