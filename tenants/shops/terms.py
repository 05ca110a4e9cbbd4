"""Version of a shop's terms of sale: checkout keeps the terms, the shop's row says which version holds."""

from datetime import datetime

from tenants.models import Shop
from tenants.shops.selectors import lock_shop


def raise_terms_version(*, shop_id: int, now: datetime) -> int:
    """Give a shop's terms a version that they never had, and return it; needs an open transaction.

    It counts microseconds rather than changes: a number whose transaction was rolled back is not given again, so that
    processes may remember terms by it.

    Raises:
        ShopNotFoundError: there is no such shop.
    """
    shop = lock_shop(shop_id=shop_id)
    version = max(shop.terms_version + 1, int(now.timestamp() * 1_000_000))
    Shop.objects.filter(pk=shop_id).update(terms_version=version)
    return version
