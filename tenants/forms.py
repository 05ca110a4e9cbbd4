"""Forms of the pages about working in shops."""

from django import forms
from django.utils.translation import gettext_lazy

from accounts.forms import ChosenPasswordForm
from kit.text.forms import NameField


class JoinForm(ChosenPasswordForm):
    """A name and a password for the account with which an invitation is accepted."""

    name = NameField(
        max_length=120, label=gettext_lazy("Your name"), widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    field_order = ("name", "password1")
