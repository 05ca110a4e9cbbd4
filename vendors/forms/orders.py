"""What is typed while orders are fulfilled."""

from django import forms


class ParcelForm(forms.Form):
    """Who carries a parcel, and under which number it can be followed."""

    carrier = forms.CharField(max_length=80, required=False)
    tracking_number = forms.CharField(max_length=80, required=False, label="Tracking number")
