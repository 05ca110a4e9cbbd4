"""Days within which a line can be sent back: those of its category, if any are set, else the shop's."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from catalogue.discovery.selectors.categories import category_tree
from catalogue.discovery.selectors.listing_categories import categories_of
from checkout.fulfilment.status import PartStatus
from checkout.models import Return, ReturnTerms, SubOrder
from checkout.models.returns import FREES_UNITS
from kit.db.roles import as_platform


@dataclass(frozen=True, slots=True)
class ReturnableLine:
    """Units of a line that can be sent back, and until when they may be asked for."""

    units: int
    until: datetime


def market_days(slug: str = "") -> int | None:
    """Return the market's days, or those that it sets for a category, if any."""
    by_category: Mapping[str, int] = settings.RETURN_DAYS_BY_CATEGORY
    return by_category.get(slug) if slug else settings.RETURN_DAYS


def terms_of_shop(*, shop_id: int) -> ReturnTerms | None:
    """Return a shop's own days, if it has set any."""
    return ReturnTerms.objects.filter(shop_id=shop_id).first()


@as_platform()  # the market's categories and the order's parts
def return_days(*, shop_id: int, product_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return the days of each product: its nearest category's that has some, the shop's word before the market's."""
    terms = terms_of_shop(shop_id=shop_id)
    of_shop: Mapping[str, int] = terms.categories if terms else {}
    usual = terms.days if terms and terms.days is not None else settings.RETURN_DAYS
    categories = categories_of(product_ids=product_ids)
    return {product_id: _days(categories.get(product_id), of_shop, usual) for product_id in product_ids}


def returnable_lines(part: SubOrder, *, now: datetime) -> dict[UUID, ReturnableLine]:
    """Return the lines of a part that can be sent back now; none before it was delivered."""
    delivered_at = part.times.get(PartStatus.DELIVERED)
    if part.status != PartStatus.DELIVERED or delivered_at is None:
        return {}
    asked = units_asked(part)
    days = return_days(shop_id=part.shop_id, product_ids={UUID(line["product_id"]) for line in part.lines})
    found = {}
    for line in part.counted_lines:
        until = delivered_at + timedelta(days=days[UUID(line["product_id"])])
        units = line["paid"] - asked.get(line["variant_id"], 0)
        if units > 0 and now <= until:
            found[UUID(line["variant_id"])] = ReturnableLine(units, until)
    return found


def units_asked(part: SubOrder) -> dict[str, int]:
    """Return the units of each line for which a return was asked, and whose money has not gone back."""
    asked: dict[str, int] = {}
    for lines in Return.objects.filter(sub_order=part).exclude(status__in=FREES_UNITS).values_list("lines", flat=True):
        for key, count in lines.items():
            asked[key] = asked.get(key, 0) + count
    return asked


def _days(category_id: int | None, of_shop: Mapping[str, int], usual: int) -> int:
    for node in reversed(category_tree().path_to(category_id)):
        days = of_shop.get(node.slug, market_days(node.slug))
        if days is not None:
            return days
    return usual
