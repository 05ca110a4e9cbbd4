"""Variants of listings."""

from collections.abc import Collection
from uuid import UUID

from catalogue.discovery.models import ListingVariant


def variants_of(listing_ids: Collection[UUID]) -> dict[UUID, dict[UUID, bool]]:
    """Return whether there is stock of each variant of listings, by listing and variant, in one statement."""
    found: dict[UUID, dict[UUID, bool]] = {}
    rows = ListingVariant.objects.filter(listing_id__in=listing_ids)
    for listing_id, variant_id, is_in_stock in rows.values_list("listing_id", "id", "is_in_stock"):
        found.setdefault(listing_id, {})[variant_id] = is_in_stock
    return found


def listings_of(variant_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return the shops of the listings that variants are of, by listing, in one statement."""
    rows = ListingVariant.objects.filter(pk__in=variant_ids).values_list("listing_id", "shop_id")
    return dict(rows.distinct())
