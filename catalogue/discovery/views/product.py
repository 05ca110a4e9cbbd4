"""The page of one product."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views import View

from catalogue.discovery.selectors.home import more_from_shop
from catalogue.discovery.selectors.listings import ListingDetail, VariantDetail, get_listing
from gateway.registry import is_taken
from kit.money import format_minor
from kit.web.hosts import platform_url
from kit.web.not_found import or_404

FEW = 5
MOST_AT_ONCE = 99
DESCRIPTION_LENGTH = 155


class ProductView(View):
    """A product with its pictures, variants and shop."""

    def get(self, request: HttpRequest, listing_id: UUID) -> HttpResponse:
        listing = or_404(get_listing, listing_id=listing_id)
        chosen = _chosen(listing, request.GET.get("variant", ""))
        context = {
            "listing": listing,
            "chosen": chosen,
            "variants": _options(listing, chosen),
            "legend": " / ".join(listing.variants[0].options) if listing.variants else "",
            "most": min(MOST_AT_ONCE, max((variant.available for variant in listing.variants), default=0)),
            "stock_text": _stock_text(listing, chosen),
            "crumbs": _crumbs(listing),
            "more": more_from_shop(shop_id=listing.shop.id, but=listing.id),
            "canonical": platform_url(reverse("discovery:product", args=[listing.id])),
            "summary": _summary(listing),
            "can_be_paid": is_taken(listing.currency),
            "has_range": listing.price_max_minor > listing.price_minor,
        }
        return render(request, "discovery/product.html", context)


def _chosen(listing: ListingDetail, asked: str) -> VariantDetail | None:
    """Return the variant that the URL names, else the first that can be had; None where all are sold out."""
    can_be_had = [variant for variant in listing.variants if variant.available]
    named = [variant for variant in can_be_had if str(variant.id) == asked]
    return next(iter([*named, *can_be_had]), None)


def _options(listing: ListingDetail, chosen: VariantDetail | None) -> list[dict[str, Any]]:
    has_prices = listing.price_max_minor > listing.price_minor
    return [
        {
            "value": str(variant.id),
            "label": variant.label,
            "hint": _hint(variant, listing.currency, shows_price=has_prices),
            "available": variant.available > 0,
            "checked": variant is chosen,
        }
        for variant in listing.variants
    ]


def _hint(variant: VariantDetail, currency: str, *, shows_price: bool) -> str:
    price = format_minor(variant.price_minor, currency) if shows_price else ""
    left = ""
    if 0 < variant.available <= FEW:
        left = ngettext("%(left)s left", "%(left)s left", variant.available) % {"left": variant.available}
    return " · ".join(part for part in (price, left) if part)


def _stock_text(listing: ListingDetail, chosen: VariantDetail | None) -> str:
    if chosen is None:
        return gettext("Sold out")
    left = chosen.available
    if left <= FEW and len(listing.variants) == 1:
        return ngettext("Only %(left)s left", "Only %(left)s left", left) % {"left": left}
    return gettext("In stock")


def _crumbs(listing: ListingDetail) -> list[dict[str, str]]:
    search = reverse("discovery:search")
    path = [{"label": node.name, "url": f"{search}?category={node.slug}"} for node in listing.categories]
    return [{"label": gettext("Home"), "url": reverse("discovery:home")}, *path, {"label": listing.title, "url": ""}]


def _summary(listing: ListingDetail) -> str:
    text = " ".join(listing.description.split())
    if len(text) > DESCRIPTION_LENGTH:
        text = text[:DESCRIPTION_LENGTH].rsplit(" ", 1)[0] + "…"
    price = format_minor(listing.price_minor, listing.currency)
    return text or (
        gettext("%(title)s from %(shop)s, %(price)s, on Kasuwa.")
        % {"title": listing.title, "shop": listing.shop.name, "price": price}
    )
