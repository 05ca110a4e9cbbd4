"""`{% product_card card %}`: a listing in the form that lists show."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from catalogue.discovery.selectors.cards import ListingCard

CARDS_REMEMBERED = 1024  # a kilobyte and a half each

register = template.Library()


@register.simple_tag
def product_card(card: ListingCard, *, is_first: bool = False, in_shop: bool = False) -> SafeString:
    """Show a listing; the first of a page is loaded eagerly, and within a shop's page the shop is not named again.

    Cards are most of what a page costs. What one looks like depends on nothing but what is handed over, so it is drawn
    once for as long as none of that changes.
    """
    return _drawn(card, is_first, in_shop)


@lru_cache(maxsize=CARDS_REMEMBERED)
def _drawn(card: ListingCard, is_first: bool, in_shop: bool) -> SafeString:
    return render_to_string("discovery/_card.html", {"card": card, "eager": is_first, "in_shop": in_shop})
