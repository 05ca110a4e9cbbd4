"""The locks under changes of a shop's staff."""

from accounts.selectors import private_fields
from tenants.errors import ShopNotFoundError
from tenants.models import Membership, Shop


def lock_staff(*, shop_id: int) -> Shop:
    """Lock a shop against other changes of who is invited; needs an open transaction.

    Orders and products that refer to the shop are not held up: they take a weaker lock.

    Raises:
        ShopNotFoundError: there is no such shop.
    """
    shop = Shop.objects.select_for_update(no_key=True).filter(pk=shop_id).first()
    if shop is None:
        raise ShopNotFoundError
    return shop


def lock_memberships(*, shop_id: int) -> list[Membership]:
    """Lock everybody's membership of a shop in primary-key order; needs an open transaction."""
    found = Membership.objects.select_for_update(of=("self",)).filter(shop_id=shop_id).select_related("user", "shop")
    return list(found.defer(*private_fields("user")).order_by("pk"))
