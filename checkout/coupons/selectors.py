"""Looking coupons up: for their makers, and those that are shown to everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from checkout.coupons.inputs import FIELDS
from checkout.errors import CouponNotFoundError
from checkout.models import Coupon
from kit.web.versions import version_of
from tenants.models import ShopStatus


@dataclass(frozen=True, slots=True)
class FoundCoupons:
    """Some rows of a list of coupons, and how many there are in all."""

    coupons: Sequence[Coupon]
    count: int


def _kept(shop_id: int | None) -> QuerySet[Coupon]:
    own = Q(shop__isnull=True) if shop_id is None else Q(shop_id=shop_id)
    return Coupon.objects.filter(own, deleted_at=None)


def coupons_kept(*, shop_id: int | None, search: str = "", offset: int = 0, limit: int = 25) -> FoundCoupons:
    """Return the coupons of a shop, or of the platform, newest first; codes of one batch are one row, its first code.

    Args:
        search: a part of a code; a code of a batch leads to its batch.
    """
    found = _kept(shop_id).filter(Q(batch_id=None) | Q(batch_id=F("id")))
    if search:
        batches = _kept(shop_id).filter(code__contains=search.upper(), batch_id__isnull=False).values("batch_id")
        found = found.filter(Q(code__contains=search.upper()) | Q(pk__in=batches))
    return FoundCoupons(list(found.order_by("-id")[offset : offset + limit]), found.count())


def get_coupon(*, shop_id: int | None, coupon_id: UUID) -> Coupon:
    """Return a coupon of a shop, or of the platform.

    Raises:
        CouponNotFoundError: there is none.
    """
    found = _kept(shop_id).filter(pk=coupon_id).first()
    if found is None:
        raise CouponNotFoundError
    return found


def lock_coupons(*, shop_id: int | None, coupon_id: UUID) -> list[Coupon]:
    """Lock a coupon, with all codes of its batch if it has one, in primary-key order; needs an open transaction.

    Raises:
        CouponNotFoundError: there is none.
    """
    one = _kept(shop_id).filter(Q(pk=coupon_id) | Q(batch_id=coupon_id))
    found = list(one.select_for_update(no_key=True).order_by("pk"))
    if not any(each.pk == coupon_id for each in found):
        raise CouponNotFoundError
    return found


def codes_of_batch(*, shop_id: int | None, batch_id: UUID) -> list[Coupon]:
    """Return the codes that were made together.

    Raises:
        CouponNotFoundError: there are none.
    """
    found = list(_kept(shop_id).filter(batch_id=batch_id).order_by("pk"))
    if not found:
        raise CouponNotFoundError
    return found


def public_coupons(*, now: datetime, shop_slug: str = "") -> QuerySet[Coupon]:
    """Return the query for the coupons that are shown to everybody and count now; those of shops that sell alone.

    Args:
        shop_slug: of this shop alone.
    """
    begun = Q(starts_at=None) | Q(starts_at__lte=now)
    going_on = Q(ends_at=None) | Q(ends_at__gt=now)
    left = Q(uses_total=None) | Q(used__lt=F("uses_total"))
    selling = Q(shop=None) | Q(shop__status=ShopStatus.LIVE)
    found = Coupon.objects.filter(begun, going_on, left, selling, is_public=True, is_paused=False, deleted_at=None)
    if shop_slug:
        found = found.filter(shop__slug=shop_slug)
    return found.select_related("shop")


def coupon_version(coupon: Coupon) -> str:
    """Return the version of what a change of a coupon replaces; of its uses not, which every order moves."""
    return version_of({name: getattr(coupon, name) for name in FIELDS})
