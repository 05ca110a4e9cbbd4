"""Convert the input about products to rows; within the shop's schema and the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.text import slugify

from catalogue.models import MovementKind, PriceChange, Product, ProductImage, StockLevel, StockMovement, Variant
from catalogue.services.inputs import ProductInput, VariantInput
from kit.text.characters import clean_line
from kit.text.rules import spelled_line

MAX_SLUG = 180
OWN_COLUMNS = ("title", "slug", "description", "brand", "category_id", "tax_class", "status", "updated_at")
VARIANT_TEXTS = ("sku", "options")
VARIANT_NUMBERS = ("price_minor", "compare_at_minor", "weight_g", "position")


def fill(product: Product, data: ProductInput, *, now: datetime) -> list[str]:
    """Put a product's own fields into its row; return the columns that have other values now."""
    before = {name: getattr(product, name) for name in OWN_COLUMNS}
    if data.title != product.title:
        product.title = spelled_line(data.title)
        product.slug = slugify(product.title)[:MAX_SLUG] or "product"
    if data.description != product.description:
        product.description = data.description.strip()
    if data.brand != product.brand:
        product.brand = spelled_line(data.brand)
    product.category_id, product.status, product.updated_at = data.category_id, data.status, now
    product.tax_class = data.tax_class
    return [name for name in OWN_COLUMNS if getattr(product, name) != before[name]]


def fill_variant(variant: Variant, data: VariantInput, *, position: int) -> bool:
    """Put a variant's own fields into its row; return whether its SKU or its options have changed."""
    has_new_sku, has_new_options = data.sku != variant.sku, [*data.options.items()] != [*variant.options.items()]
    if has_new_sku:
        variant.sku = spelled_line(data.sku)
    if has_new_options:
        variant.options = {clean_line(str(name)): clean_line(str(value)) for name, value in data.options.items()}
    variant.price_minor = data.price_minor
    variant.compare_at_minor = data.compare_at_minor
    variant.weight_g = data.weight_g
    variant.position = position
    return has_new_sku or has_new_options


def insert_products(batch: Sequence[ProductInput], *, now: datetime) -> list[Product]:
    """Insert products with everything below them, one statement per table."""
    products: list[Product] = []
    variants: list[tuple[Variant, int]] = []
    images: list[ProductImage] = []
    for data in batch:
        product = Product(created_at=now)
        fill(product, data, now=now)
        products.append(product)
        variants += [
            (new_variant(product, variant, position=position), variant.on_hand or 0)
            for position, variant in enumerate(data.variants)
        ]
        images += [
            ProductImage(product=product, file=image.file, alt=image.alt, position=position)
            for position, image in enumerate(data.images)
        ]
    Product.objects.bulk_create(products)
    insert_variants(variants, now=now)
    ProductImage.objects.bulk_create(images)
    return products


def new_variant(product: Product, data: VariantInput, *, position: int) -> Variant:
    """Make a variant's row, not yet in the database."""
    variant = Variant(product=product)
    fill_variant(variant, data, position=position)
    return variant


def insert_variants(variants: Sequence[tuple[Variant, int]], *, now: datetime) -> None:
    """Insert variants with their opening stock and the first entry of their price history."""
    Variant.objects.bulk_create([variant for variant, _ in variants])
    StockLevel.objects.bulk_create([StockLevel(variant=variant, on_hand=on_hand) for variant, on_hand in variants])
    StockMovement.objects.bulk_create(
        StockMovement(variant=variant, kind=MovementKind.OPENING, quantity=on_hand, moved_at=now)
        for variant, on_hand in variants
        if on_hand
    )
    PriceChange.objects.bulk_create(
        PriceChange(variant=variant, price_minor=variant.price_minor, changed_at=now) for variant, _ in variants
    )
