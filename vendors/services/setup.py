"""Opening the shop, once everything is there."""

from datetime import datetime

from django.db import transaction

from accounts.services.languages import speaking_to
from catalogue.models import ProductStatus
from catalogue.selectors.products import status_counts
from kit.web.hosts import platform_url
from notifications.services import queue_email
from tenants.life.transitions import open_shop
from tenants.models import Role, Shop, ShopStatus
from tenants.shops.checklist_steps import PREVIEW, finish_step
from tenants.shops.selectors import lock_shop, members_of
from vendors.errors import PreviewEmptyError, SetupIncompleteError
from vendors.selectors.setup import missing_steps


def confirm_preview(*, shop: Shop, actor_id: int, now: datetime) -> None:
    """Record that the shop's preview was looked at and is right.

    Raises:
        PreviewEmptyError: no product is on sale, so there is nothing to look at; nothing is changed.
    """
    if not status_counts(shop=shop)[ProductStatus.ACTIVE]:
        raise PreviewEmptyError
    finish_step(shop_id=shop.pk, step=PREVIEW, actor_id=actor_id, now=now)


def go_live(*, shop_id: int, actor_id: int, now: datetime) -> Shop:
    """Open a shop whose checklist is done, and notify its owners.

    Raises:
        ShopNotFoundError: there is no such shop.
        ShopStatusError: it is not a draft.
        SetupIncompleteError: steps are missing; `details` names them. Nothing is changed.
    """
    with transaction.atomic():
        shop = lock_shop(shop_id=shop_id)
        if shop.status == ShopStatus.DRAFT and (missing := missing_steps(shop=shop)):
            raise SetupIncompleteError(details=missing)
        opened = open_shop(shop_id=shop_id, actor_id=actor_id, now=now)
        for member in members_of(shop_id=shop_id):
            if member.role == Role.OWNER:
                with speaking_to(user_id=member.user_id):
                    queue_email(
                        to=member.user.email,
                        template="shop_live",
                        context={
                            "name": member.user.name,
                            "shop": opened,
                            "link": platform_url(f"/shops/{opened.slug}/"),
                        },
                        user_id=member.user_id,
                        dedup_key=f"shop-live:{opened.pk}:{member.user_id}:{now.isoformat()}",
                        now=now,
                    )
    return opened
