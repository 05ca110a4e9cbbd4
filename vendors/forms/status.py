"""The forms of the status page."""

from django import forms

from kit.text.forms import LineField, ParagraphsField
from tenants.life.status_changes import NOTE_LENGTH

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class HolidayForm(forms.Form):
    """Length of a holiday, and its note to buyers."""

    returns_on = forms.DateField(
        label="Back on", required=False, widget=DATE, help_text="On this day the shop sells again by itself."
    )
    note = ParagraphsField(
        label="A note for buyers",
        required=False,
        max_length=NOTE_LENGTH,
        rows=2,
        help_text="Such as: We are at the harvest festival and send everything on Monday.",
    )


class CloseForm(forms.Form):
    """Closing the shop for good."""

    closes_on = forms.DateField(
        label="No new orders from", required=False, widget=DATE, help_text="Empty: from now on."
    )
    reason = ParagraphsField(label="Why are you closing?", required=False, max_length=NOTE_LENGTH, rows=2)
    shop_name = LineField(
        label="The shop’s name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
