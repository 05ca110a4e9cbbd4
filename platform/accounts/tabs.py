"""The pages of an account that its navigation leads to."""

from dataclasses import dataclass

from kit.wiring import Contribution


@dataclass(frozen=True, slots=True)
class AccountTab(Contribution):
    """A page of an account, by its route; other apps' come after the account's own."""

    route: str
    label: str


OWN_TABS = (
    AccountTab("accounts:profile", "Profile"),
    AccountTab("accounts:addresses", "Addresses"),
    AccountTab("accounts:change-password", "Password"),
    AccountTab("accounts:data", "Your data"),
)
