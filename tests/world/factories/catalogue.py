"""Products and categories for tests."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context
from PIL import Image

from catalogue.discovery.services.categories import CategoryInput, ensure_categories
from catalogue.models import Product, Variant
from catalogue.services.inputs import ProductInput, VariantInput
from catalogue.services.products import create_product
from tenants.models import Shop
from tests.world.clock import NOW

TREE = [
    CategoryInput("Fashion"),
    CategoryInput("Bags", parent="fashion"),
    CategoryInput("Leather bags", parent="bags"),
    CategoryInput("Home"),
    CategoryInput("Kitchen", parent="home"),
    CategoryInput("Lighting", parent="home"),
]
TITLES = [
    "Hand-woven Aṣọ-òkè tote", "Adire wrapper in deep indigo", "Leather satchel from Kano", "Ankara laptop sleeve",
    "Copper saucepan with lid", "Cast-iron suya grill", "Enamel kettle, two litres", "Calabash serving bowl",
    "Rechargeable camping lantern", "Raffia storage baskets", "Shea butter, unrefined", "Beaded coral necklace",
    "Bronze figurine of a drummer", "Woven market umbrella", "Clay water cooler", "Embroidered prayer cap",
    "Bluetooth loudspeaker", "Solar garden lights", "Mahogany chopping board", "Stainless pressure cooker",
]  # fmt: skip


def make_categories() -> dict[str, int]:
    """A small tree; ids by slug."""
    return ensure_categories(categories=TREE)


def variant(sku: str, price_minor: int = 1_850_000, **more: Any) -> VariantInput:
    """A variant with ten on the shelf."""
    return VariantInput(sku=sku, price_minor=price_minor, **{"on_hand": 10} | more)


def product_input(title: str = "Hand-woven tote", *, sku: str = "TOTE", **more: Any) -> ProductInput:
    """A product on sale with one variant."""
    return ProductInput(title=title, **{"status": "active", "variants": [variant(sku)]} | more)


def add_product(shop: Shop, title: str = "Hand-woven tote", *, now: datetime = NOW, **more: Any) -> Product:
    """Put a product on a shop's shelf."""
    more.setdefault("sku", f"SKU-{random.getrandbits(48):x}")
    return create_product(shop=shop, data=product_input(title, **more), now=now)


def variant_ids(shop: Shop, product_id: UUID) -> list[UUID]:
    """A product's living variants, in order."""
    with schema_context(shop.schema_name):
        found = Variant.objects.filter(product_id=product_id, deleted_at__isnull=True).order_by("position", "id")
        return list(found.values_list("id", flat=True))


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements that are asked, without the search path that the connection sets."""
    asked: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield asked
    texts = [query["sql"] for query in captured.captured_queries]
    asked += [text for text in texts if not text.startswith(("SET search_path", "SAVEPOINT", "RELEASE"))]


def forget_cached() -> None:
    """Empty what discovery remembers."""
    cache.clear()


def picture(kind: str = "JPEG", *, size: tuple[int, int] = (900, 600), **save: Any) -> io.BytesIO:
    """An upload."""
    mode = "RGBA" if kind == "PNG" else "RGB"
    buffer = io.BytesIO()
    Image.new(mode, size, (200, 120, 40, 0) if mode == "RGBA" else (200, 120, 40)).save(buffer, kind, **save)
    buffer.seek(0)
    return buffer
