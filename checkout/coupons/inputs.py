"""Values of a coupon as its maker gives them, and their rules."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from catalogue.discovery.selectors.categories import known_category_ids
from catalogue.selectors.products import product_titles
from checkout.models import Coupon, CouponKind
from checkout.models.coupons import ALL_BPS, CODE_PATTERN
from checkout.pricing.times import time_faults
from checkout.pricing.widening import widening_faults
from kit.errors import Fault, InvalidInputError
from kit.money import is_whole_enough
from tenants.models import Shop
from tenants.shops.selectors import shop_facts

MOST_USES = 1_000_000
MOST_NAMED = 500  # products, categories or shops of one coupon
LARGEST_MINOR = 10**14


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponInput:
    """A coupon as it should be.

    Args:
        currency: of a coupon of the platform; a shop's has the shop's.
        shops: ids, for a coupon of the platform.
    """

    code: str
    kind: CouponKind
    percent_bps: int | None = None
    amount_minor: int | None = None
    currency: str = ""
    minimum_minor: int = 0
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    uses_total: int | None = None
    uses_per_buyer: int | None = None
    is_first_order: bool = False
    is_public: bool = False
    is_paused: bool = False
    products: tuple[UUID, ...] = ()
    categories: tuple[int, ...] = ()
    shops: tuple[int, ...] = ()

    def columns(self) -> dict[str, Any]:
        """Return the values as columns of a row."""
        values = {name: getattr(self, name) for name in FIELDS}
        return values | {
            "products": sorted(str(each) for each in self.products),
            "categories": sorted(self.categories),
            "shops": sorted(self.shops),
        }


FIELDS = tuple(field.name for field in fields(CouponInput))


def input_of(coupon: Coupon) -> CouponInput:
    """Return a coupon's values as it has them."""
    values = {name: getattr(coupon, name) for name in FIELDS}
    lists = {
        "kind": CouponKind(coupon.kind),
        "products": tuple(UUID(each) for each in coupon.products),
        "categories": tuple(coupon.categories),
        "shops": tuple(coupon.shops),
    }
    return CouponInput(**values | lists)


def check_coupon(data: CouponInput, *, shop: Shop | None, used: int = 0, was: CouponInput | None = None) -> None:
    """Judge a coupon's values.

    Args:
        shop: None for a coupon of the platform.
        used: how often it was used already.
        was: the coupon before its change; what it names already may be gone meanwhile.

    Raises:
        InvalidInputError: some can't be; details say why by field.
    """
    faults: dict[str, list[str]] = {}
    for name, fault in (
        *_size_faults(data),
        *_money_faults(data),
        *time_faults(data, was),
        *_limit_faults(data, used),
        *_reach_faults(data, shop, was),
    ):
        faults.setdefault(name, []).append(fault)
    if faults:
        raise InvalidInputError(details=faults)


def _size_faults(data: CouponInput) -> Iterable[tuple[str, str]]:
    if not re.fullmatch(CODE_PATTERN, data.code):
        yield "code", gettext("Use 3 to 32 letters, digits, hyphens or underscores, such as SALE10.")
    if data.kind == CouponKind.PERCENT:
        if not 0 < (data.percent_bps or 0) <= ALL_BPS:
            yield "percent_bps", Fault(gettext("Give a percentage above 0 and up to 100."), "one_required")
    elif data.percent_bps is not None:
        yield "percent_bps", Fault(gettext("Only a percentage has one. Leave it out."), "either_or")
    if data.kind == CouponKind.FIXED:
        if not 0 < (data.amount_minor or 0) <= LARGEST_MINOR:
            yield "amount_minor", Fault(gettext("Give an amount above zero."), "one_required")
    elif data.amount_minor is not None:
        yield "amount_minor", Fault(gettext("Only a fixed amount has one. Leave it out."), "either_or")


def _money_faults(data: CouponInput) -> Iterable[tuple[str, str]]:
    if not 0 <= data.minimum_minor <= LARGEST_MINOR:
        yield "minimum_minor", gettext("Give an amount of zero or more.")
    if not data.currency and (data.kind == CouponKind.FIXED or data.minimum_minor):
        yield "currency", Fault(gettext("Say in which currency the amount is."), "one_required")
    for name in ("amount_minor", "minimum_minor"):
        if not is_whole_enough(getattr(data, name) or 0, data.currency):
            yield name, Fault(gettext("This currency has no smaller unit. Give a whole amount."), "no_smaller_unit")


def _limit_faults(data: CouponInput, used: int) -> Iterable[tuple[str, str]]:
    for name in ("uses_total", "uses_per_buyer"):
        value = getattr(data, name)
        if value is not None and not 0 < value <= MOST_USES:
            yield name, gettext("Give a number from 1 to 1,000,000, or leave it out.")
    if data.uses_total is not None and 0 < data.uses_total < used:
        words = gettext("It was used %(used)s times already. Give that number or more, or pause it.")
        yield "uses_total", Fault(words % {"used": used}, "below_used")


def _reach_faults(data: CouponInput, shop: Shop | None, was: CouponInput | None) -> Iterable[tuple[str, str]]:
    named = {name: getattr(data, name) for name in ("products", "categories", "shops")}
    too_many = [name for name, ids in named.items() if len(ids) > MOST_NAMED]
    if too_many:
        yield from ((name, gettext("Name at most %(most)s.") % {"most": MOST_NAMED}) for name in too_many)
        return
    new = {name: set(ids) - set(getattr(was, name, ())) for name, ids in named.items()}
    if new["categories"] - known_category_ids(new["categories"]):
        yield "categories", Fault(gettext("One of these categories is unknown."), "unknown_category")
    if new["products"] - _known_products(new["products"], shop):
        yield "products", Fault(gettext("One of these products is not in your shop."), "unknown_product")
    if new["shops"] - (_known_shops(new["shops"]) if shop is None else set()):
        yield "shops", Fault(gettext("One of these shops is unknown."), "unknown_shop")
    goods: dict[str, Callable[[Collection[Any]], Collection[Any]]] = {
        "products": partial(_known_products, shop=shop),
        "categories": known_category_ids,
    }
    yield from widening_faults(was, data, goods, field="products" if was and was.products else "categories")
    yield from widening_faults(was, data, {"shops": _known_shops}, field="shops")


def _known_products(ids: Collection[UUID], shop: Shop | None) -> set[UUID]:
    return set(product_titles(shop=shop, product_ids=ids)) if shop is not None else set()


def _known_shops(ids: Collection[int]) -> set[int]:
    return set(shop_facts(ids)) if ids else set()
