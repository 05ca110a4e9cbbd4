"""Signing in with a real browser, under the real Content-Security-Policy."""

from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from tests.e2e.conftest import QUIETLY
from tests.world.live_site import LiveSite
from tests.world.visitor import CHROMIUM


@pytest.mark.parametrize("has_javascript", [True, False])
def test_a_vendor_signs_in_and_comes_back_to_the_shop(
    live_site: LiveSite, shops: list[Any], has_javascript: bool
) -> None:
    wanted = live_site.url("/account/sign-out/", shop=shops[0].slug)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        page = browser.new_page(java_script_enabled=has_javascript)
        page.goto(live_site.url("/account/sign-in/?next=/account/sign-out/", shop=shops[0].slug))
        assert page.url.startswith(live_site.url("/account/sign-in/?next="))
        page.get_by_label("E-mail address").fill("fabrics@example.com")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        assert "not right" in page.get_by_role("alert").inner_text()

        page.get_by_label("Password").fill("secret-pass-1")
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        page.wait_for_url(wanted)
        page.get_by_role("main").get_by_role("button", name="Sign out").click()
        page.wait_for_load_state()
        page.goto(live_site.url("/account/profile/"))
        assert "/account/sign-in/" in page.url
        browser.close()
