"""Pictures of a product: add, remove, put in order."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, BinaryIO
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext
from django_tenants.utils import schema_context

from catalogue.discovery.services.projection import project_products
from catalogue.errors import ImageNotFoundError, ProductNotFoundError
from catalogue.models import Product, ProductImage
from catalogue.selectors.locks import lock_product
from catalogue.selectors.pictures import picture_files
from catalogue.selectors.products import get_product, product_version
from catalogue.services.editing import editing_goods
from catalogue.services.pictures import open_picture, store_picture
from catalogue.services.validation import MAX_IMAGES
from kit.errors import Fault, InvalidInputError
from kit.web.versions import Seen, check_version
from tenants.shops.files import shop_media
from tenants.shops.locks import ShopState

if TYPE_CHECKING:
    from tenants.models import Shop

MAX_ALT = 160


def add_product_image(*, shop: "Shop", product_id: UUID, upload: BinaryIO, alt: str, now: datetime) -> ProductImage:
    """Check an uploaded picture, store it re-encoded without metadata, and put it last on the product.

    Raises:
        ProductNotFoundError: the shop has no such product.
        InvalidInputError: it is not a picture that we take, or the product has the maximum.
    """
    image = open_picture(upload)
    with schema_context(shop.schema_name):
        if not Product.objects.filter(id=product_id, deleted_at__isnull=True).exists():
            raise ProductNotFoundError
    file = store_picture(image, shop_id=shop.pk, product_id=product_id)
    try:
        return attach_image_file(shop=shop, product_id=product_id, file=file, alt=alt, now=now)
    except Exception:
        _delete_files(shop.pk, file)
        raise


def attach_image_file(*, shop: "Shop", product_id: UUID, file: str, alt: str, now: datetime) -> ProductImage:
    """Put a picture whose files are in the media storage already last on a product.

    Raises:
        ProductNotFoundError: the shop has no such product.
        InvalidInputError: the product has enough pictures.
    """
    with editing_goods(shop) as state:
        product = lock_product(product_id=product_id)
        if product.images.count() >= MAX_IMAGES:
            message = gettext("A product has at most %(max_images)s pictures. Remove one first.") % {
                "max_images": MAX_IMAGES
            }
            raise InvalidInputError(message, details={"image": [message]})
        last = product.images.aggregate(last=Max("position"))["last"]
        position = 0 if last is None else last + 1
        image = ProductImage.objects.create(product=product, file=file, alt=alt.strip()[:MAX_ALT], position=position)
        _touch(state, product, now)
    return image


def remove_product_image(*, shop: "Shop", product_id: UUID, image_id: int, now: datetime, seen: Seen = None) -> None:
    """Take a picture off a product and delete its files after the commit.

    Args:
        seen: the `product_version` that it may be taken off from; None: any version.

    Raises:
        ProductNotFoundError: the shop has no such product.
        ImageNotFoundError: the product has no such picture.
        ChangedMeanwhileError: the product is another one by now; nothing is changed.
    """
    with editing_goods(shop) as state:
        product = lock_product(product_id=product_id)
        if seen is not None:
            check_version(seen=seen, current=product_version(get_product(shop=shop, product_id=product_id)))
        image = product.images.filter(id=image_id).first()
        if image is None:
            raise ImageNotFoundError
        image.delete()
        _touch(state, product, now)
        transaction.on_commit(partial(_delete_files, shop.pk, image.file))


def reorder_product_images(*, shop: "Shop", product_id: UUID, image_ids: Sequence[int], now: datetime) -> None:
    """Put a product's pictures in the given order; the first is the one that lists show.

    Raises:
        ProductNotFoundError: the shop has no such product.
        InvalidInputError: the ids are not exactly the product's pictures.
    """
    with editing_goods(shop) as state:
        product = lock_product(product_id=product_id)
        images = {image.pk: image for image in product.images.all()}
        if sorted(image_ids) != sorted(images):
            message = gettext("Name every picture of the product once.")
            raise InvalidInputError(details={"images": [Fault(message, "other_pictures")]})
        for position, image_id in enumerate(image_ids):
            images[image_id].position = position
        ProductImage.objects.bulk_update(images.values(), ["position"])
        _touch(state, product, now)


def _touch(state: ShopState, product: Product, now: datetime) -> None:
    product.updated_at = now
    product.save(update_fields=["updated_at"])
    project_products(shop_id=state.id, product_ids=[product.id], state=state)


def _delete_files(shop_id: int, file: str) -> None:
    for name in picture_files(file):
        shop_media(shop_id).delete(name)
