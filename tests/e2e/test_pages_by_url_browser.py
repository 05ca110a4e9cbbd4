"""Pages of the URL configurations that no list names, once each: they fit a phone, and axe complains of nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from tests.e2e.test_every_page_browser import HOSTS, PAGES
from tests.world.market_process import run
from tests.world.page_checks import accessibility_violations, faults_of_page
from tests.world.page_list import page_of, plain_paths
from tests.world.visitor import OpenMarket, Visitor

Visit = Callable[..., Visitor]
SITES = {"": "platform", "buyer": "platform", "fabrics": "shop", "operator": "platform"}
# A guest's pages are listed as a guest's alone.
PLACES = {"": "", "buyer": r"/(account|orders|notifications)/", "fabrics": "", "operator": r"/operator/"}
MOST_PAGES = 40  # of one person; one more is a page that leads to endless others
ENDS_SOMETHING = re.compile(r"sign-out|log-?out|/language/")
BEADS = "Product BEADS-1"
SHOP_IN_CEDIS = """
from tenants.models import Shop
from tests.world.market import open_shop, stock
if not Shop.objects.filter(slug="accra-beads").exists():
    stock(open_shop("accra-beads", currency="GHS"), sku="BEADS-1", price_minor=12_000)
"""


@pytest.mark.parametrize("who", PAGES)
def test_pages_that_no_list_names(visit: Visit, who: str) -> None:
    visitor = visit(who, width=390)
    listed = {page_of(visitor.url(path, shop=HOSTS.get(who, ""))) for path in PAGES[who].values() if ">>" not in path}
    faults, pages = [], []
    for page, address in _unlisted_pages(visitor, who, listed):
        pages.append(page)
        visitor.page.goto(address)
        if visitor.is_wider_than_the_screen():
            faults.append(f"{address} must be scrolled sideways")
        faults += [f"{address}: {violation}" for violation in accessibility_violations(visitor.page)]
    assert faults == []
    assert 0 < len(pages) <= MOST_PAGES, pages


def test_a_basket_of_two_currencies(visit: Visit, market: OpenMarket) -> None:
    made = run(market.data_dir, "shell", "-v0", "-c", SHOP_IN_CEDIS)
    assert made.returncode == 0, made.stderr
    guest = visit()
    guest.buy("Table runner, adire")
    guest.buy(BEADS)
    assert {"₦", "GH₵"} <= set(re.findall(r"₦|GH₵", guest.page.get_by_role("main").inner_text()))
    assert list(faults_of_page(guest, "basket-of-two-currencies")) == []


def _unlisted_pages(visitor: Visitor, who: str, listed: set[str]) -> Iterator[tuple[str, str]]:
    """Yield each page that no list names and its address: the plain paths, then what the opened pages link to."""
    shop = HOSTS.get(who, "")
    waiting = [visitor.url(path, shop=shop) for path in plain_paths(SITES[who])]
    known: set[str] = set()
    place = re.compile(PLACES[who])
    while waiting:
        address = waiting.pop(0)
        page = page_of(address)
        if not page or page in known or ENDS_SOMETHING.search(address) or not place.match(urlsplit(address).path):
            continue
        known.add(page)
        if not _is_a_page(visitor, address):
            continue
        if page in listed:
            visitor.page.goto(address)
        else:
            yield page, address
        waiting += visitor.page.evaluate("[...document.querySelectorAll('main a[href]')].map((link) => link.href)")


def _is_a_page(visitor: Visitor, address: str) -> bool:
    """Return whether an address answers with a page of its own, rather than with a refusal, a redirect or a file."""
    parts = urlsplit(address)
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in visitor.context.cookies(address))
    with closing(HTTPConnection("127.0.0.1", visitor.market.port)) as connection:
        connection.request(
            "GET", parts._replace(scheme="", netloc="").geturl(), headers={"Host": parts.netloc, "Cookie": cookies}
        )
        answer = connection.getresponse()
        return answer.status == 200 and answer.headers.get_content_type() == "text/html"
