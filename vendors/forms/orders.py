"""Forms for fulfilling orders."""

from django import forms
from django.utils.translation import gettext_lazy

from kit.text.forms import LineField


class PickupCodeForm(forms.Form):
    """The code that a buyer tells where a parcel is handed out."""

    code = LineField(max_length=20, required=False, label=gettext_lazy("Pick-up code"))


class ParcelForm(forms.Form):
    """Carrier and tracking number of a parcel."""

    carrier = LineField(max_length=80, required=False)
    tracking_number = LineField(max_length=80, required=False, label=gettext_lazy("Tracking number"))
