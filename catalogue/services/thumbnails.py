"""Give pictures of earlier releases, which have two sizes, the third that lists show."""

import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django_tenants.utils import schema_context

from catalogue.discovery.services.projection import project_products
from catalogue.errors import ProductNotFoundError
from catalogue.models import ProductImage
from catalogue.selectors.locks import lock_product
from catalogue.selectors.pictures import (
    LARGE_PX,
    THUMBNAIL_PX,
    name_with_thumbnail,
    picture_files,
    small_name,
    thumbnail_name,
)
from catalogue.services.editing import editing_goods
from catalogue.services.pictures import FORMATS, encode
from kit.files import Folder
from kit.pictures.decoding import DamagedPictureError, decode_picture
from tenants.shops.files import shop_media

if TYPE_CHECKING:
    from tenants.models import Shop

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class ThumbnailsAdded:
    """The pictures of a shop that have a thumbnail now, and those whose file is missing or damaged."""

    added: int = 0
    unreadable: int = 0


def add_thumbnails(*, shop: "Shop") -> ThumbnailsAdded:
    """Write the thumbnail of each picture of a shop that has none, and name the picture so that pages ask for it.

    The files come before the name: killed at any moment, it is simply run again. Those under the earlier name stay,
    since orders name them. Pictures that no shop owns are left as they are.
    """
    run, folder = ThumbnailsAdded(), shop_media(shop.pk)
    with schema_context(shop.schema_name):
        images = list(ProductImage.objects.filter(product__deleted_at__isnull=True).order_by("pk"))
    for image in images:
        if not name_with_thumbnail(image.file) or not folder.holds(image.file):
            continue
        try:
            _write_files(folder, image.file)
        except (FileNotFoundError, DamagedPictureError):
            logger.warning("%s is missing or damaged and gets no thumbnail.", image.file)
            run.unreadable += 1
        else:
            run.added += _rename(shop, image)
    return run


def _write_files(folder: Folder, file: str) -> None:
    with folder.open(file) as large, folder.open(small_name(file)) as small:
        content = {file: large.read(), small_name(file): small.read()}
    picture = decode_picture(content[file], formats=FORMATS, side_px=LARGE_PX)
    renamed = name_with_thumbnail(file)
    files = {
        renamed: content[file],
        small_name(renamed): content[small_name(file)],
        thumbnail_name(renamed): encode(picture, THUMBNAIL_PX),
    }
    for name, written in files.items():
        folder.delete(name)  # of a run that was killed
        folder.save(name, ContentFile(written))


def _rename(shop: "Shop", image: ProductImage) -> bool:
    """Give a picture its new name, unless it was removed meanwhile; its new files are deleted then."""
    renamed, is_there = name_with_thumbnail(image.file), False
    with suppress(ProductNotFoundError), editing_goods(shop) as state:
        product = lock_product(product_id=image.product_id)
        is_there = bool(product.images.filter(pk=image.pk, file=image.file).update(file=renamed))
        if is_there:
            project_products(shop_id=state.id, product_ids=[product.id], state=state)
    if not is_there:
        for name in picture_files(renamed):
            shop_media(shop.pk).delete(name)
    return is_there
