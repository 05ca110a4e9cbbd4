"""Everything a buyer needs works in a browser that runs no scripts."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.world.visitor import Visitor

TITLE = "Cast-iron frying pan"


def test_search_with_filters_basket_checkout_and_payment(visit: Callable[..., Visitor]) -> None:
    guest = visit(java_script_enabled=False)
    page, main = guest.page, guest.page.get_by_role("main")
    guest.open()
    guest.search("cast-iron")
    everything = main.get_by_role("heading", level=1)
    expect(everything).to_be_visible()

    main.get_by_role("group", name="Shop").get_by_role("checkbox", name="Copper Kitchen").check()
    main.get_by_label("To", exact=True).fill("30000")
    guest.press("Show", exact=False)
    expect(page.get_by_role("list", name="Active filters").get_by_text("Copper Kitchen")).to_be_visible()
    asked = parse_qs(urlsplit(page.url).query)
    assert (asked["q"], asked["shop"]) == (["cast-iron"], ["copper-kitchen"])
    expect(main.get_by_role("link", name="Cast-iron suya grill")).to_have_count(0)
    main.get_by_label("Sort").select_option(index=1)
    guest.press("Sort")
    assert "sort" in parse_qs(urlsplit(page.url).query)

    main.get_by_role("link", name=TITLE).first.click()
    guest.choose("26 cm")
    guest.add()
    main.get_by_role("link", name="Go to basket").click()
    quantity = page.get_by_role("spinbutton", name=f"Quantity of {TITLE}")
    one = guest.total_minor()
    quantity.fill("2")
    guest.press("Update")
    expect(quantity).to_have_value("2")
    assert guest.total_minor() == one + 26_500_00

    guest.fill_in_checkout("plain@example.com")
    guest.order()
    guest.press("Pay", exact=False)
    expect(page.get_by_text("Thank you, it is paid")).to_be_visible()


def test_what_is_missing_at_checkout_is_said_at_its_field(visit: Callable[..., Visitor]) -> None:
    guest = visit(java_script_enabled=False)
    guest.buy("Stovetop kettle")
    guest.fill_in_checkout("plain@example.com")
    guest.page.get_by_label("Town or city", exact=True).first.fill("")
    with guest.refused_with(422):
        guest.press("Order and pay", exact=False)
        city = guest.page.get_by_label("Town or city", exact=True).first
        expect(city).to_have_attribute("aria-invalid", "true")
    expect(guest.page.get_by_label("Full name").first).to_have_value("Ngozi Eze")
    assert guest.page.url == guest.url("/checkout/")


@pytest.mark.parametrize("has_scripts", [False, True])
def test_another_country_brings_its_regions_and_keeps_what_was_typed(
    visit: Callable[..., Visitor], *, has_scripts: bool
) -> None:
    guest = visit(java_script_enabled=has_scripts)
    page = guest.page
    guest.buy("Stovetop kettle")
    guest.open("/checkout/")
    page.get_by_label("Town or city", exact=True).first.fill("Kumasi")
    page.get_by_label("Country", exact=True).first.select_option("GH")
    button = page.get_by_role("button", name="Show the states of this country").first
    expect(button).to_be_visible(visible=not has_scripts)
    if not has_scripts:
        button.click()
    page.get_by_label("Region", exact=True).first.select_option(label="Ashanti")
    expect(page.get_by_label("Town or city", exact=True).first).to_have_value("Kumasi")
