"""Buying that does not go straight: declined, abandoned, sold out, dearer than a moment ago, begun as a guest."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.world.visitor import Visitor

Visit = Callable[..., Visitor]


def test_a_declined_payment_is_tried_again(visit: Visit) -> None:
    guest = visit()
    guest.buy("Table runner, adire")
    guest.fill_in_checkout("declined@example.com")
    guest.order()
    guest.press("Fail")
    expect(guest.page.get_by_text("The payment failed. Nothing was charged.")).to_be_visible()

    guest.press("Try again")
    guest.press("Pay", exact=False)
    expect(guest.page.get_by_text("Thank you, it is paid")).to_be_visible()
    expect(guest.page.get_by_role("button", name="Try again")).to_have_count(0)


def test_an_abandoned_order_is_cancelled_and_leaves_the_shelf_as_it_was(visit: Visit) -> None:
    guest = visit()
    guest.find("Strip-woven blanket")
    quantity = guest.page.get_by_role("spinbutton", name="Quantity")
    on_the_shelf = quantity.get_attribute("max")
    product = guest.page.url
    guest.add()
    guest.fill_in_checkout("abandoned@example.com")
    guest.order()
    guest.press("Abandon")
    expect(guest.page.get_by_text("This order waits for your payment.")).to_be_visible()
    order = guest.page.url
    guest.page.goto(product)
    assert quantity.get_attribute("max") != on_the_shelf

    guest.page.goto(order)
    guest.press("Cancel the order")
    expect(guest.page.get_by_text("Your order is cancelled. If a payment still arrives")).to_be_visible()
    expect(guest.page.get_by_role("button", name="Pay", exact=False)).to_have_count(0)
    guest.page.goto(product)
    assert quantity.get_attribute("max") == on_the_shelf


def test_what_is_sold_out_cannot_be_chosen(visit: Visit) -> None:
    guest = visit()
    guest.find("Adire camp-collar shirt")
    sold_out = guest.page.get_by_role("radio", name="XL")
    expect(sold_out).to_be_disabled()
    expect(guest.page.get_by_role("radio", name="S", exact=True)).to_be_enabled()

    sold_out.evaluate("radio => { radio.disabled = false; radio.checked = true; }")
    with guest.refused_with(422):
        guest.press("Add to basket")
        expect(guest.page.locator("#added")).to_contain_text("sold out")
    guest.open("/cart/")
    expect(guest.page.get_by_text("Your basket is empty")).to_be_visible()


def test_a_price_that_changed_meanwhile_is_shown_before_anything_is_ordered(visit: Visit) -> None:
    guest, owner = visit(), visit("kitchen")
    guest.buy("Table-top charcoal grill")
    guest.fill_in_checkout("dearer@example.com")
    before = guest.total_minor()
    raised = set_price(owner, "Table-top charcoal grill", by=1_000)
    try:
        with guest.refused_with(409):
            guest.press("Order and pay", exact=False)
            expect(guest.page.get_by_text("Please look again")).to_be_visible()
        assert guest.page.url == guest.url("/checkout/")
        assert guest.total_minor() == before + 1_000_00
        expect(guest.page.get_by_label("Full name").first).to_have_value("Ngozi Eze")
        guest.order()
        expect(guest.page.get_by_role("heading", level=1)).to_contain_text(f"{raised + 2_500:,}")
    finally:
        set_price(owner, "Table-top charcoal grill", by=-1_000)


def set_price(owner: Visitor, title: str, *, by: int) -> int:
    """Change a product's only price on the owner's page, and return the new one in naira."""
    owner.open("/dashboard/products/?q=grill", shop="copper-kitchen")
    owner.page.get_by_role("main").get_by_role("link", name=title).click()
    field = owner.page.get_by_role("table", name="Variants").get_by_label("Price").first
    price = int(field.input_value().partition(".")[0].replace(",", "")) + by
    field.fill(str(price))
    owner.page.get_by_role("main").get_by_role("button", name="Save").last.click()
    expect(owner.page.get_by_role("status")).to_contain_text("aved")
    return price


@pytest.mark.parametrize("has_javascript", [True, False])
def test_a_guests_basket_comes_along_when_they_sign_in(visit: Visit, has_javascript: bool) -> None:
    """What the person had in the basket before is still there, too."""
    visit("buyer").buy("Stovetop kettle")
    guest = visit(java_script_enabled=has_javascript)
    guest.buy("Ankara print, six yards")
    guest.open("/account/sign-in/?next=/cart/")
    guest.sign_in("buyer@kasuwa.test")
    main = guest.page.get_by_role("main")
    expect(guest.page.get_by_role("heading", level=1, name="Your basket")).to_be_visible()
    for title in ("Stovetop kettle", "Ankara print, six yards"):
        expect(main.get_by_role("link", name=title, exact=True).last).to_be_visible()
        guest.press(f"Remove {title}")
    expect(guest.page.get_by_text("Your basket is empty")).to_be_visible()
