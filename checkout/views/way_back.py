"""The way back from the basket and from an order to the shops."""

from django.http import HttpRequest
from django.urls import reverse

from catalogue.discovery.selectors.lists import LIST_PAGES, PRODUCT_PAGE
from kit.web.page_before import page_before


def shopping_url(request: HttpRequest) -> str:
    """Return the address of the list or product that the buyer came from; that of all products where it was neither."""
    return page_before(request, views=LIST_PAGES | {PRODUCT_PAGE}) or reverse("discovery:search")
