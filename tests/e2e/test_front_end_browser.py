"""A page of another origin buys over the API, and its buyer returns to it after paying."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

from playwright.sync_api import expect

from tests.world.visitor import Visitor

TITLE, SLUG = "Stovetop kettle", "copper-kitchen"


def test_a_page_of_another_origin_buys(visit: Callable[..., Visitor], front_end: str) -> None:
    buyer = visit()
    page = buyer.page
    about = {"api": buyer.url("").rstrip("/"), "shop": buyer.url("", shop=SLUG).rstrip("/"), "title": TITLE}
    with buyer.refused_with(401):
        page.goto(f"{front_end}/?{urlencode(about)}")
        said = page.locator("#said")
        expect(said).to_contain_text("Ordered KS-")
    found = re.fullmatch(r"Ordered (KS-\w+); 304 is 304; 401 token_\w+; (\d+)", said.inner_text())
    assert found is not None, said.inner_text()
    assert int(found[2]) >= 8
    assert page.locator("#picture").evaluate("(img) => img.decode().then(() => img.naturalWidth)") > 0

    page.get_by_role("link", name="Pay").click()
    page.wait_for_url("**/checkout/**")
    buyer.press("Pay", exact=False)
    page.wait_for_url(f"{front_end}/back?order={found[1]}")
    expect(said).to_have_text(f"{found[1]} is paid")
    assert page.context.cookies(buyer.url()) == []  # nothing of the market's is needed on the way


def test_a_page_of_an_origin_that_is_not_listed_may_not_call(visit: Callable[..., Visitor], front_end: str) -> None:
    buyer = visit()
    script = "(url) => fetch(url).then((answer) => `read ${answer.status}`, (error) => 'refused')"
    address = buyer.url("/api/v1/listings/")
    buyer.page.goto(front_end.replace("localhost", "127.0.0.1"))
    assert buyer.page.evaluate(script, address) == "refused"
    buyer.complaints.clear()  # the browser says so on its console
    buyer.page.goto(front_end)
    assert buyer.page.evaluate(script, address) == "read 200"
