"""The form of the domains page."""

from django import forms
from django.utils.translation import gettext_lazy

from kit.text.forms import LineField

LONGEST_TYPED = 300


class DomainForm(forms.Form):
    """A domain to add, as entered; the service validates it."""

    host = LineField(
        label=gettext_lazy("Your domain"),
        max_length=LONGEST_TYPED,
        widget=forms.TextInput(
            attrs={"inputmode": "url", "autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}
        ),
        help_text=gettext_lazy("Such as shop.example or www.shop.example. You need to be able to change its DNS."),
    )
