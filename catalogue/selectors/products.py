"""A shop's own view of its products. Everything returned is materialised inside the shop's schema."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django_tenants.utils import schema_context

from catalogue.errors import ProductNotFoundError, VariantNotFoundError
from catalogue.models import Product, ProductStatus, Variant
from kit.text.matching import identifier_matches, name_matches
from kit.web.versions import version_of

if TYPE_CHECKING:
    from tenants.models import Shop

LOW_STOCK = 5
OWN_FIELDS = ("title", "description", "category_id", "brand", "status", "tax_class")


@dataclass(frozen=True, slots=True)
class ProductPage:
    """A slice of a shop's products, and how many there are in all."""

    products: list[Product]
    count: int


def list_products(
    *, shop: "Shop", status: str = "", search: str = "", low_stock: bool = False, offset: int = 0, limit: int = 50
) -> ProductPage:
    """Return a shop's products, newest first, each with its variants, stock and pictures.

    `search` is a part of the title, the brand or a SKU; `low_stock` leaves products with a variant of which
    few are left.
    """
    with schema_context(shop.schema_name):
        products = _chosen(status=status, search=search, low_stock=low_stock)
        page = _whole(products.order_by("-created_at", "-id"))[offset : offset + limit]
        return ProductPage(products=list(page), count=products.count())


def get_product(*, shop: "Shop", product_id: UUID) -> Product:
    """Return a product with its variants, stock and pictures.

    Raises:
        ProductNotFoundError: the shop has no such product.
    """
    with schema_context(shop.schema_name):
        product = _whole(_living().filter(id=product_id)).first()
    if product is None:
        raise ProductNotFoundError
    return product


def product_titles(*, shop: "Shop", product_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return titles of a shop's products by id; deleted ones are left out."""
    if not product_ids:
        return {}
    with schema_context(shop.schema_name):
        return dict(_living().filter(id__in=list(product_ids)).values_list("id", "title"))


def first_skus(*, shop: "Shop", product_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return one SKU of each of a shop's products by product id; deleted ones are left out."""
    if not product_ids:
        return {}
    with schema_context(shop.schema_name):
        variants = Variant.objects.filter(product_id__in=list(product_ids), deleted_at=None)
        return dict(variants.order_by("-position", "-id").values_list("product_id", "sku"))


def product_version(product: Product) -> str:
    """Return the version of all that a change of a product replaces; of its stock not, which every sale moves.

    Args:
        product: as `get_product` returns it.
    """
    return version_of(
        {
            **{name: getattr(product, name) for name in OWN_FIELDS},
            "variants": [
                [v.id, v.sku, v.options, v.price_minor, v.compare_at_minor, v.weight_g] for v in product.variants.all()
            ],
            "images": [[image.pk, image.alt] for image in product.images.all()],
        }
    )


def get_variant(*, shop: "Shop", variant_id: UUID) -> Variant:
    """Return an active variant with its product and stock.

    Raises:
        VariantNotFoundError: the shop has no such variant.
    """
    with schema_context(shop.schema_name):
        variant = (
            Variant.objects.select_related("product", "stock")
            .filter(id=variant_id, deleted_at__isnull=True, product__deleted_at__isnull=True)
            .first()
        )
    if variant is None:
        raise VariantNotFoundError
    return variant


def status_counts(*, shop: "Shop") -> dict[str, int]:
    """Return the number of a shop's products in each status."""
    with schema_context(shop.schema_name):
        counted = dict(_living().order_by().values_list("status").annotate(count=Count("id")))
    return {status: counted.get(status, 0) for status in ProductStatus.values}


def low_stock_variants(*, shop: "Shop", at_most: int = LOW_STOCK, limit: int = 20) -> list[Variant]:
    """Return variants on sale of which few are left, the fewest first, with product and stock."""
    with schema_context(shop.schema_name):
        variants = (
            _running_out(at_most)
            .filter(product__status=ProductStatus.ACTIVE, product__deleted_at__isnull=True)
            .select_related("product", "stock")
            .order_by(F("stock__on_hand") - F("stock__reserved"), "id")
        )
        return list(variants[:limit])


def variants_by_sku(*, shop: "Shop", skus: Collection[str]) -> dict[str, Variant]:
    """Return active variants by SKU, with product and stock; unknown SKUs are left out."""
    with schema_context(shop.schema_name):
        variants = Variant.objects.select_related("product", "stock").filter(sku__in=skus, deleted_at__isnull=True)
        return {variant.sku: variant for variant in variants}


def _living() -> QuerySet[Product]:
    return Product.objects.filter(deleted_at__isnull=True)


def _running_out(at_most: int) -> QuerySet[Variant]:
    few = Q(stock__on_hand__lte=F("stock__reserved") + at_most)
    return Variant.objects.filter(few, deleted_at__isnull=True)


def _chosen(*, status: str, search: str, low_stock: bool) -> QuerySet[Product]:
    products = _living()
    if status:
        products = products.filter(status=status)
    if search:
        living = Variant.objects.filter(product=OuterRef("pk"), deleted_at__isnull=True)
        has_sku = Exists(living.filter(identifier_matches(search, "sku")))
        products = products.filter(name_matches(search, "title", "brand") | has_sku)
    if low_stock:
        products = products.filter(Exists(_running_out(LOW_STOCK).filter(product=OuterRef("pk"))))
    return products


def _whole(products: QuerySet[Product]) -> QuerySet[Product]:
    living = Variant.objects.filter(deleted_at__isnull=True).select_related("stock").order_by("position", "id")
    return products.prefetch_related(Prefetch("variants", queryset=living), "images")
