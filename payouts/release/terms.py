"""Terms of release: the days between delivery and release, and the share that is kept as a reserve."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from kit.db.roles import as_platform
from kit.errors import InvalidInputError
from kit.web.versions import Seen, check_version, version_of
from payouts.models import ReleaseSchedule, ReleaseTerms
from tenants.models import Shop
from tenants.shops.selectors import lock_shop

MOST_HOLD_DAYS, MOST_RESERVE_DAYS, ALL_BPS = 365, 730, 10_000


@dataclass(frozen=True, slots=True)
class OwnTerms:
    """Terms of a shop's own; where one is None, the market's hold."""

    hold_days: int | None = None
    reserve_bps: int | None = None
    reserve_days: int | None = None

    @property
    def version(self) -> str:
        """Return the version of the terms."""
        return version_of(self.as_json())

    def as_json(self) -> dict[str, int | None]:
        """Return the terms by name."""
        return {"hold_days": self.hold_days, "reserve_bps": self.reserve_bps, "reserve_days": self.reserve_days}


@dataclass(frozen=True, slots=True)
class ReserveTerms:
    """Share of what is released that is kept, and for how many days."""

    bps: int
    days: int

    def share_of(self, amount_minor: int) -> int:
        """Return the share of an amount that is kept; the fraction is the shop's."""
        return amount_minor * self.bps // ALL_BPS


def own_terms(*, shop_id: int) -> OwnTerms:
    """Return a shop's own terms."""
    found = ReleaseTerms.objects.filter(shop_id=shop_id).first()
    return OwnTerms(found.hold_days, found.reserve_bps, found.reserve_days) if found else OwnTerms()


def market_terms() -> OwnTerms:
    """Return the terms of shops that have none of their own."""
    return OwnTerms(settings.PAYOUT_HOLD_DAYS, settings.PAYOUT_RESERVE_BPS, settings.PAYOUT_RESERVE_DAYS)


def reserve_terms(*, shop_id: int) -> ReserveTerms:
    """Return the reserve of a shop: its own, or the market's."""
    own = own_terms(shop_id=shop_id)
    return ReserveTerms(
        settings.PAYOUT_RESERVE_BPS if own.reserve_bps is None else own.reserve_bps,
        settings.PAYOUT_RESERVE_DAYS if own.reserve_days is None else own.reserve_days,
    )


@as_platform()  # the shop's own orders count, and no shop's role says how long its money waits
def hold_days(*, shop_id: int, category_paths: Iterable[Sequence[str]], delivered_at: datetime) -> int:
    """Return the days between a sub-order's delivery and its release: the longest that apply to it.

    These are the shop's own days, else the market's, with those for new shops; and of each line the days of its nearest
    category that has some.

    Args:
        category_paths: of each line, the slugs of its categories from the root down.
    """
    own = own_terms(shop_id=shop_id).hold_days
    base = own
    if base is None:
        is_new = _is_new(shop_id, delivered_at)
        base = max(settings.PAYOUT_HOLD_DAYS, settings.PAYOUT_NEW_SHOP_HOLD_DAYS if is_new else 0)
    by_category: Mapping[str, int] = settings.PAYOUT_HOLD_DAYS_BY_CATEGORY
    return max([base, *(_days_of(path, by_category) for path in category_paths)])


def change_terms(
    *, shop_id: int, terms: OwnTerms, actor_id: int, now: datetime, seen: Seen = None
) -> tuple[OwnTerms, OwnTerms]:
    """Set a shop's own terms; return those before and those now.

    The days hold for what is delivered from now on, the reserve for what is released from now on.

    Raises:
        ShopNotFoundError: there is no such shop.
        InvalidInputError: a figure is out of its range; nothing is changed.
        ChangedMeanwhileError: they were changed meanwhile; nothing is changed.
    """
    _check(terms)
    with transaction.atomic():
        lock_shop(shop_id=shop_id)
        before = own_terms(shop_id=shop_id)
        check_version(seen=seen, current=before.version)
        if before != terms:
            ReleaseTerms.objects.update_or_create(
                shop_id=shop_id,
                defaults={
                    "hold_days": terms.hold_days,
                    "reserve_bps": terms.reserve_bps,
                    "reserve_days": terms.reserve_days,
                    "changed_by_id": actor_id,
                    "changed_at": now,
                },
            )
    return before, terms


def _is_new(shop_id: int, at: datetime) -> bool:
    """Return whether a shop is in its first days, or in its first orders."""
    created_at = Shop.objects.values_list("created_at", flat=True).get(pk=shop_id)
    if at < created_at + timedelta(days=settings.PAYOUT_NEW_SHOP_DAYS):
        return True
    delivered = ReleaseSchedule.objects.filter(shop_id=shop_id, delivered_at__isnull=False)
    most: int = settings.PAYOUT_NEW_SHOP_ORDERS
    return most > 0 and len(delivered.order_by("-sub_order_id").values_list("pk")[:most]) < most


def _days_of(path: Sequence[str], by_category: Mapping[str, int]) -> int:
    return next((by_category[slug] for slug in reversed(path) if slug in by_category), 0)


def _check(terms: OwnTerms) -> None:
    faults: dict[str, list[str]] = {}
    if terms.hold_days is not None and not 0 <= terms.hold_days <= MOST_HOLD_DAYS:
        faults["hold_days"] = [gettext("Give from 0 to 365 days.")]
    if terms.reserve_bps is not None and not 0 <= terms.reserve_bps <= ALL_BPS:
        faults["reserve_bps"] = [gettext("Give a share from 0 to 100 %.")]
    if terms.reserve_days is not None and not 1 <= terms.reserve_days <= MOST_RESERVE_DAYS:
        faults["reserve_days"] = [gettext("Give from 1 to 730 days.")]
    if faults:
        raise InvalidInputError(next(iter(faults.values()))[0], details=faults)
