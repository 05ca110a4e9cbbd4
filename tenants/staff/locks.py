"""A person's work in a shop, and the locks under its changes."""

from accounts.selectors import private_fields
from kit.web.versions import version_of
from tenants.errors import NotStaffError
from tenants.models import Membership


def lock_memberships(*, shop_id: int) -> list[Membership]:
    """Lock everybody's membership of a shop in primary-key order; needs an open transaction."""
    found = Membership.objects.select_for_update(of=("self",)).filter(shop_id=shop_id).select_related("user", "shop")
    return list(found.defer(*private_fields("user")).order_by("pk"))


def get_member(*, shop_id: int, member_id: int) -> Membership:
    """Return a membership of a shop.

    Raises:
        NotStaffError: the shop has no such membership.
    """
    found = Membership.objects.filter(shop_id=shop_id, pk=member_id).select_related("user")
    member = found.defer(*private_fields("user")).first()
    if member is None:
        raise NotStaffError
    return member


def member_version(member: Membership) -> str:
    """Return the version of a person's role in a shop."""
    return version_of({"role": str(member.role)})
