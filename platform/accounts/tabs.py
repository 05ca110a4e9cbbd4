"""The pages of an account that its navigation leads to."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from kit.wiring import Contribution


@dataclass(frozen=True, slots=True)
class AccountTab(Contribution):
    """A page of an account, by its route; other apps' come after the account's own."""

    route: str
    label: StrOrPromise


OWN_TABS = (
    AccountTab("accounts:profile", gettext_lazy("Profile")),
    AccountTab("accounts:addresses", gettext_lazy("Addresses")),
    AccountTab("accounts:change-password", gettext_lazy("Password")),
    AccountTab("accounts:data", gettext_lazy("Your data")),
)
