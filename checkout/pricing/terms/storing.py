"""Store a shop's terms of sale, in the transaction of the service that has changed the shop's own tables."""

from datetime import datetime
from typing import Any

from catalogue.discovery.services.versions import bump_shop
from checkout.models import ShopTerms
from tenants.shops.terms import raise_terms_version


def store_terms(*, shop_id: int, now: datetime, **sections: Any) -> int:
    """Store sections of a shop's terms as a new version, and return its number; needs an open transaction.

    The shop's row is locked by this: a service that also changes the shop's own tables locks it first
    (docs/locking.md), so that what is compiled is what the tables say when both are committed. Cached lists of
    listings, which show prices of offers, are made anew after the commit.

    Args:
        sections: new values of columns of `ShopTerms`, as JSON; the others stay as they are.

    Raises:
        ShopNotFoundError: there is no such shop.
    """
    version = raise_terms_version(shop_id=shop_id, now=now)
    ShopTerms.objects.update_or_create(shop_id=shop_id, defaults={"version": version, **sections})
    bump_shop(shop_id)
    return version
