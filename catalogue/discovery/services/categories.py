"""The platform's category tree."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify

from catalogue.discovery.errors import CategoryCycleError
from catalogue.discovery.models import Category, Listing
from catalogue.discovery.selectors.categories import categories_by_slug, category_path, descendant_ids
from catalogue.discovery.services.projection import project_products
from catalogue.discovery.services.versions import bump_categories
from kit.errors import InvalidInputError

BATCH = 1000


@dataclass(frozen=True, slots=True)
class CategoryInput:
    """A category by names; a parent stands before its children.

    Args:
        parent: the parent's slug, or empty for a root.
    """

    name: str
    slug: str = ""
    parent: str = ""


def ensure_categories(*, categories: Sequence[CategoryInput]) -> dict[str, int]:
    """Create the categories that are not there yet; return all their ids by slug.

    Raises:
        InvalidInputError: a parent is neither there nor given before its child.
    """
    wanted = [(item, item.slug or slugify(item.name)) for item in categories]
    with transaction.atomic():
        ids = categories_by_slug([*(slug for _, slug in wanted), *(item.parent for item in categories)])
        for position, (item, slug) in enumerate(wanted):
            if item.parent and item.parent not in ids:
                raise InvalidInputError(details={"parent": [f"There is no category {item.parent}."]})
            if slug not in ids:
                parent_id = ids[item.parent] if item.parent else None
                ids[slug] = Category.objects.create(
                    name=item.name, slug=slug, parent_id=parent_id, position=position
                ).pk
        bump_categories()
    return {slug: ids[slug] for _, slug in wanted}


def save_category(*, category: Category) -> Category:
    """Save a new or changed category, and bring the listings below it up to date.

    Raises:
        CategoryCycleError: its parent is itself or below itself.
    """
    with transaction.atomic():
        if category.pk and category.parent_id:
            above = {node.id for node in category_path(category.parent_id)}
            if category.pk in above:
                raise CategoryCycleError(details={"parent": [CategoryCycleError.default_message]})
        is_new = category.pk is None
        category.save()
        if not is_new:
            _project_below(category.pk)
        bump_categories()
    return category


def delete_category(*, category: Category) -> None:
    """Delete a category without children; its products are left without one."""
    with transaction.atomic():
        listings = _listings_in([category.pk])
        category.delete()
        _project(listings)
        bump_categories()


def _project_below(category_id: int) -> None:
    _project(_listings_in(descendant_ids(category_id)))


def _listings_in(category_ids: Sequence[int]) -> list[tuple[int, UUID]]:
    listings = Listing.objects.filter(category_id__in=category_ids).order_by("shop_id", "id")
    return list(listings.values_list("shop_id", "id"))


def _project(listings: Sequence[tuple[int, UUID]]) -> None:
    by_shop: dict[int, list[UUID]] = {}
    for shop_id, listing_id in listings:
        by_shop.setdefault(shop_id, []).append(listing_id)
    for shop_id in sorted(by_shop):
        for start in range(0, len(by_shop[shop_id]), BATCH):
            project_products(shop_id=shop_id, product_ids=by_shop[shop_id][start : start + BATCH])
