"""`{% product_card card %}`: a listing in the form that lists show."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from catalogue.discovery.selectors.cards import ListingCard
from kit.web.template_loaders import FORGET_DRAWN

CARDS_REMEMBERED = 1024  # a kilobyte and a half each

register = template.Library()


@register.simple_tag
def product_card(card: ListingCard, *, is_first: bool = False, in_shop: bool = False) -> SafeString:
    """Show a listing; the first of a page is loaded eagerly, and within a shop's page the shop is not named again.

    Cards are most of what a page costs. What one looks like depends on the language and on what is handed over, so it
    is drawn once for as long as neither changes.
    """
    return _drawn(card, is_first, in_shop, get_language() or "")


@lru_cache(maxsize=CARDS_REMEMBERED)
def _drawn(card: ListingCard, is_first: bool, in_shop: bool, language: str) -> SafeString:  # noqa: ARG001
    """Draw a card in the language that is active, which tells apart what is remembered."""
    return render_to_string("discovery/_card.html", {"card": card, "eager": is_first, "in_shop": in_shop})


FORGET_DRAWN.append(_drawn.cache_clear)
