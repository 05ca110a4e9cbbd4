"""Choosing a destination in the basket, before there is an address."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views import View

from accounts.redirects import is_own_path
from checkout.cart.destination import destination_of, name_of, remember_destination
from checkout.pricing.delivery.places import Destination
from kit.text.address_forms import subdivision_label
from kit.text.countries import DEFAULT_COUNTRY, country_groups
from kit.text.forms import LineField
from kit.text.subdivisions import find_subdivision, subdivisions_of


class DestinationForm(forms.Form):
    """A country, and a state or region where the country has them: the list follows the country that is known."""

    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=country_groups)
    state = forms.ChoiceField(label=gettext_lazy("State or region"), required=False)
    city = LineField(label=gettext_lazy("Town or city"), required=False, max_length=100)

    def __init__(self, data: QueryDict | None = None, *, known: Destination | None = None) -> None:
        known = known or Destination(DEFAULT_COUNTRY)
        found = find_subdivision(known.country, known.state)
        shown = {"country": known.country, "state": found.code if found else "", "city": known.city}
        super().__init__(data, initial=shown, auto_id="destination-%s")
        states: Any = self.fields["state"]
        states.label = subdivision_label(known.country)
        states.choices = [("", ""), *((each.code, each.name) for each in subdivisions_of(known.country))]


class DestinationView(View):
    """Page to choose a destination, which leads back to the page that it was opened from, or to the basket."""

    def get(self, request: HttpRequest) -> HttpResponse:
        known = destination_of(request)
        shown = {
            "destination": DestinationForm(known=known),
            "place": name_of(known) if known else "",
            "next": _next(request.GET.get("next", "")),
        }
        return render(request, "checkout/destination.html", shown)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Remember the destination; a state of another country is left out, and its own are offered."""
        country = request.POST.get("country", "")
        form = DestinationForm(request.POST, known=Destination(country))
        response = redirect(_next(request.POST.get("next", "")))
        form.full_clean()
        if "country" in form.cleaned_data:
            told = form.cleaned_data
            found = find_subdivision(country, told.get("state", ""))
            destination = Destination(country, found.name if found else "", told.get("city", ""))
            remember_destination(response, destination)
        return response


def _next(path: str) -> str:
    return path if is_own_path(path) else reverse("checkout:cart")


def destination_form(request: HttpRequest) -> DestinationForm:
    """Return the form with the destination that a visitor has chosen."""
    return DestinationForm(known=destination_of(request))
