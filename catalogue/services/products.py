"""A shop's products: create, change, archive, delete; each change reaches the market in the same transaction."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from catalogue.discovery.selectors.categories import known_category_ids
from catalogue.discovery.services.projection import project_products, remove_listing
from catalogue.errors import SkuTakenError
from catalogue.models import Product, ProductStatus, Variant
from catalogue.selectors.locks import lock_product
from catalogue.selectors.products import get_product, product_version
from catalogue.services import rows
from catalogue.services.editing import editing_goods
from catalogue.services.inputs import ProductInput, input_of
from catalogue.services.validation import check_product
from catalogue.services.variants import replace_variants
from kit.errors import InvalidInputError
from kit.text.rules import spelled_line
from kit.text.sentences import with_one_stop
from kit.web.versions import Seen, check_version
from tenants.shops.locks import ShopState

if TYPE_CHECKING:
    from tenants.models import Shop

BATCH = 500
SKU_CONSTRAINT = "variant_sku_once"
TAKEN_SKU = re.compile(r"\(sku\)=\((.*)\) already exists")  # PostgreSQL's own words, in the C locale or English


def create_product(*, shop: "Shop", data: ProductInput, now: datetime) -> Product:
    """Create a product with its variants, opening stock and pictures.

    Raises:
        InvalidInputError: the product cannot be sold so; `details` has the reasons per field.
        SkuTakenError: an active variant of the shop has one of the SKUs.
    """
    return create_products(shop=shop, products=[data], now=now)[0]


def create_products(*, shop: "Shop", products: Sequence[ProductInput], now: datetime) -> list[Product]:
    """Create many products, all or none, with the same dozen statements per 500 of them.

    Raises:
        InvalidInputError: one of them cannot be sold; with several given, `details` is keyed by their index.
        SkuTakenError: a SKU comes twice, or an active variant of the shop has it.
    """
    _check_all(products, shop.currency)
    created: list[Product] = []
    with editing_goods(shop) as state:
        for start in range(0, len(products), BATCH):
            batch = products[start : start + BATCH]
            _refuse_taken_skus([spelled_line(variant.sku) for data in batch for variant in data.variants])
            created += _insert(batch, now)
            ids = [product.id for product in created[start:]]
            project_products(shop_id=shop.pk, product_ids=ids, state=state)
    return created


def update_product(*, shop: "Shop", product_id: UUID, data: ProductInput, now: datetime, seen: Seen = None) -> Product:
    """Replace a product and its variants by the input; variants that it leaves out are deleted.

    Args:
        seen: the `product_version` that the input was made from.

    Raises:
        ProductNotFoundError: the shop has no such product.
        InvalidInputError: the product cannot be sold so; `details` has the reasons per field.
        SkuTakenError: another active variant of the shop has one of the SKUs.
        StockBelowReservedError: a new count is less than what is promised to orders.
        StockMovedError: a new count was made from another than the current one.
        ChangedMeanwhileError: the product is another one by now; nothing is changed.
    """
    with editing_goods(shop) as state:
        product = lock_product(product_id=product_id)
        _check_seen(shop, product_id, seen)
        _replace(state, product, data, now)
    return product


def revise_product(
    *,
    shop: "Shop",
    product_id: UUID,
    revise: Callable[[Product], ProductInput],
    now: datetime,
    seen: Seen = None,
) -> Product:
    """Change a part of a product; the new values are computed from the current ones under its lock.

    Args:
        revise: returns the new values; it gets the locked product with its active variants.
        seen: the `product_version` that the change was made from.

    Raises:
        ProductNotFoundError: the shop has no such product.
        ChangedMeanwhileError: the product is another one by now; nothing is changed.
        InvalidInputError, SkuTakenError, StockBelowReservedError, StockMovedError: as from `update_product`.
    """
    with editing_goods(shop) as state:
        locked = lock_product(product_id=product_id)
        product = get_product(shop=shop, product_id=product_id)
        check_version(seen=seen, current=product_version(product))
        _replace(state, locked, revise(product), now)
    return locked


def publish_product(*, shop: "Shop", product_id: UUID, now: datetime) -> Product:
    """Put a product on sale.

    Raises:
        ProductNotFoundError: the shop has no such product.
    """
    return _set_status(shop, product_id, ProductStatus.ACTIVE, now)


def archive_product(*, shop: "Shop", product_id: UUID, now: datetime) -> Product:
    """Take a product off sale without deleting it.

    Raises:
        ProductNotFoundError: the shop has no such product.
    """
    return _set_status(shop, product_id, ProductStatus.ARCHIVED, now)


def delete_product(*, shop: "Shop", product_id: UUID, now: datetime, seen: Seen = None) -> None:
    """Delete a product for everyone but the orders that mention it; its SKUs become free.

    Raises:
        ProductNotFoundError: the shop has no such product.
        ChangedMeanwhileError: the product is another one than that of the version `seen`; nothing is changed.
    """
    with editing_goods(shop):
        product = lock_product(product_id=product_id)
        _check_seen(shop, product_id, seen)
        product.status = ProductStatus.ARCHIVED
        product.deleted_at = product.updated_at = now
        product.save(update_fields=["status", "deleted_at", "updated_at"])
        Variant.objects.filter(product=product, deleted_at__isnull=True).update(deleted_at=now)
        remove_listing(shop_id=shop.pk, product_id=product.id)


def _replace(state: ShopState, product: Product, data: ProductInput, now: datetime) -> None:
    """Write the new values of a locked product, and its listing."""
    active = list(product.variants.filter(deleted_at__isnull=True))
    _check_change(input_of(product, active), data, state.currency)
    product.save(update_fields=rows.fill(product, data, now=now))
    try:
        with transaction.atomic():
            replace_variants(product=product, active=active, inputs=data.variants, source="product update", now=now)
    except IntegrityError as error:
        raise _sku_error(error) from error
    project_products(shop_id=state.id, product_ids=[product.id], state=state)


def _set_status(shop: "Shop", product_id: UUID, status: ProductStatus, now: datetime) -> Product:
    with editing_goods(shop) as state:
        product = lock_product(product_id=product_id)
        if product.status != status:
            product.status, product.updated_at = status, now
            product.save(update_fields=["status", "updated_at"])
            project_products(shop_id=shop.pk, product_ids=[product.id], state=state)
    return product


def _check_seen(shop: "Shop", product_id: UUID, seen: Seen) -> None:
    if seen is not None:
        check_version(seen=seen, current=product_version(get_product(shop=shop, product_id=product_id)))


def _check_change(stored: ProductInput, data: ProductInput, currency: str) -> None:
    """Check a product's new values. What stays is not checked again: its category may be retired, a rule be newer."""
    category, known = data.category_id, frozenset[int]()
    if category is not None and category != stored.category_id:
        known = known_category_ids({category})
    check_product(data, known_categories=known, currency=currency, stored=stored)


