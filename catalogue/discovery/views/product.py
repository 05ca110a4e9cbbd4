"""The page of one product."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views import View

from catalogue.discovery.delivery import Goods, delivery_fact
from catalogue.discovery.gates import gate_of
from catalogue.discovery.price_notes import PriceNotes, asked_prices, at_lower_prices, notes_of
from catalogue.discovery.selectors.choices import OPTION_FIELD
from catalogue.discovery.selectors.home import more_from_shop
from catalogue.discovery.selectors.listings import ListingDetail, Picture, get_listing
from catalogue.discovery.selectors.lists import BOUGHT_TAG, LIST_PAGES
from catalogue.discovery.views.choice import (
    VARIANT_FIELD,
    Choice,
    choose,
    fixed_options,
    groups_of,
    picture_place,
    stock_text,
)
from catalogue.discovery.views.structured_data import structured_data
from catalogue.selectors.pictures import full_picture_url
from gateway.registry import is_taken
from kit.money import format_minor, plain_amount
from kit.web.headers import asks_for_fragment
from kit.web.hosts import platform_url
from kit.web.not_found import or_404
from kit.web.page_before import page_before

DESCRIPTION_LENGTH = 155
QUANTITY_FIELD, BACK_FIELD = "quantity", "back"


class ProductView(View):
    """A product with its pictures, variants and shop; price, stock and picture are those of the chosen variant."""

    def get(self, request: HttpRequest, listing_id: UUID) -> HttpResponse:
        listing = or_404(get_listing, listing_id=listing_id)
        choice = choose(listing, request.GET)
        address, now = reverse("discovery:product", args=[listing.id]), timezone.now()
        notes = notes_of(listing, now)
        context = {
            "listing": listing,
            "delivery": delivery_fact(request, listing.shop, _goods(listing), now=now),
            "choice": choice,
            "price_texts": notes.texts,
            "lower": notes.lower.get(choice.variant.id) if choice.variant else None,
            "gate": gate_of(request, listing.id) if listing.shop.is_selling else None,
            "groups": groups_of(listing, choice),
            "fixed_options": fixed_options(listing),
            "quantity": _quantity(request),
            "stock_text": stock_text(choice),
            "pictures": _pictures(listing, choice),
            "more": at_lower_prices(more_from_shop(shop_id=listing.shop.id, but=listing.id), now),
            "can_be_paid": is_taken(listing.currency),
            "has_range": listing.price_max_minor > listing.price_minor,
            "list_before": page_before(request, views=LIST_PAGES, carried=request.GET.get(BACK_FIELD, "")),
            "bought_tag": BOUGHT_TAG,  # of messages that stand beside the button
            "is_fragment": asks_for_fragment(request),
            **_for_programs(listing, platform_url(address), notes),
        }
        response = render(request, "discovery/product.html", context)
        if asks_for_fragment(request):
            response["HX-Replace-Url"] = _address(address, choice)
        return response

    def post(self, request: HttpRequest, listing_id: UUID) -> HttpResponse:
        """Show the choice of the form, where no script does it as soon as the choice is made."""
        kept = (VARIANT_FIELD, QUANTITY_FIELD, BACK_FIELD)
        chosen = {name: str(value) for name, value in request.POST.items() if name in kept or _is_option(name)}
        return redirect(f"{reverse('discovery:product', args=[listing_id])}?{urlencode(chosen)}#buy")


def _is_option(name: str) -> bool:
    return name.startswith(OPTION_FIELD)


def _address(address: str, choice: Choice) -> str:
    """Return the address of the page with the choice, to be kept and sent on."""
    if choice.variant is not None:
        return f"{address}?{urlencode({VARIANT_FIELD: choice.variant.id})}"
    return f"{address}?{urlencode({OPTION_FIELD + name: value for name, value in choice.picked.items()})}"


def _quantity(request: HttpRequest) -> int:
    """Return the quantity that was entered before, even where there is less: the page says how many are left."""
    entered = request.GET.get(QUANTITY_FIELD, "")
    return int(entered) if entered.isascii() and entered.isdigit() and len(entered) <= len("999") else 1


def _pictures(listing: ListingDetail, choice: Choice) -> list[tuple[int, Picture]]:
    """Return the pictures, each with its number, the one of the choice first."""
    numbered = list(enumerate(listing.pictures, 1))
    shown = picture_place(listing.pictures, choice)
    return [*numbered[shown : shown + 1], *numbered[:shown], *numbered[shown + 1 :]]


def _for_programs(listing: ListingDetail, canonical: str, notes: PriceNotes) -> dict[str, Any]:
    """Return the data of the page that search engines, and apps that show a link, read."""
    crumbs = _crumbs(listing)
    is_sold = listing.shop.is_selling and is_taken(listing.currency)
    return {
        "crumbs": crumbs,
        "canonical": canonical,
        "summary": _summary(listing),
        "structured_data": structured_data(listing, url=canonical, crumbs=crumbs, is_sold=is_sold, lower=notes.lower),
        "social_type": "product",
        "social_image": full_picture_url(listing.pictures[0].file) if listing.pictures else "",
        "plain_price": plain_amount(min(asked_prices(listing, notes.lower))),
        "social_availability": "in stock" if is_sold and listing.is_in_stock else "out of stock",
    }


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


def _goods(listing: ListingDetail) -> list[Goods]:
    """Return a piece of each variant."""
    return [Goods(variant.weight_g, variant.price_minor) for variant in listing.variants]
