"""A guest buys with the keyboard alone: each step is reached by Tab, seen, and pressed by Enter or chosen by arrows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

import pytest
from playwright.sync_api import Page, Route, expect

from demo.delivery import RIDER
from tests.world.visitor import ADDRESS, Visitor

MOST_TABS = 90  # between two steps
SANDALS, SOLD_BY = "Cross-strap sandals", "Aba Leather Works"
IN_LAGOS = ADDRESS | {"Town or city": "Ikeja", "State": "Lagos"}
STATION, COUPON = "Ikeja counter", "SHIPFREE"
LABEL = """() => {
    const element = document.activeElement;
    const label = element.labels?.[0]?.textContent || element.getAttribute("aria-label") || element.textContent;
    return [label.trim().replace(/\\s+/g, " "), element.matches(":focus-visible")];
}"""
IS_IN_VIEW = """() => {
    const element = document.activeElement;
    const box = (element.closest("label") || element).getBoundingClientRect();
    const middle = [box.left + box.width / 2, box.top + box.height / 2];
    const top = document.elementFromPoint(...middle);
    const isLabelled = element.closest("label") === top?.closest("label");
    return Boolean(top) && (element.contains(top) || top.contains(element) || isLabelled);
}"""


def tab_to(page: Page, label: str) -> None:
    """Press Tab until a control has the focus; each on the way shows that it has it, and nothing covers it."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        text, is_shown = page.evaluate(LABEL)
        if f"{text} ".startswith(f"{label} "):
            assert is_shown, f"The focus on {label} cannot be seen."
            assert page.evaluate(IS_IN_VIEW), f"Something covers {label}."
            return
    raise AssertionError(f"{label} was not reached.")


@contextmanager
def answer_held(page: Page) -> Iterator[None]:
    """Let the next request for a part of the page wait for its answer until the block has ended."""
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        if waiting or "hx-request" not in route.request.headers:
            route.continue_()
        else:
            waiting.append(route)

    page.route("**/*", hold)
    yield
    page.wait_for_function("() => document.querySelector('.htmx-request')")
    waiting[0].continue_()
    page.unroute("**/*")


@pytest.mark.parametrize("width", [1280, 390])
def test_from_the_search_to_the_payment_with_keys_alone(visit: Callable[..., Visitor], width: int) -> None:
    guest = visit(width=width)
    page = guest.page
    guest.open()
    tab_to(page, "Skip to content")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    guest.open()
    tab_to(page, "Search")
    page.keyboard.type("sun dress")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("sun dress")
    tab_to(page, "Adire sun dress")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Adire sun dress")).to_be_visible()

    tab_to(page, "S")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", checked=True)).to_be_focused()
    expect(page.locator("#choice-said")).to_contain_text("M: ")
    expect(page.get_by_role("radio", checked=True)).to_be_focused()
    tab_to(page, "Add to basket")
    page.keyboard.press("Enter")
    expect(page.locator("#added")).to_contain_text("Size: M")
    tab_to(page, "Check out")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Checkout")).to_be_visible()

    with guest.refused_with(422):
        tab_to(page, "Order and pay")
        page.keyboard.press("Enter")
        expect(page.get_by_label("E-mail")).to_be_focused()
    page.keyboard.type("keys@example.com")
    for label, words in ADDRESS.items():
        tab_to(page, label)
        page.keyboard.type(words)
    tab_to(page, "Order and pay")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: f":{guest.market.sandbox_port}/" in address)
    tab_to(page, "Pay")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Thank you, it is paid")).to_be_visible()


@pytest.mark.parametrize(("width", "has_scripts"), [(1280, True), (390, False)])
def test_a_coupon_and_a_pick_up_station_with_keys_alone(
    visit: Callable[..., Visitor], width: int, *, has_scripts: bool
) -> None:
    guest = visit(width=width, java_script_enabled=has_scripts)
    page = guest.page
    guest.open(f"/search/?q={SANDALS}")
    tab_to(page, SANDALS)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=SANDALS)).to_be_visible()
    tab_to(page, "40")
    with answer_held(page) if has_scripts else nullcontext():
        page.keyboard.press("ArrowRight")
        tab_to(page, "Add to basket")
    if has_scripts:
        expect(page.locator("#choice-said")).to_contain_text("41: ")
    expect(page.get_by_role("button", name="Add to basket")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#added")).to_contain_text("In your basket")
    tab_to(page, "Check out")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Checkout")).to_be_visible()

    tab_to(page, "E-mail")
    page.keyboard.type(f"keys-{width}@example.com")
    for label, words in IN_LAGOS.items():
        tab_to(page, label)
        page.keyboard.type(words)
    tab_to(page, "Show what delivery costs")
    page.keyboard.press("Enter")
    station = page.get_by_role("group", name=SOLD_BY).get_by_role("radio", name=f"Pick-up station: {STATION}")
    expect(station).to_be_enabled()

    with_rider = guest.total_minor()
    tab_to(page, "Rider")
    for _ in range(MOST_TABS):
        if station.is_checked():
            break
        page.keyboard.press("ArrowDown")
    expect(station).to_be_focused()
    tab_to(page, "Coupon code")
    page.keyboard.type(COUPON.lower())
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=f"Remove coupon {COUPON}")).to_be_visible()
    expect(station).to_be_checked()
    assert with_rider - guest.total_minor() == RIDER.price_minor, "the coupon pays what the station costs"

    tab_to(page, "Order and pay")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: f":{guest.market.sandbox_port}/" in address)
    tab_to(page, "Pay")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Thank you, it is paid")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(f"{STATION}, 23 Allen Avenue")
    expect(page.get_by_role("main")).to_contain_text(COUPON)
