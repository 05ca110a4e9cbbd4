"""Every page, as somebody who may see it: it fits its screens and limits; axe and the browser complain of nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.world.crawler import Crawler
from tests.world.every_page import FILES_AND_REDIRECTS, OWN_SHOP, Place, places
from tests.world.page_checks import accessibility_violations, faults_of_page
from tests.world.page_measures import MOST_BYTES, Meter
from tests.world.visitor import Visitor

Visit = Callable[..., Visitor]
PEOPLE = ("", "buyer", "fabrics", "operator")
HOSTS = {"fabrics": OWN_SHOP}
LOCALES = {"fabrics": "fr-FR", "operator": "fr-FR"}  # whose words are longer than the English ones


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_fits_its_screens_and_its_limits(visit: Visit, examples: dict[str, Any], who: str) -> None:
    visitor = visit(who)
    if who in LOCALES:
        visitor = visit(who, locale=LOCALES[who])
    if not who:
        visitor.buy("Table runner, adire")  # checkout shows nothing to an empty basket
    meter = Meter(visitor)
    theirs = [place for place in places(examples) if place.who == who]
    assert [fault for place in theirs for fault in _faults_of(visitor, meter, place)] == []
    assert theirs
    expect(visitor.page.locator("html")).to_have_attribute("lang", re.compile(f"^{LOCALES.get(who, 'en')[:2]}"))


def test_files_and_redirects_are_no_pages(visit: Visit, examples: dict[str, Any]) -> None:
    """Otherwise a page could be left out by a line in the list."""
    left_out = list(places(examples, are_pages=False))
    assert {place.door for place in left_out} == set(FILES_AND_REDIRECTS)
    pages, visitors = [], {who: visit(who) for who in PEOPLE}
    for place in left_out:
        visitor = visitors[place.who]
        with _crawler(visitor) as crawler:
            answer = crawler.get(visitor.url(place.path, shop=place.shop))
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        if answer.is_success and is_page:
            pages.append(f"{place.door} answers {answer.status_code} to {place.who or 'nobody'}")
    assert pages == []


def test_pages_of_buying_fit_their_screens_and_load_without_complaint(visit: Visit) -> None:
    guest = visit()
    guest.buy("Guinea brocade, ten yards", "Ash")
    guest.buy("Cast-iron suya grill")
    faults = list(faults_of_page(guest, "basket"))
    guest.fill_in_checkout("pictures@example.com")
    faults += faults_of_page(guest, "checkout")
    guest.order()
    faults += faults_of_page(guest, "payment")
    guest.press("Fail")
    faults += faults_of_page(guest, "order-declined")
    guest.press("Try again")
    guest.press("Pay", exact=False)
    expect(guest.page.get_by_text("Thank you, it is paid")).to_be_visible()
    faults += faults_of_page(guest, "order-paid")
    with guest.refused_with(404):
        guest.open("/nowhere/")
    faults += faults_of_page(guest, "not-found")
    assert faults == []


def test_axe_complains_of_a_page_that_is_wrong(visit: Visit) -> None:
    guest = visit()
    guest.open()
    assert accessibility_violations(guest.page) == []
    guest.page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    [violation] = accessibility_violations(guest.page)
    assert violation.startswith("button-name")


@pytest.mark.parametrize(
    "change", ["each.style.color = '#bbb'", "each.parentElement.style.background = '#666'", "each.style.opacity = 0.3"]
)
def test_text_without_contrast_is_found_on_a_page_that_has_passed(visit: Visit, change: str) -> None:
    guest = visit()
    guest.open()
    assert accessibility_violations(guest.page) == accessibility_violations(guest.page) == []
    guest.page.evaluate(f"() => {{ const each = document.querySelector('main h2'); {change}; }}")
    assert [each.partition(":")[0] for each in accessibility_violations(guest.page)][:1] == ["color-contrast"]


def test_heavy_and_moving_pages_are_found(visit: Visit) -> None:
    guest = visit()
    body = "<style>p { margin-top: 0 }</style><p>Here it is</p>" + "x" * MOST_BYTES
    moves = "<script>setTimeout(() => { document.querySelector('p').style.marginTop = '400px'; }, 50)</script>"
    guest.page.route("**/heavy/", lambda route: route.fulfill(body=body + moves, content_type="text/html"))
    faults = list(Meter(guest).faults_of(guest.url("/heavy/"), wait_ms=200))
    assert len(faults) == 2, faults


@pytest.mark.parametrize(
    ("who", "start", "depth"),
    [("", "/", 3), ("buyer", "/orders/", 2), ("fabrics", "/dashboard/", 3), ("operator", "/operator/", 3)],
)
def test_no_link_is_dead(visit: Visit, who: str, start: str, depth: int) -> None:
    visitor = visit(who)
    with _crawler(visitor) as crawler:
        crawler.crawl(visitor.url(start, shop=HOSTS.get(who, "")), depth=depth)
    assert crawler.dead == []
    assert len(crawler.seen) > 20


def _faults_of(visitor: Visitor, meter: Meter, place: Place) -> Iterator[str]:
    address = visitor.url(place.path, shop=place.shop)
    visitor.page.set_viewport_size({"width": 1280, "height": 900})
    for fault in meter.faults_of(address):
        yield f"{place.path}: {fault}"
    if visitor.page.url.partition("?")[0] != address.partition("?")[0]:
        yield f"{place.path} leads to {visitor.page.url}"
    yield from faults_of_page(visitor, place.path.strip("/").replace("/", "-").replace("?", "-") or "home")


def _crawler(visitor: Visitor) -> Crawler:
    cookies: list[Any] = visitor.context.cookies()
    return Crawler(visitor.market.port, {cookie["name"]: cookie["value"] for cookie in cookies})
