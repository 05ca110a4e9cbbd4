"""Unbroken words as long as a field takes them, on the pages that show them, at the width of a telephone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone
from django_tenants.utils import schema_context
from playwright.sync_api import Browser, sync_playwright

from catalogue.discovery.models import Listing
from catalogue.models import Product
from checkout.cart.buy_links import buy_url
from checkout.fulfilment.services.zones import Method, Zone
from checkout.waiting_room.open_rooms import open_room
from checkout.waiting_room.rooms import forget_rooms
from checkout.zones.change_zones import add_zone
from tenants.models import Role, Shop
from tests.e2e.conftest import QUIETLY
from tests.world.clock import NOW
from tests.world.own_shop import Staffed, member, page_client, staffed
from tests.world.visitor import CHROMIUM

pytestmark = pytest.mark.django_db
WIDTH = 390
SCRIPTS_AND_LINKS = re.compile(r"<script\b.*?</script>|<link\b.*?>", re.DOTALL)
WORD = "Adirewrapperwithoutanyblankinitswholename" + "W" * 38  # 79 letters: a zone's name takes 80


@pytest.fixture
def own() -> Staffed:
    """A shop of which every name is one word."""
    own = staffed("indigo-fabrics")
    Shop.objects.filter(pk=own.shop.pk).update(name=WORD)
    own.shop.refresh_from_db()
    with schema_context(own.shop.schema_name):
        Product.objects.update(title=WORD)
    Listing.objects.update(title=WORD)
    return own


def pages_of(own: Staffed, buyer: Client) -> Iterator[tuple[str, str]]:
    """Give the pages as a buyer and the shop's manager get them, by name."""
    zone = Zone(name=WORD, country="NG", subdivisions=("NG-LA",), towns=(WORD,), methods=(Method(name=WORD),))
    added = add_zone(shop=own.shop, zone=zone, actor_id=None, now=NOW)
    item = own.stocked
    path = f"/products/{item.product_id}/"
    buyer.post("/cart/add/", {"variant": str(item.variant_id), "quantity": 1})
    link = buy_url({item.variant_id: 1}).removeprefix("http://kasuwa.localhost:8000")
    for name in ("/", "/search/", path, f"/shops/{own.shop.slug}/", link, "/cart/", "/checkout/"):
        yield name, buyer.get(name, follow=True).content.decode()
    now = timezone.now()
    times = {"opens_at": now + timedelta(minutes=5), "closes_at": now + timedelta(hours=1)}
    open_room(shop=own.shop, listing_id=item.product_id, per_minute=1, now=now, **times)
    forget_rooms()
    waiting = buyer.get(f"/waiting-room/{item.product_id}/")
    assert waiting.status_code == 200
    yield "waiting room", waiting.content.decode()
    desk = page_client(own.shop, member(own.shop, Role.MANAGER))
    zones = "/dashboard/settings/delivery/"
    for name in ("/dashboard/", "/dashboard/products/", zones, f"{zones}{added.id}/", f"{zones}{added.id}/remove/"):
        yield name, desk.get(name, follow=True).content.decode()


def widths(browser: Browser, pages: dict[str, str]) -> dict[str, int]:
    """Return how wide the pages are, with the market's own style and without scripts."""
    found = finders.find("css/kasuwa.css")
    style = f"<style>{Path(str(found)).read_text()}</style>"
    with browser.new_context(viewport={"width": WIDTH, "height": 900}) as context:
        page = context.new_page()
        page.route("**/*", lambda route: route.abort())
        measured = {}
        for name, html in pages.items():
            page.set_content(SCRIPTS_AND_LINKS.sub("", html).replace("</head>", f"{style}</head>"), wait_until="commit")
            measured[name] = int(page.evaluate("document.documentElement.scrollWidth"))
        return measured


SENTENCES = ("It takes 5 % of the items.", "It adds 50 for each unit.", "It takes at most 5,000 per unit.")
CELL = "".join(f'<span class="block">{sentence}</span>' for sentence in SENTENCES)
STACKED = f'<table class="data-table is-stacked"><tr><td data-label="Takes">{CELL}</td></tr></table>'
BOXES = "[...document.querySelectorAll('td > *')].map(each => each.getBoundingClientRect())"


def test_parts_of_a_stacked_cell_stand_below_each_other() -> None:
    style = f"<style>{Path(str(finders.find('css/kasuwa.css'))).read_text()}</style>"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        page = browser.new_page(viewport={"width": WIDTH, "height": 900})
        page.set_content(f"<html><head>{style}</head><body>{STACKED}</body></html>")
        parts = page.evaluate(f"{BOXES}.map(box => [box.top, box.right])")
        browser.close()
    tops, ends = zip(*parts, strict=True)
    assert sorted(set(tops)) == list(tops), "one line for each sentence"
    assert len(set(ends)) == 1


def test_a_long_word_widens_no_page(own: Staffed, client: Client) -> None:
    pages = dict(pages_of(own, client))
    unnamed = [name for name, html in pages.items() if WORD not in html]
    assert unnamed == []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        found = widths(browser, pages)
        browser.close()
    assert {name: width for name, width in found.items() if width > WIDTH} == {}
