"""Listings below a category that has changed, written anew in turns."""

from datetime import datetime
from itertools import groupby
from operator import itemgetter

from catalogue.discovery.events import CategoryChanged
from catalogue.discovery.models import Listing
from catalogue.discovery.selectors.categories import descendant_ids
from catalogue.discovery.services.projection import project_products
from kit.work import outbox

AT_ONCE = 500


def follow_category(changed: CategoryChanged, now: datetime) -> None:
    """Write the next listings below a category anew, with its name and ancestors; the rest waits for another turn."""
    below = Listing.objects.filter(category_id__in=descendant_ids(changed.category_id))
    here = below.filter(shop_id__gt=changed.after_shop)
    if changed.after_listing is not None:
        here |= below.filter(shop_id=changed.after_shop, id__gt=changed.after_listing)
    found = list(here.order_by("shop_id", "id").values_list("shop_id", "id")[:AT_ONCE])
    for shop_id, group in groupby(found, itemgetter(0)):
        project_products(shop_id=shop_id, product_ids=[listing_id for _, listing_id in group])
    if len(found) == AT_ONCE:
        outbox.emit(CategoryChanged(changed.category_id, *found[-1]), now=now)
