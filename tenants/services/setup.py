"""The steps of a new shop's checklist that only a word of its staff can finish."""

from datetime import datetime

from django.db import transaction

from kit.db.roles import as_platform
from tenants.models import SetupStep, Shop
from tenants.services.shops import update_profile

DELIVERY, PREVIEW = "delivery", "preview"


def finish_step(*, shop_id: int, step: str, actor_id: int | None, now: datetime) -> None:
    """Remember that a step is done; a second time changes nothing."""
    done = SetupStep(shop_id=shop_id, step=step, done_by_id=actor_id, done_at=now)
    with as_platform():
        SetupStep.objects.bulk_create([done], ignore_conflicts=True)


def set_delivery_rate(*, shop_id: int, shipping_minor: int, actor_id: int | None, now: datetime) -> Shop:
    """Decide what a delivery costs; zero is a decision too.

    Raises:
        ShopNotFoundError: there is no such shop.
    """
    with transaction.atomic():
        shop = update_profile(shop_id=shop_id, actor_id=actor_id, now=now, shipping_minor=shipping_minor)
        finish_step(shop_id=shop_id, step=DELIVERY, actor_id=actor_id, now=now)
    return shop
