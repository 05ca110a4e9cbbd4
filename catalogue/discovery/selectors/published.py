"""Products of shops that the market knows, and those that are on sale."""

from collections.abc import Collection
from uuid import UUID

from catalogue.discovery.models import Listing


def published_ids(product_ids: Collection[UUID]) -> set[UUID]:
    """Return those of some products that are on sale, in one statement."""
    return set(Listing.objects.filter(pk__in=product_ids, is_published=True).values_list("pk", flat=True))


def shop_of_listing(product_id: UUID) -> int | None:
    """Return the shop of a product that the market knows, on sale or not; None where it knows none."""
    return Listing.objects.filter(pk=product_id).values_list("shop_id", flat=True).first()


def categories_of(product_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return the categories of products that the market knows, in one statement; those without one are left out."""
    found = Listing.objects.filter(pk__in=product_ids, category_id__isnull=False)
    return {
        product_id: category_id for product_id, category_id in found.values_list("pk", "category_id") if category_id
    }


def titles_of(product_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the titles of products that the market knows, in one statement."""
    return dict(Listing.objects.filter(pk__in=product_ids).values_list("pk", "title"))


def categories_of_shops(shop_ids: Collection[int]) -> dict[int, set[int]]:
    """Return the categories of the products of some shops, on sale or not, in one statement."""
    found: dict[int, set[int]] = {}
    rows = Listing.objects.filter(shop_id__in=shop_ids, category_id__isnull=False).order_by()
    for shop_id, category_id in rows.values_list("shop_id", "category_id").distinct():
        found.setdefault(shop_id, set()).add(category_id)
    return found
