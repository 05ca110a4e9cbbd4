"""Making, changing and deleting coupons of a shop, or of the platform where no shop is named."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from checkout.coupons.inputs import CouponInput, check_coupon, input_of
from checkout.coupons.selectors import coupon_version, get_coupon, lock_coupons
from checkout.errors import CouponCodeTakenError
from checkout.models import Coupon
from kit.errors import InvalidInputError
from kit.ids import uuid7
from kit.web.versions import Seen, check_version
from tenants.models import Shop, ShopEventKind
from tenants.shops.audit_trail import record_event

MOST_CODES = 5_000
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that reads like another
RANDOM_LENGTH = 10
LONGEST_PREFIX = 20
OF_ONE_CODE = frozenset({"code", "uses_total"})  # values that the codes of a batch do not share


def create_coupon(*, shop: Shop | None, data: CouponInput, actor_id: int | None, now: datetime) -> Coupon:
    """Make a coupon.

    Raises:
        InvalidInputError: some value can't be; details say why by field.
        CouponCodeTakenError: there is a coupon of this code.
    """
    data = _of_shop(data, shop)
    check_coupon(data, shop=shop)
    coupon = Coupon(shop=shop, created_at=now, **data.columns())
    with transaction.atomic():
        _write([coupon])
        _record(ShopEventKind.COUPON_MADE, shop, coupon.code, actor_id, now)
    return coupon


def create_codes(
    *, shop: Shop | None, data: CouponInput, count: int, prefix: str, actor_id: int | None, now: datetime
) -> list[Coupon]:
    """Make many codes for one use each, which are kept together; the first stands for all in lists.

    Args:
        data: what they have in common; its code and limit count for nothing.

    Raises:
        InvalidInputError: some value can't be; details say why by field.
    """
    if not 1 <= count <= MOST_CODES:
        words = gettext("Create 1 to %(most)s codes at once.")
        raise InvalidInputError(details={"count": [words % {"most": f"{MOST_CODES:,}"}]})
    if len(prefix) > LONGEST_PREFIX:
        words = gettext("Keep it within %(most)s characters.")
        raise InvalidInputError(details={"code": [words % {"most": LONGEST_PREFIX}]})
    shared = _of_shop(replace(data, code=_random_code(prefix), uses_total=1, is_public=False), shop)
    check_coupon(shared, shop=shop)
    batch_id = uuid7()
    ids = [batch_id, *(uuid7() for _ in range(count - 1))]
    coupons = [
        Coupon(
            id=each, shop=shop, batch_id=batch_id, created_at=now, **shared.columns() | {"code": _random_code(prefix)}
        )
        for each in ids
    ]
    with transaction.atomic():
        _write(coupons)
        _record(ShopEventKind.COUPON_MADE, shop, f"{coupons[0].code} + {count - 1}", actor_id, now)
    return coupons


def change_coupon(
    *,
    shop: Shop | None,
    coupon_id: UUID,
    changes: Mapping[str, Any],
    actor_id: int | None,
    now: datetime,
    seen: Seen = None,
) -> Coupon:
    """Change some values of a coupon, or of all codes of its batch; orders that were placed with it stay as they are.

    Args:
        changes: fields of `CouponInput` by name.
        seen: the `coupon_version` that the change was made from.

    Raises:
        CouponNotFoundError: there is none.
        InvalidInputError: some value can't be; details say why by field.
        CouponCodeTakenError: there is another coupon of this code.
        ChangedMeanwhileError: it was changed meanwhile; nothing is written.
    """
    with transaction.atomic():
        locked = lock_coupons(shop_id=shop.pk if shop else None, coupon_id=coupon_id)
        coupon = next(each for each in locked if each.pk == coupon_id)
        check_version(seen=seen, current=coupon_version(coupon))
        if coupon.batch_id is not None:
            changes = {name: value for name, value in changes.items() if name not in OF_ONE_CODE}
        was = input_of(coupon)
        wanted = _of_shop(replace(was, **changes), shop)
        check_coupon(wanted, shop=shop, used=coupon.used, was=was)
        columns = {name: value for name, value in wanted.columns().items() if name in {*changes, "currency"}}
        _update(locked, columns)
        _record(ShopEventKind.COUPON_CHANGED, shop, coupon.code, actor_id, now)
    return get_coupon(shop_id=shop.pk if shop else None, coupon_id=coupon_id)


def delete_coupon(
    *, shop: Shop | None, coupon_id: UUID, actor_id: int | None, now: datetime, seen: Seen = None
) -> None:
    """Delete a coupon, or all codes of its batch; it can't be used any more, and its code is free again.

    Args:
        seen: the `coupon_version` that it may be deleted in; None: any version.

    Raises:
        CouponNotFoundError: there is none.
        ChangedMeanwhileError: it was changed meanwhile; nothing is deleted.
    """
    with transaction.atomic():
        locked = lock_coupons(shop_id=shop.pk if shop else None, coupon_id=coupon_id)
        coupon = next(each for each in locked if each.pk == coupon_id)
        check_version(seen=seen, current=coupon_version(coupon))
        Coupon.objects.filter(pk__in=[each.pk for each in locked]).update(deleted_at=now)
        _record(ShopEventKind.COUPON_DELETED, shop, coupon.code, actor_id, now)


def _of_shop(data: CouponInput, shop: Shop | None) -> CouponInput:
    """Give a shop's coupon the shop's currency; the platform's keeps one only where it has an amount."""
    return replace(data, currency=shop.currency) if shop is not None else data


def _write(coupons: list[Coupon]) -> None:
    try:
        with transaction.atomic():
            Coupon.objects.bulk_create(coupons)
    except IntegrityError as error:
        _refuse_taken(error)


def _update(locked: list[Coupon], columns: dict[str, Any]) -> None:
    try:
        with transaction.atomic():
            Coupon.objects.filter(pk__in=[each.pk for each in locked]).update(**columns)
    except IntegrityError as error:
        _refuse_taken(error)


def _refuse_taken(error: IntegrityError) -> None:
    if "coupon_code_once" not in str(error):
        raise error
    message = gettext("You already have a coupon with this code. Choose another code.")
    raise CouponCodeTakenError(message, details={"code": [message]}) from error


def _random_code(prefix: str) -> str:
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))


def _record(kind: ShopEventKind, shop: Shop | None, code: str, actor_id: int | None, now: datetime) -> None:
    """Write an entry in a shop's trail; acts upon the platform's coupons are in the operators' log."""
    if shop is not None:
        record_event(shop_id=shop.pk, actor_id=actor_id, kind=kind, subject=code, now=now)
