"""Permissions of a person's memberships, for answers about the signed-in user."""

from accounts.models import User
from accounts.services.roles import ShopRole
from tenants.shops.addresses import shop_url
from tenants.shops.selectors import memberships_of


def shop_roles(user: User) -> list[ShopRole]:
    """Return a person's role in each of their shops, with the way to its dashboard."""
    return [
        ShopRole(
            shop=membership.shop,
            role=membership.role,
            dashboard_url=shop_url(membership.shop, "/dashboard/"),
        )
        for membership in memberships_of(user)
    ]
