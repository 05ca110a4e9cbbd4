"""Inviting people and changing roles."""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from kit.text.forms import EmailField
from tenants.access import ROLE_SUMMARIES
from tenants.models import Role

CHOICES = [
    (role.value, format_lazy(gettext_lazy("{role}: {summary}"), role=role.label, summary=ROLE_SUMMARIES[role]))
    for role in Role
]


class RoleForm(forms.Form):
    """New role of a member."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=CHOICES, widget=forms.RadioSelect)


class InviteForm(RoleForm):
    """E-mail address and role of an invitation."""

    email = EmailField(
        label=gettext_lazy("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": gettext_lazy("Enter an e-mail address, such as bola@example.com.")},
    )
    field_order = ("email", "role")
