"""A person's roles in shops, contributed by the apps that give them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from kit.wiring import Contribution, contributions


@dataclass(frozen=True, slots=True)
class ShopRole:
    """A role in one shop.

    Args:
        shop: it has `slug` and `name`.
        role: the role's value.
        dashboard_url: the shop's.
    """

    shop: Any
    role: str
    dashboard_url: str


@dataclass(frozen=True, slots=True)
class RoleSource(Contribution):
    """An app that gives people roles."""

    roles_of: Callable[[User], Iterable[ShopRole]]


def roles_of(user: User) -> list[ShopRole]:
    """Return a person's roles in every shop."""
    return [role for source in contributions(RoleSource) for role in source.roles_of(user)]
