"""Inviting people and changing roles."""

from django import forms

from kit.text.forms import EmailField
from tenants.access import ROLE_SUMMARIES
from tenants.models import Role

CHOICES = [(role.value, f"{role.label}: {ROLE_SUMMARIES[role]}") for role in Role]


class RoleForm(forms.Form):
    """What somebody is to do in the shop."""

    role = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect)


class InviteForm(RoleForm):
    """Who is to be asked, and as what."""

    email = EmailField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": "Enter an e-mail address, such as bola@example.com."},
    )
    field_order = ("email", "role")
