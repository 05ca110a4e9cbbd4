"""One demo shop on holiday and one suspended, after the orders that they still have to send."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from accounts.models import User
from console.services.shops import suspend_shop
from demo.accounts import OPERATOR
from tenants.life.transitions import market_day, start_holiday
from tenants.models import Shop

AWAY, AWAY_FOR = "little-baraza", timedelta(days=12)
AWAY_NOTE = "We are at the toy makers' fair in Nairobi and send everything when we are back."
SUSPENDED = "shea-and-clay"
SUSPENDED_FOR = "Three buyers report jars that leak. Send us photos of the new lids."


def load_shop_statuses(people: Mapping[str, User], shops: Mapping[str, Shop], *, now: datetime) -> None:
    """Send a shop on holiday and suspend another, as their owner and an operator would."""
    away = shops[AWAY]
    owner = away.memberships.order_by("pk").first()
    start_holiday(
        shop_id=away.pk,
        actor_id=owner.user_id if owner else None,
        note=AWAY_NOTE,
        returns_on=market_day(now) + AWAY_FOR,
        now=now,
    )
    suspend_shop(shop_id=shops[SUSPENDED].pk, actor_id=people[OPERATOR.email].pk, reason=SUSPENDED_FOR, now=now)
