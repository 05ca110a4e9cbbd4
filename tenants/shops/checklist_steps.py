"""The steps of a new shop's checklist that its staff must confirm."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from kit.db.roles import as_platform
from kit.errors import InvalidInputError
from kit.money import is_whole_enough
from kit.web.versions import Seen
from tenants.models import SetupStep, Shop
from tenants.shops.profile import update_profile
from tenants.shops.selectors import get_shop

DELIVERY, PREVIEW = "delivery", "preview"
RATE_FIELDS = ("shipping_minor",)


def finish_step(*, shop_id: int, step: str, actor_id: int | None, now: datetime) -> None:
    """Remember that a step is done; a second time changes nothing."""
    done = SetupStep(shop_id=shop_id, step=step, done_by_id=actor_id, done_at=now)
    with as_platform():
        SetupStep.objects.bulk_create([done], ignore_conflicts=True)


def set_delivery_rate(
    *, shop_id: int, shipping_minor: int, actor_id: int | None, now: datetime, seen: Seen = None
) -> Shop:
    """Set the price of a delivery; zero is a decision too.

    Args:
        seen: the `profile_version` of the rate that the decision was made from.

    Raises:
        ShopNotFoundError: there is no such shop.
        ChangedMeanwhileError: the rate is another one by now; nothing is changed.
        InvalidInputError: the shop's currency has no smaller unit, and the rate is not a whole amount.
    """
    with transaction.atomic():
        if not is_whole_enough(shipping_minor, get_shop(shop_id=shop_id).currency):
            message = gettext("This currency has no smaller unit. Give a whole amount.")
            raise InvalidInputError(message, details={"shipping_minor": [message]})
        shop = update_profile(
            shop_id=shop_id,
            actor_id=actor_id,
            now=now,
            seen=seen,
            seen_fields=RATE_FIELDS,
            shipping_minor=shipping_minor,
        )
        finish_step(shop_id=shop_id, step=DELIVERY, actor_id=actor_id, now=now)
    return shop
