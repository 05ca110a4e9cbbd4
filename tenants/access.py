"""Capabilities of a shop's staff by role; each app declares the capabilities of its own pages."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from kit.wiring import Contribution, contributions
from tenants.models import Role, ShopStatus

EVERYBODY = frozenset(Role)
MANAGERS = frozenset({Role.MANAGER})
OWNERS_ONLY: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Capability(Contribution):
    """A permission that a member of a shop's staff may have.

    Args:
        label: its name in the table of roles.
        roles: the roles that have it; the owner always has.
        also_while: statuses, besides those of an open shop, in which staff may still make its changes
            (docs/lifecycle.md); reading is never taken away.
    """

    name: str
    label: StrOrPromise
    roles: frozenset[Role]
    also_while: frozenset[ShopStatus] = frozenset()

    @property
    def key(self) -> str:
        """Name of the capability."""
        return self.name


ROLE_SUMMARIES: dict[Role, StrOrPromise] = {
    Role.OWNER: gettext_lazy("Everything, with staff, bank account and domains."),
    Role.MANAGER: gettext_lazy("Runs the shop from day to day; not its staff, bank account or domains."),
    Role.FULFILMENT: gettext_lazy("Packs and ships orders and keeps the stock right."),
    Role.ACCOUNTANT: gettext_lazy("Sees orders and the balance; changes nothing."),
    Role.VIEWER: gettext_lazy("Sees products and orders; changes nothing."),
}


def can(role: Role | None, capability: Capability) -> bool:
    """Return whether a role has a capability; without a role there is none."""
    return role is not None and (role == Role.OWNER or role in capability.roles)


def all_capabilities() -> tuple[Capability, ...]:
    """Return the capabilities that the apps declare."""
    return contributions(Capability)
