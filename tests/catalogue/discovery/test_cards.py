"""Cards of listings are drawn once, and again when anything on them changes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

from catalogue.discovery.selectors.pages import find_listings
from catalogue.discovery.selectors.query import ListingQuery
from catalogue.discovery.templatetags import product_cards
from catalogue.discovery.templatetags.product_cards import product_card
from catalogue.services.products import update_product
from catalogue.services.stock import set_on_hand
from tests.world.clock import NOW
from tests.world.factories.catalogue import add_product, product_input, variant, variant_ids
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db
Commits = Callable[..., AbstractContextManager[Any]]


@pytest.mark.urls("config.urls_platform")
def test_a_card_is_drawn_once_for_what_is_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    add_product(open_shop("indigo-fabrics"), "Tote <b>& more")
    (card,) = find_listings(ListingQuery()).cards
    product_cards._drawn.cache_clear()
    drawn: list[str] = []
    monkeypatch.setattr(
        product_cards, "render_to_string", lambda name, context: drawn.append(name) or render_to_string(name, context)
    )
    assert product_card(card) == product_card(card._replace())
    assert "Tote &lt;b&gt;&amp; more" in product_card(card)
    assert "Indigo Fabrics" in product_card(card)
    assert "Indigo Fabrics" not in product_card(card, in_shop=True)
    assert len(drawn) == 2
    assert "Sold out" in product_card(card._replace(is_in_stock=False))
    assert len(drawn) == 3


@pytest.mark.parametrize("path", ["/", "/search/", "/shops/indigo-fabrics/"])
def test_pages_show_every_change_at_once(
    client: Client, path: str, settings: Any, django_capture_on_commit_callbacks: Commits
) -> None:
    shop = open_shop("indigo-fabrics")
    with django_capture_on_commit_callbacks(execute=True):
        product = add_product(shop, "Tote", variants=[variant("A", 100_000)])
    (variant_id,) = variant_ids(shop, product.id)

    def page() -> str:
        return client.get(path, HTTP_HOST=settings.BASE_DOMAIN).content.decode()

    assert "₦1,000" in page()
    with django_capture_on_commit_callbacks(execute=True):
        renamed = product_input("Satchel", variants=[variant("A", 150_000, on_hand=None)])
        update_product(shop=shop, product_id=product.id, data=renamed, now=NOW)
    changed = page()
    assert ("Satchel" in changed, "₦1,500" in changed, "₦1,000" in changed) == (True, True, False)
    with django_capture_on_commit_callbacks(execute=True):
        set_on_hand(shop=shop, variant_id=variant_id, on_hand=0, source="", now=NOW)
    assert ("Sold out" in page()) is (path != "/")  # the first page shows what can be had
