"""Change the alternative texts of a product's pictures."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from catalogue.discovery.services.projection import project_products
from catalogue.models import ProductImage
from catalogue.selectors.locks import lock_product
from catalogue.services.editing import editing_goods
from catalogue.services.images import MAX_ALT

if TYPE_CHECKING:
    from tenants.models import Shop


def describe_product_images(*, shop: "Shop", product_id: UUID, alts: Mapping[int, str], now: datetime) -> None:
    """Set the text alternatives of some of a product's pictures, by their ids; unknown ids are left out.

    Raises:
        ProductNotFoundError: the shop has no such product.
    """
    with editing_goods(shop) as state:
        product = lock_product(product_id=product_id)
        changed = [image for image in product.images.filter(id__in=alts) if image.alt != _text(alts[image.pk])]
        if not changed:
            return
        for image in changed:
            image.alt = _text(alts[image.pk])
        ProductImage.objects.bulk_update(changed, ["alt"])
        product.updated_at = now
        product.save(update_fields=["updated_at"])
        project_products(shop_id=shop.pk, product_ids=[product.id], state=state)


def _text(alt: str) -> str:
    return alt.strip()[:MAX_ALT]
