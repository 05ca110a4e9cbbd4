"""The locks under changes of a shop's staff."""

from accounts.selectors import private_fields
from tenants.models import Membership


def lock_memberships(*, shop_id: int) -> list[Membership]:
    """Lock everybody's membership of a shop in primary-key order; needs an open transaction."""
    found = Membership.objects.select_for_update(of=("self",)).filter(shop_id=shop_id).select_related("user", "shop")
    return list(found.defer(*private_fields("user")).order_by("pk"))
