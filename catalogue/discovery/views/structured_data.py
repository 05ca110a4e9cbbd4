"""A product in the words of schema.org, for search engines and for apps that show a link.

https://schema.org/Product, https://schema.org/BreadcrumbList; which properties search engines read:
https://developers.google.com/search/docs/appearance/structured-data/product
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

from catalogue.discovery.price_notes import LowerPrice, asked_prices
from catalogue.discovery.selectors.listings import ListingDetail, VariantDetail
from catalogue.selectors.pictures import full_picture_url
from kit.money import plain_amount
from kit.web.hosts import platform_url

SCHEMA = "https://schema.org"
NO_LOWER: Mapping[UUID, LowerPrice] = MappingProxyType({})


def structured_data(
    listing: ListingDetail,
    *,
    url: str,
    crumbs: Sequence[Mapping[str, str]],
    is_sold: bool,
    lower: Mapping[UUID, LowerPrice] = NO_LOWER,
) -> dict[str, Any]:
    """Return a product with its offers, and the path to it.

    Args:
        url: the page's canonical address.
        crumbs: label and address of each step; the last has no address.
        is_sold: the shop takes orders now, in a currency that can be paid.
        lower: prices by variant that are asked instead of the listed ones, with those that they are shown beside.
    """
    product = _product(listing, url, is_sold=is_sold, lower=lower)
    return {"@context": SCHEMA, "@graph": [product, _path(crumbs, url)]}


def _product(listing: ListingDetail, url: str, *, is_sold: bool, lower: Mapping[UUID, LowerPrice]) -> dict[str, Any]:
    optional = {
        "description": " ".join(listing.description.split()),
        "image": _images(listing),
        "category": " > ".join(node.name for node in listing.categories),
        "brand": {"@type": "Brand", "name": listing.brand} if listing.brand else None,
        "sku": listing.variants[0].sku if len(listing.variants) == 1 else "",
        "aggregateRating": _rating(listing) if listing.rating_count else None,
    }
    return {
        "@type": "Product",
        "@id": f"{url}#product",
        "name": listing.title,
        "url": url,
        **{name: value for name, value in optional.items() if value},
        "offers": _offers(listing, url, is_sold=is_sold, lower=lower),
    }


def _images(listing: ListingDetail) -> list[str]:
    return [address for address in (full_picture_url(picture.file) for picture in listing.pictures) if address]


def _offers(listing: ListingDetail, url: str, *, is_sold: bool, lower: Mapping[UUID, LowerPrice]) -> dict[str, Any]:
    offers = [_offer(listing, each, url, is_sold=is_sold, lower=lower.get(each.id)) for each in listing.variants]
    if len(offers) == 1:
        return {**offers[0], "url": url}
    asked = asked_prices(listing, lower)
    return {
        "@type": "AggregateOffer",
        "priceCurrency": listing.currency,
        "lowPrice": plain_amount(min(asked)),
        "highPrice": plain_amount(max(asked)),
        "offerCount": len(offers),
        "availability": _availability(is_there=is_sold and listing.is_in_stock),
        "seller": _seller(listing),
        "offers": offers,
    }


def _offer(
    listing: ListingDetail, variant: VariantDetail, url: str, *, is_sold: bool, lower: LowerPrice | None
) -> dict[str, Any]:
    return {
        "@type": "Offer",
        "name": variant.label,
        "sku": variant.sku,
        "url": f"{url}?variant={variant.id}",
        "price": plain_amount(lower.price_minor if lower else variant.price_minor),
        "priceCurrency": listing.currency,
        **({"priceSpecification": _earlier(listing, lower)} if lower else {}),
        "availability": _availability(is_there=is_sold and variant.available > 0),
        "seller": _seller(listing),
    }


def _earlier(listing: ListingDetail, lower: LowerPrice) -> dict[str, Any]:
    """Return the price that a lower one is shown beside (search engines: "StrikethroughPrice")."""
    return {
        "@type": "UnitPriceSpecification",
        "priceType": f"{SCHEMA}/StrikethroughPrice",
        "price": plain_amount(lower.was_minor),
        "priceCurrency": listing.currency,
    }


def _availability(*, is_there: bool) -> str:
    return f"{SCHEMA}/InStock" if is_there else f"{SCHEMA}/OutOfStock"


def _seller(listing: ListingDetail) -> dict[str, Any]:
    return {"@type": "Organization", "name": listing.shop.name, "url": platform_url(listing.shop.url)}


def _rating(listing: ListingDetail) -> dict[str, Any]:
    return {
        "@type": "AggregateRating",
        "ratingValue": listing.rating_average,
        "ratingCount": listing.rating_count,
        "bestRating": 5,
        "worstRating": 1,
    }


def _path(crumbs: Sequence[Mapping[str, str]], url: str) -> dict[str, Any]:
    return {"@type": "BreadcrumbList", "itemListElement": list(_steps(crumbs, url))}


def _steps(crumbs: Sequence[Mapping[str, str]], url: str) -> Iterator[dict[str, Any]]:
    for position, crumb in enumerate(crumbs, 1):
        address = urljoin(platform_url("/"), crumb["url"]) if crumb["url"] else url
        yield {"@type": "ListItem", "position": position, "name": crumb["label"], "item": address}
