"""Who comes back with a shop that had been deleted."""

from collections.abc import Collection
from datetime import datetime

from accounts.selectors import active_user_ids
from tenants.models import Role, ShopEventKind
from tenants.services.events import record_event
from tenants.services.members import add_member


def restore_owners(*, shop_id: int, emails: Collection[str], now: datetime) -> set[str]:
    """Let those owners in again who still have an account; return their addresses.

    Everybody else is for them to invite: somebody may have left for good before the shop was deleted.
    """
    found = active_user_ids(emails=emails)
    for email, user_id in sorted(found.items()):
        add_member(shop_id=shop_id, user_id=user_id, role=Role.OWNER, now=now)
        record_event(
            shop_id=shop_id,
            actor_id=None,
            kind=ShopEventKind.MEMBER_JOINED,
            subject=email,
            details={"role": Role.OWNER.value, "restored": True},
            now=now,
        )
    return set(found)
