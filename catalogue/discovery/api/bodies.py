"""Convert the selectors' results to the API's bodies."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import QueryDict
from rest_framework.request import Request

from catalogue.discovery.price_notes import LowerPrice
from catalogue.discovery.selectors.cards import ListingCard
from catalogue.discovery.selectors.categories import CategoryTree
from catalogue.discovery.selectors.listings import ListingDetail
from catalogue.discovery.selectors.search import SearchResult
from catalogue.discovery.selectors.shops import ShopPage
from catalogue.selectors.pictures import full_picture_url, full_small_picture_url
from tenants.models import Shop, ShopStatus


def listing_body(card: ListingCard, lower: LowerPrice | None) -> dict[str, Any]:
    """Return a listing in a list."""
    return {
        "id": str(card.id),
        "title": card.title,
        "slug": card.slug,
        "brand": card.brand,
        "image_url": full_small_picture_url(card.image),
        "currency": card.currency,
        "price_minor": card.price_minor,
        "price_max_minor": card.price_max_minor,
        "compare_at_minor": card.compare_at_minor,
        "lower_price": lower_body(lower),
        "in_stock": card.is_in_stock,
        "rating_average": card.rating_average,
        "rating_count": card.rating_count,
        "shop": {"slug": card.shop_slug, "name": card.shop_name},
    }


def lower_body(lower: LowerPrice | None) -> dict[str, int] | None:
    """Return the lower price of an offer with the earlier one, or None where there is none."""
    return {"price_minor": lower.price_minor, "was_minor": lower.was_minor} if lower else None


def listing_list_body(request: Request, result: SearchResult, lower: Mapping[UUID, LowerPrice]) -> dict[str, Any]:
    """Return a page of listings with the addresses of those beside it.

    Args:
        lower: prices of offers that hold now, by listing.
    """
    return {
        "count": result.count,
        "count_is_exact": result.is_count_exact,
        "next": _page_url(request, result.page.next_cursor),
        "previous": _page_url(request, result.page.previous_cursor),
        "search": result.query.text,
        "asked": result.asked,
        "shops": [{"slug": shop.slug, "name": shop.name} for shop in result.shops],
        "results": [listing_body(card, lower.get(card.id)) for card in result.page.cards],
    }


def listing_detail_body(listing: ListingDetail, lower: Mapping[UUID, LowerPrice]) -> dict[str, Any]:
    """Return a listing with its variants and what is available of them.

    Args:
        lower: prices of offers that hold now, by variant.
    """
    return {
        "id": str(listing.id),
        "title": listing.title,
        "slug": listing.slug,
        "description": listing.description,
        "brand": listing.brand,
        "categories": [{"slug": node.slug, "name": node.name} for node in listing.categories],
        "currency": listing.currency,
        "price_minor": listing.price_minor,
        "price_max_minor": listing.price_max_minor,
        "compare_at_minor": listing.compare_at_minor,
        "in_stock": listing.is_in_stock,
        "rating_average": listing.rating_average,
        "rating_count": listing.rating_count,
        "images": [
            {
                "url": full_picture_url(picture.file),
                "small_url": full_small_picture_url(picture.file),
                "alt": picture.alt,
            }
            for picture in listing.pictures
        ],
        "variants": [
            {
                "id": str(variant.id),
                "sku": variant.sku,
                "options": variant.options,
                "price_minor": variant.price_minor,
                "compare_at_minor": variant.compare_at_minor,
                "lower_price": lower_body(lower.get(variant.id)),
                "currency": listing.currency,
                "available": variant.available,
            }
            for variant in listing.variants
        ],
        "shop": {
            "slug": listing.shop.slug,
            "name": listing.shop.name,
            "city": listing.shop.city,
            "shipping_minor": listing.shop.shipping_minor,
            "is_selling": listing.shop.is_selling,
            "returns_on": listing.shop.returns_on,
        },
        "updated_at": listing.updated_at,
    }


def category_tree_body(tree: CategoryTree, parent_id: int | None = None) -> list[dict[str, Any]]:
    """Return the categories below one, each with its own below it."""
    return [
        {"id": node.id, "slug": node.slug, "name": node.name, "children": category_tree_body(tree, node.id)}
        for node in tree.children_of(parent_id)
    ]


def shop_body(shop: ShopPage) -> dict[str, Any]:
    """Return a shop's public profile."""
    return {
        "slug": shop.card.slug,
        "name": shop.card.name,
        "tagline": shop.card.tagline,
        "description": shop.description,
        "city": shop.card.city,
        "country": shop.country,
        "currency": shop.currency,
        "shipping_minor": shop.shipping_minor,
        "returns_policy": shop.returns_policy,
        "banner_url": full_picture_url(shop.card.banner),
        "logo_url": full_picture_url(shop.card.logo),
        "listing_count": shop.listing_count,
        "is_selling": shop.is_selling,
        "returns_on": shop.returns_on,
    }


def shop_row_body(shop: Shop) -> dict[str, Any]:
    """Return a shop in a list."""
    return {
        "slug": shop.slug,
        "name": shop.name,
        "tagline": shop.tagline,
        "city": shop.city,
        "country": shop.country,
        "currency": shop.currency,
        "banner_url": full_picture_url(shop.banner),
        "logo_url": full_picture_url(shop.logo),
        "is_selling": shop.status == ShopStatus.LIVE,
        "returns_on": shop.returns_on,
    }


def _page_url(request: Request, cursor: str) -> str | None:
    if not cursor:
        return None
    params: QueryDict = request.query_params.copy()
    params["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{params.urlencode()}")