def _check_all(products: Sequence[ProductInput], currency: str) -> None:
    known = known_category_ids({data.category_id for data in products if data.category_id is not None})
    if len(products) == 1:
        check_product(products[0], known_categories=known, currency=currency)
        return
    details = {}
    for index, data in enumerate(products):
        try:
            check_product(data, known_categories=known, currency=currency)
        except InvalidInputError as error:
            details[str(index)] = error.details
    if details:
        raise InvalidInputError(details=details)


def _insert(batch: Sequence[ProductInput], now: datetime) -> list[Product]:
    try:
        with transaction.atomic():
            return rows.insert_products(batch, now=now)
    except IntegrityError as error:
        raise _sku_error(error) from error


def _refuse_taken_skus(skus: Sequence[str]) -> None:
    taken = Variant.objects.filter(sku__in=skus, deleted_at__isnull=True).values_list("sku", flat=True)
    repeated = [sku for sku, times in Counter(skus).items() if times > 1]
    if faults := sorted({*taken, *repeated}):
        raise SkuTakenError(
            with_one_stop(gettext("Already in use: %(faults)s.") % {"faults": ", ".join(faults[:5])}),
            details={"sku": tuple(faults)},
        )


def _sku_error(error: IntegrityError) -> Exception:
    """Return the refusal for a SKU that another variant has, or the error itself."""
    if SKU_CONSTRAINT not in str(error):
        return error
    taken = TAKEN_SKU.search(str(error))
    if taken is None:
        return SkuTakenError()
    message = with_one_stop(gettext("Already in use: %(faults)s.") % {"faults": taken[1]})
    return SkuTakenError(message, details={"sku": (taken[1],)})
