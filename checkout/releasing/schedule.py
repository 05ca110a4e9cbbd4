"""Schedule the release of a part that has arrived, with the days of its lines' categories."""

from uuid import UUID

from django.conf import settings

from catalogue.discovery.selectors.categories import category_tree
from catalogue.discovery.selectors.listing_categories import categories_of
from checkout.fulfilment.status import PartStatus
from checkout.models import SubOrder
from kit.db.roles import as_platform
from payouts.release.schedules import EarnedPart, schedule_release
from payouts.release.terms import hold_days


def earned(part: SubOrder) -> EarnedPart:
    """Return a part as its release knows it."""
    return EarnedPart(part.pk, part.shop_id, part.number, part.currency)


@as_platform()  # the market's categories
def schedule_part(part: SubOrder) -> None:
    """Write when the money of a delivered part is released; nothing where it is written. Its order is locked."""
    delivered_at = part.times[PartStatus.DELIVERED]
    days = hold_days(shop_id=part.shop_id, category_paths=_category_paths(part), delivered_at=delivered_at)
    schedule_release(part=earned(part), delivered_at=delivered_at, hold_days=days)


def _category_paths(part: SubOrder) -> list[list[str]]:
    """Return the categories of each line from the root down; none are looked up where none has days of its own."""
    if not settings.PAYOUT_HOLD_DAYS_BY_CATEGORY:
        return []
    product_ids = {UUID(line["product_id"]) for line in part.lines}
    tree = category_tree()
    return [[node.slug for node in tree.path_to(each)] for each in categories_of(product_ids=product_ids).values()]
