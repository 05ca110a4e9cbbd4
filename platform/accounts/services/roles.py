"""What a person may do where; told by the apps that know."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accounts.models import User


@dataclass(frozen=True, slots=True)
class ShopRole:
    """A role in one shop, and where its dashboard is."""

    shop: str
    name: str
    role: str
    url: str


RoleSource = Callable[[User], Iterable[ShopRole]]
_sources: list[RoleSource] = []


def register_role_source(source: RoleSource) -> RoleSource:
    """Register who tells roles; called from an app's `ready`.

    `shop` is the shop's slug, `name` its name, `role` the role's value, `url` its dashboard.
    """
    if source not in _sources:
        _sources.append(source)
    return source


def roles_of(user: User) -> list[ShopRole]:
    """Return a person's roles in every shop."""
    return [role for source in _sources for role in source(user)]
