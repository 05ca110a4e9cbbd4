"""Change a shop's public face."""

from functools import partial
from typing import Any

from django.db import connection, transaction

from tenants import host_cache
from tenants.hosts import shop_host
from tenants.models import Domain, Shop
from tenants.selectors import lock_shop

PROFILE = frozenset(
    {
        "name",
        "tagline",
        "description",
        "city",
        "country",
        "banner",
        "logo",
        "shipping_minor",
        "delivery_policy",
        "returns_policy",
        "contact_email",
        "contact_phone",
    }
)


def update_profile(*, shop_id: int, **changes: Any) -> Shop:
    """Change what a shop says of itself: columns among `PROFILE`, with their new values.

    Raises:
        ShopNotFoundError: there is no such shop.
        ValueError: a column is not part of the profile.
    """
    if unknown := changes.keys() - PROFILE:
        raise ValueError(f"Not part of a shop's profile: {', '.join(sorted(unknown))}.")
    return _change(shop_id, changes)


def set_commission(*, shop_id: int, commission_bps: int | None) -> Shop:
    """Give a shop a commission of its own (basis points of the items), or the platform's again.

    Raises:
        ShopNotFoundError: there is no such shop.
    """
    return _change(shop_id, {"commission_bps": commission_bps})


def forget_hosts(*, shop_id: int, slug: str) -> None:
    """Have every process look up a shop's hosts anew: in this transaction now, for everybody after its commit."""
    custom = Domain.objects.filter(tenant_id=shop_id).order_by("domain").values_list("domain", flat=True)
    hosts = {shop_host(slug), *custom}
    host_cache.forget(*hosts)
    if connection.in_atomic_block:
        transaction.on_commit(partial(host_cache.forget, *hosts))


def _change(shop_id: int, changes: dict[str, Any]) -> Shop:
    with transaction.atomic():
        shop = lock_shop(shop_id=shop_id)
        Shop.objects.filter(pk=shop_id).update(**changes)
        forget_hosts(shop_id=shop.pk, slug=shop.slug)
    return Shop.objects.get(pk=shop_id)
