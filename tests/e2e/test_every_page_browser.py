"""Every page, as whoever may see it: it fits a phone, its browser complains of nothing, its links lead somewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from runtime.datadir import PROJECT_ROOT
from tests.e2e_crawler import Crawler
from tests.e2e_visitor import Visitor

PICTURES = PROJECT_ROOT / "test-results"
WIDTHS = (1280, 390)
SHOP = "indigo-fabrics"
FIRST_ROW_LINK = "main table tbody a[href]"

# Loads what is loaded lazily, too, and returns the addresses of images that cannot be shown.
BROKEN_IMAGES = """async () => {
    scrollTo(0, 0);
    const images = [...document.images];
    for (const image of images) image.loading = "eager";
    await Promise.all(images.map((image) => image.decode().catch(() => {})));
    return images.filter((image) => !image.naturalWidth).map((image) => image.currentSrc || image.src);
}"""

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
        "new-address": "/account/addresses/add/",
        "notifications": "/notifications/",
    },
    "fabrics": {
        "desk-today": "/dashboard/",
        "desk-orders": "/dashboard/orders/?status=all",
        "desk-order": f"/dashboard/orders/?status=all >> {FIRST_ROW_LINK}",
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
    },
    "operator": {
        "console-overview": "/operator/",
        "console-applications": "/operator/applications/",
        "console-application": f"/operator/applications/ >> {FIRST_ROW_LINK}",
        "console-shops": "/operator/shops/",
        "console-shop": f"/operator/shops/{SHOP}/",
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
    faults = list(_faults(guest, "basket"))
    guest.fill_in_checkout("pictures@example.com")
    faults += _faults(guest, "checkout")
    guest.order()
    faults += _faults(guest, "payment")
    guest.press("Fail")
    faults += _faults(guest, "order-declined")
    guest.press("Try again")
    guest.press("Pay", exact=False)
    expect(guest.page.get_by_text("Thank you, it is paid")).to_be_visible()
    faults += _faults(guest, "order-paid")
    with guest.refused_with(404):
        guest.open("/nowhere/")
    faults += _faults(guest, "not-found")
    assert faults == []


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
        yield from _faults(visitor, name)


def _faults(visitor: Visitor, name: str) -> Iterator[str]:
    """Take pictures of the open page, and say on which screens it lacks an image or must be scrolled sideways."""
    PICTURES.mkdir(exist_ok=True)
    for width in WIDTHS:
        visitor.page.set_viewport_size({"width": width, "height": 900})
        for image in visitor.page.evaluate(BROKEN_IMAGES):
            yield f"{name} at {width}: {image}"
        visitor.page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True, animations="disabled")
        if visitor.is_wider_than_the_screen():
            yield f"{name} at {width}"
