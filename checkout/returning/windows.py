"""Days within which a line can be sent back: those of its category, if any are set, else the shop's."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from catalogue.discovery.selectors.categories import category_tree
from catalogue.discovery.selectors.listing_categories import categories_of
from checkout.fulfilment.status import SOLD, PartStatus
from checkout.models import Return, ReturnStatus, ReturnTerms, SubOrder
from checkout.models.returns import FREES_UNITS
from kit.db.roles import as_platform

Arrived = Mapping[UUID, tuple[int, datetime]]  # units of each line and the time, by variant


@dataclass(frozen=True, slots=True)
class ReturnableLine:
    """Units of a line that can be sent back, and until when they may be asked for."""

    units: int
    until: datetime


@dataclass(frozen=True, slots=True)
class UnitsAsked:
    """Units of each line of a part for which returns were asked, by variant.

    Args:
        open: of returns whose money has not gone back yet.
        sent_back: of all that were not withdrawn.
    """

    open: Counter[str] = field(default_factory=Counter)
    sent_back: Counter[str] = field(default_factory=Counter)


def market_days(slug: str = "") -> int | None:
    """Return the market's days, or those that it sets for a category, if any."""
    by_category: Mapping[str, int] = settings.RETURN_DAYS_BY_CATEGORY
    return by_category.get(slug) if slug else settings.RETURN_DAYS


def terms_of_shop(*, shop_id: int) -> ReturnTerms | None:
    """Return a shop's own days, if it has set any."""
    return ReturnTerms.objects.filter(shop_id=shop_id).first()


def returnable_lines(part: SubOrder, *, now: datetime) -> dict[UUID, ReturnableLine]:
    """Return the lines of a part that can be sent back now; none before any of it has arrived."""
    return returnable_lines_of([part], now=now).get(part.pk, {})


@as_platform()  # the market's categories and the order's parts
def returnable_lines_of(parts: Iterable[SubOrder], *, now: datetime) -> dict[UUID, dict[UUID, ReturnableLine]]:
    """Return the lines of each part that can be sent back now, in three statements at most; parts without any are out.

    Of a part that has arrived in part these are the units in the parcels that have arrived.
    """
    arrived = [(part, units) for part in parts if (units := _arrived(part))]
    if not arrived:
        return {}
    days = _days_by_part([part for part, _ in arrived])
    asked = _units_asked([part.pk for part, _ in arrived])
    found = {part.pk: dict(_lines(part, units, asked[part.pk], days[part.pk], now)) for part, units in arrived}
    return {part_id: lines for part_id, lines in found.items() if lines}


def _arrived(part: SubOrder) -> Arrived:
    """Return the units of each line that have arrived, and when the last of them did."""
    delivered_at = part.times.get(PartStatus.DELIVERED)
    if part.status == PartStatus.DELIVERED and delivered_at is not None:
        return {UUID(line["variant_id"]): (line["left"], delivered_at) for line in part.counted_lines}
    found: dict[UUID, tuple[int, datetime]] = {}
    for parcel in part.sent_parcels if part.status in SOLD else ():
        if parcel.delivered_at is not None:
            for key, count in parcel.lines.items():
                before, at = found.get(key, (0, parcel.delivered_at))
                found[key] = before + count, max(at, parcel.delivered_at)
    return found


def _lines(
    part: SubOrder, arrived: Arrived, asked: UnitsAsked, days: Mapping[UUID, int], now: datetime
) -> Iterator[tuple[UUID, ReturnableLine]]:
    for line in part.counted_lines:
        key = UUID(line["variant_id"])
        units, at = arrived.get(key, (0, now))
        until = at + timedelta(days=days[UUID(line["product_id"])])
        left = min(line["paid"] - asked.open[line["variant_id"]], units - asked.sent_back[line["variant_id"]])
        if left > 0 and now <= until:
            yield key, ReturnableLine(left, until)


def _units_asked(part_ids: Collection[UUID]) -> defaultdict[UUID, UnitsAsked]:
    found: defaultdict[UUID, UnitsAsked] = defaultdict(UnitsAsked)
    returns = Return.objects.filter(sub_order__in=part_ids).exclude(status=ReturnStatus.CANCELLED).order_by()
    for part_id, status, lines in returns.values_list("sub_order_id", "status", "lines"):
        found[part_id].sent_back.update(lines)
        if status not in FREES_UNITS:
            found[part_id].open.update(lines)
    return found


def _days_by_part(parts: Collection[SubOrder]) -> dict[UUID, dict[UUID, int]]:
    """Return the days of each product in each part."""
    products = {part.pk: {UUID(line["product_id"]) for line in part.lines} for part in parts}
    categories = categories_of(product_ids=set().union(*products.values()))
    terms = {each.shop_id: each for each in ReturnTerms.objects.filter(shop_id__in={part.shop_id for part in parts})}
    return {part.pk: _days_of(terms.get(part.shop_id), products[part.pk], categories) for part in parts}


def _days_of(
    terms: ReturnTerms | None, product_ids: Collection[UUID], categories: Mapping[UUID, int]
) -> dict[UUID, int]:
    of_shop: Mapping[str, int] = terms.categories if terms else {}
    usual = terms.days if terms and terms.days is not None else settings.RETURN_DAYS
    return {product_id: _days(categories.get(product_id), of_shop, usual) for product_id in product_ids}


def _days(category_id: int | None, of_shop: Mapping[str, int], usual: int) -> int:
    for node in reversed(category_tree().path_to(category_id)):
        days = of_shop.get(node.slug, market_days(node.slug))
        if days is not None:
            return days
    return usual
