"""Every page, as whoever may see it: it fits a phone, axe and the browser complain of nothing, its links lead on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.world.crawler import Crawler
from tests.world.page_checks import accessibility_violations, faults_of_page
from tests.world.visitor import Visitor

SHOP = "indigo-fabrics"
FIRST_ROW_LINK = "main table tbody a[href]"

Visit = Callable[..., Visitor]

# Who looks, at which pages; a selector opens what the page before links to first.
PAGES: dict[str, dict[str, str]] = {
    "": {
        "home": "/",
        "search": "/search/?q=cotton",
        "nothing-found": "/search/?q=xylophonists",
        "product": "/search/?q=ankara >> main .product-grid a",
        "shop": f"/shops/{SHOP}/",
        "empty-basket": "/cart/",
        "sign-in": "/account/sign-in/",
        "sign-up": "/account/sign-up/",
        "sell": "/sell/",
        "apply": "/sell/apply/",
        "forgotten-password": "/account/password/reset/",
    },
    "buyer": {
        "orders": "/orders/",
        "order": f"/orders/ >> {FIRST_ROW_LINK}",
        "profile": "/account/profile/",
        "addresses": "/account/addresses/",
        "own-data": "/account/data/",
        "own-shops": "/account/shops/",
        "new-address": "/account/addresses/add/",
        "notifications": "/notifications/",
    },
    "fabrics": {
        "desk-today": "/dashboard/",
        "desk-orders": "/dashboard/orders/?status=all",
        "desk-order": f"/dashboard/orders/?status=all >> {FIRST_ROW_LINK}",
        "desk-ship": "/dashboard/orders/ship/",
        "desk-packing-list": "/dashboard/orders/packing-list/",
        "desk-products": "/dashboard/products/",
        "desk-product": f"/dashboard/products/ >> {FIRST_ROW_LINK}",
        "desk-new-product": "/dashboard/products/new/",
        "desk-balance": "/dashboard/balance/",
        "desk-profile": "/dashboard/settings/profile/",
        "desk-policies": "/dashboard/settings/policies/",
        "desk-delivery": "/dashboard/settings/delivery/",
        "desk-bank-account": "/dashboard/settings/bank-account/",
        "desk-preview": "/dashboard/setup/preview/",
        "desk-domains": "/dashboard/settings/domains/",
        "desk-imports": "/dashboard/products/import/",
        "desk-status": "/dashboard/settings/status/",
        "desk-export": "/dashboard/settings/export/",
        "desk-staff": "/dashboard/staff/",
        "desk-activity": "/dashboard/activity/",
        "desk-setup": "/dashboard/setup/",
    },
    "operator": {
        "console-overview": "/operator/",
        "console-applications": "/operator/applications/",
        "console-application": f"/operator/applications/ >> {FIRST_ROW_LINK}",
        "console-shops": "/operator/shops/",
        "console-shop": f"/operator/shops/{SHOP}/",
        "console-shop-commission": f"/operator/shops/{SHOP}/commission/",
        "console-orders": "/operator/orders/",
        "console-order": f"/operator/orders/?status=paid >> {FIRST_ROW_LINK}",
        "console-payments": "/operator/payments/",
        "console-refunds": "/operator/refunds/",
        "console-inbox": "/operator/inbox/",
        "console-event": f"/operator/inbox/ >> {FIRST_ROW_LINK}",
        "console-ledger": "/operator/ledger/",
        "console-journals": "/operator/ledger/journals/",
        "console-journal": f"/operator/ledger/journals/ >> {FIRST_ROW_LINK}",
        "console-audit-log": "/operator/audit-log/",
        "console-categories": "/operator/categories/",
        "console-category": f"/operator/categories/ >> {FIRST_ROW_LINK}",
        "console-category-remove": "/operator/categories/1/remove/",
        "console-schemas": "/operator/migrations/",
        "console-forget": "/operator/people/forget/",
        "console-bulk-jobs": "/operator/bulk-jobs/",
        "console-traffic": "/operator/traffic/",
        "console-shop-limit": f"/operator/traffic/{SHOP}/",
    },
}
HOSTS = {"fabrics": SHOP}


@pytest.mark.parametrize("who", PAGES)
def test_pages_fit_their_screens_and_load_without_complaint(visit: Visit, who: str) -> None:
    visitor = visit(who)
    assert list(_faults_of_pages(visitor, who)) == []


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
    ("who", "start", "depth"),
    [("", "/", 3), ("buyer", "/orders/", 2), ("fabrics", "/dashboard/", 3), ("operator", "/operator/", 3)],
)
def test_no_link_is_dead(visit: Visit, who: str, start: str, depth: int) -> None:
    visitor = visit(who)
    cookies: list[Any] = visitor.context.cookies()
    with Crawler(visitor.market.port, {cookie["name"]: cookie["value"] for cookie in cookies}) as crawler:
        crawler.crawl(visitor.url(start, shop=HOSTS.get(who, "")), depth=depth)
    assert crawler.dead == []
    assert len(crawler.seen) > 20


def _faults_of_pages(visitor: Visitor, who: str) -> Iterator[str]:
    for name, place in PAGES[who].items():
        path, _, selector = place.partition(" >> ")
        visitor.open(path, shop=HOSTS.get(who, ""))
        if selector:
            address = visitor.page.locator(selector).first.get_attribute("href")
            assert address is not None
            visitor.page.goto(visitor.page.evaluate("(href) => new URL(href, location).href", address))
        yield from faults_of_page(visitor, name)
