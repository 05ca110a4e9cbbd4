"""What is typed while orders are fulfilled."""

from django import forms

from kit.text.forms import LineField


class ParcelForm(forms.Form):
    """Who carries a parcel, and under which number it can be followed."""

    carrier = LineField(max_length=80, required=False)
    tracking_number = LineField(max_length=80, required=False, label="Tracking number")
