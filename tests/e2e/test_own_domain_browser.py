"""A shop at a domain of its own in a real browser, under the real Content-Security-Policy and cookie rules."""

from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.e2e.conftest import QUIETLY
from tests.world.domains import prove
from tests.world.live_site import LiveSite
from tests.world.visitor import CHROMIUM

HOST = "indigo-shop.localhost"  # Chromium resolves every name below localhost


def sign_in(page: Page, email: str = "fabrics@example.com") -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill("secret-pass-1")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("has_javascript", [True, False])
def test_a_vendor_signs_in_on_the_platform_and_works_at_the_shops_own_domain(
    live_site: LiveSite, shops: list[Any], has_javascript: bool
) -> None:
    prove(shops[0], HOST, primary=True)
    there = live_site.url("/dashboard/products/").replace("kasuwa.localhost", HOST)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        context = browser.new_context(java_script_enabled=has_javascript)
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)

        page.goto(live_site.url("/dashboard/products/", shop=shops[0].slug))  # sent on to where the shop lives
        assert page.url.startswith(live_site.url("/account/sign-in/?next="))
        sign_in(page)
        page.wait_for_url(there)
        assert page.get_by_role("heading", level=1).inner_text() == "Products"
        sessions = {cookie["domain"] for cookie in context.cookies() if cookie["name"] == "kasuwa_session"}
        assert sessions == {HOST, ".kasuwa.localhost"}

        page.goto(there.replace("/dashboard/products/", "/account/sign-out/"))
        page.get_by_role("main").get_by_role("button", name="Sign out").click()
        page.wait_for_url(live_site.url(f"/shops/{shops[0].slug}/"))
        page.goto(there)  # still signed in on the platform, so nothing is asked
        assert page.url == there
        assert complaints == []
        browser.close()


def test_who_does_not_work_there_is_asked_before_the_shop_knows_them(live_site: LiveSite, shops: list[Any]) -> None:
    prove(shops[0], HOST, primary=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        context = browser.new_context()
        page = context.new_page()
        page.goto(live_site.url("/dashboard/").replace("kasuwa.localhost", HOST))
        sign_in(page, "kitchen@example.com")
        page.get_by_role("heading", name=f"Sign in to {HOST}?").wait_for()
        assert not [cookie for cookie in context.cookies(f"http://{HOST}") if cookie["name"] == "kasuwa_session"]
        page.get_by_role("button", name=f"Go on to {HOST}").click()
        page.wait_for_url(f"http://{HOST}:*/dashboard/")
        page.get_by_role("heading", name="Nothing at this stall").wait_for()  # signed in, and not their shop
        assert [cookie for cookie in context.cookies(f"http://{HOST}") if cookie["name"] == "kasuwa_session"]
        browser.close()
