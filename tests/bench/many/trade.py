"""Shops that trade: each with an owner and goods, every second one with paid orders that its balance holds."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from accounts.models import User
from tenants.database.recycling import return_connection
from tenants.models import Membership, Role, Shop
from tests.bench import market, sales, shelves
from tests.world.clock import NOW

PRODUCTS = 3  # of each shop
AT_ONCE = 50
SELLING = 2  # every second shop has sold one of each


def open_trade(shops: Sequence[Shop], *, first: int) -> None:
    """Give shops owners, goods and sales, as services leave them.

    Args:
        first: the number of the first of these shops among all, so that no two sales have the same.
    """
    _give_owners(shops)
    shelves.stock_up(shops=shops, first=first * PRODUCTS, count=len(shops) * PRODUCTS, at_once=AT_ONCE)
    selling = {shop.pk: shop.schema_name for shop in shops[::SELLING]}
    goods = market.goods_of(selling)
    sales.prepare(goods)
    sales.fill(first * PRODUCTS, first * PRODUCTS + len(goods) - 1, return_connection=return_connection)


def _give_owners(shops: Sequence[Shop]) -> None:
    owners = [
        User(email=f"owner@{shop.slug}.example", name=f"Owner of {shop.slug}", password=UNUSABLE_PASSWORD_PREFIX)
        for shop in shops
    ]
    User.objects.bulk_create(owners, batch_size=1_000)
    Membership.objects.bulk_create(
        [
            Membership(user=owner, shop=shop, role=Role.OWNER, created_at=NOW)
            for owner, shop in zip(owners, shops, strict=True)
        ],
        batch_size=1_000,
    )
