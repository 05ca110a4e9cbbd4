"""The forms of the status page."""

from django import forms
from django.utils.translation import gettext_lazy

from kit.text.forms import LineField, ParagraphsField
from tenants.life.status_changes import NOTE_LENGTH

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class HolidayForm(forms.Form):
    """Length of a holiday, and its note to buyers."""

    returns_on = forms.DateField(
        label=gettext_lazy("Back on"),
        required=False,
        widget=DATE,
        help_text=gettext_lazy("On this day the shop sells again by itself."),
    )
    note = ParagraphsField(
        label=gettext_lazy("A note for buyers"),
        required=False,
        max_length=NOTE_LENGTH,
        rows=2,
        help_text=gettext_lazy("Such as: We are at the harvest festival and send everything on Monday."),
    )


class CloseForm(forms.Form):
    """Closing the shop for good."""

    closes_on = forms.DateField(
        label=gettext_lazy("No new orders from"),
        required=False,
        widget=DATE,
        help_text=gettext_lazy("Empty: from now on."),
    )
    reason = ParagraphsField(label=gettext_lazy("Why are you closing?"), required=False, max_length=NOTE_LENGTH, rows=2)
    shop_name = LineField(
        label=gettext_lazy("The shop’s name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
