"""Saving the product form, and bulk actions on products."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.utils.translation import gettext

from catalogue.errors import ImageNotFoundError
from catalogue.models import Product
from catalogue.services.image_texts import describe_product_images
from catalogue.services.images import add_product_image, remove_product_image, reorder_product_images
from catalogue.services.inputs import ProductInput
from catalogue.services.products import archive_product, create_product, publish_product, update_product
from catalogue.services.stock import Count, set_on_hand
from kit.errors import DomainError
from kit.text.labelled import labelled
from kit.web.versions import Seen
from tenants.models import Shop
from vendors.services.bulk_result import BulkResult, apply_to_each


@dataclass(frozen=True, slots=True)
class PictureChanges:
    """Changes of a product's pictures.

    Args:
        alts: text alternatives by the pictures' ids.
        cover: the picture that lists show, or None to leave the order as it is.
    """

    uploads: Sequence[BinaryIO] = ()
    removed: Sequence[int] = ()
    alts: Mapping[int, str] = field(default_factory=dict)
    cover: int | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """A product that was saved, and what was wrong with some of its new pictures."""

    product: Product
    picture_faults: list[str]


def save_product(
    *,
    shop: Shop,
    product: Product | None,
    data: ProductInput,
    pictures: PictureChanges,
    now: datetime,
    seen: Seen = None,
) -> Saved:
    """Create or replace a product, then update its pictures.

    A refused picture is reported, and the rest is saved.

    Args:
        seen: the `product_version` that the form was shown with.

    Raises:
        DomainError: the catalogue refuses the product; nothing is changed.
    """
    if product is None:
        saved = create_product(shop=shop, data=data, now=now)
    else:
        saved = update_product(shop=shop, product_id=product.pk, data=data, now=now, seen=seen)
        _arrange(shop, product, pictures, now)
    faults: list[str] = []
    for upload in pictures.uploads:
        try:
            add_product_image(shop=shop, product_id=saved.pk, upload=upload, alt=saved.title, now=now)
        except DomainError as error:
            faults.append(labelled(getattr(upload, "name", "") or gettext("Picture"), error.message))
    return Saved(product=saved, picture_faults=faults)


def publish_products(*, shop: Shop, product_ids: Sequence[UUID], now: datetime) -> BulkResult[UUID]:
    """Put each of some products on sale, as far as they can be."""
    return apply_to_each(lambda each: publish_product(shop=shop, product_id=each, now=now), product_ids)


def archive_products(*, shop: Shop, product_ids: Sequence[UUID], now: datetime) -> BulkResult[UUID]:
    """Take each of some products off sale, as far as they can be."""
    return apply_to_each(lambda each: archive_product(shop=shop, product_id=each, now=now), product_ids)


def count_variants(*, shop: Shop, counts: Mapping[UUID, Count], source: str, now: datetime) -> BulkResult[UUID]:
    """Set the stock of each of some variants, as far as it can be."""

    def count(each: UUID) -> None:
        on_hand, if_on_hand = counts[each]
        set_on_hand(shop=shop, variant_id=each, on_hand=on_hand, source=source, now=now, if_on_hand=if_on_hand)

    return apply_to_each(count, list(counts))


def _arrange(shop: Shop, product: Product, pictures: PictureChanges, now: datetime) -> None:
    """Remove, describe and reorder the pictures that are there; one that has gone meanwhile is not missed."""
    for image_id in pictures.removed:
        try:
            remove_product_image(shop=shop, product_id=product.pk, image_id=image_id, now=now)
        except ImageNotFoundError:
            continue
    if pictures.alts:
        describe_product_images(shop=shop, product_id=product.pk, alts=pictures.alts, now=now)
    kept = [image.pk for image in product.images.all() if image.pk not in pictures.removed]
    if pictures.cover in kept and kept[0] != pictures.cover:
        order = [pictures.cover, *(pk for pk in kept if pk != pictures.cover)]
        reorder_product_images(shop=shop, product_id=product.pk, image_ids=order, now=now)
