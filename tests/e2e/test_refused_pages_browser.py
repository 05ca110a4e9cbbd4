"""Pages that show a refusal, a report or another state than the usual: they fit, and axe complains of nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.world.page_checks import faults_of_page
from tests.world.visitor import Visitor

Visit = Callable[..., Visitor]
SHOP = "indigo-fabrics"
CONFLICT = 409
UNPAID_ORDERS = 5  # of one e-mail address, at once
SAVED_MEANWHILE = {
    "fabrics": {
        "desk-product-changed": "/dashboard/products/",
        "desk-profile-changed": "/dashboard/settings/profile/",
        "desk-policies-changed": "/dashboard/settings/policies/",
        "desk-delivery-changed": "/dashboard/settings/delivery/",
    },
    "operator": {"console-category-changed": "/operator/categories/"},
}
FILE = """SKU,Title,Price (NGN),On hand,Colour
{sku},,19999,,blue
{sku}-NONE,,100,1,red
,,abc,-4,
"""


@pytest.mark.parametrize("who", SAVED_MEANWHILE)
def test_a_form_that_was_saved_elsewhere_meanwhile(visit: Visit, who: str) -> None:
    faults: list[str] = []
    visitor = visit(who)
    shop = SHOP if who == "fabrics" else ""
    for name, path in SAVED_MEANWHILE[who].items():
        visitor.open(path, shop=shop)
        if name in {"desk-product-changed", "console-category-changed"}:
            visitor.page.locator("main table tbody a[href]").first.click()
        version = visitor.page.locator("input[name=version]")
        expect(version).to_have_count(1)
        version.evaluate("field => { field.value = '0'.repeat(20); }")
        reason = visitor.page.get_by_label("Reason", exact=True)
        if reason.count():
            reason.fill("Shorter to read")
        with visitor.refused_with(CONFLICT):
            visitor.page.get_by_role("main").get_by_role("button", name=re.compile("^Save")).last.click()
            expect(visitor.page.get_by_role("alert").first).to_be_visible()
        faults += faults_of_page(visitor, name)
    assert faults == []


def test_an_imports_report(visit: Visit) -> None:
    owner = visit("fabrics")
    owner.open("/dashboard/products/", shop=SHOP)
    owner.page.locator("main table tbody a[href]").first.click()
    sku = owner.page.get_by_label("SKU").first.input_value()
    owner.open("/dashboard/products/import/", shop=SHOP)
    body = FILE.format(sku=sku).encode()
    owner.page.get_by_label("CSV file").set_input_files({"name": "prices.csv", "mimeType": "text/csv", "buffer": body})
    owner.press("Check the file")
    expect(owner.page.get_by_text("Rows with a problem").first).to_be_visible()
    faults = list(faults_of_page(owner, "desk-import-report"))
    owner.press("Discard the file")
    faults += faults_of_page(owner, "desk-import-discarded")
    assert faults == []


def test_an_order_that_is_released(visit: Visit) -> None:
    """The buyer cancels one, the vendor puts one on sale again, the operator releases one."""
    faults: list[str] = []
    guest = visit()
    for name in ("cancelled", "by-the-vendor", "by-the-operator"):
        number = _order_and_leave(guest, f"{name}@example.com")
        address = guest.page.url
        if name == "cancelled":
            faults += faults_of_page(guest, "order-waiting")
            guest.press("Cancel the order")
        elif name == "by-the-vendor":
            faults += _vendor_releases(visit("fabrics"), number)
        else:
            faults += _operator_releases(visit("operator"), number)
        guest.page.goto(address)
        expect(guest.page.get_by_role("button", name="Pay", exact=False)).to_have_count(0)
        faults += faults_of_page(guest, f"order-{name}")
    assert faults == []


def test_somebody_who_has_too_much_unpaid(visit: Visit) -> None:
    guest = visit()
    for _ in range(UNPAID_ORDERS):
        _order_and_leave(guest, "too-much@example.com")
    guest.buy("Table runner, adire")
    guest.fill_in_checkout("too-much@example.com")
    with guest.refused_with(CONFLICT):
        guest.press("Order and pay", exact=False)
        expect(guest.page.get_by_role("alert").first).to_be_visible()
    assert list(faults_of_page(guest, "checkout-too-much-unpaid")) == []


def test_a_basket_of_things_that_cannot_be_had(visit: Visit) -> None:
    guest, owner = visit(), visit("fabrics")
    guest.buy("Table runner, adire")
    quantity = guest.page.get_by_role("spinbutton", name="Quantity of Table runner, adire")
    most = quantity.get_attribute("max")
    assert most is not None
    quantity.fill(most)
    quantity.press("Enter")
    expect(guest.page.get_by_role("spinbutton", name="Quantity of Table runner, adire")).to_have_value(most)
    _set_status(owner, "Table runner, adire", "archived")
    try:
        guest.open("/cart/")
        expect(guest.page.get_by_text("No longer for sale; not part of your total.")).to_be_visible()
        assert list(faults_of_page(guest, "basket-not-sold")) == []
    finally:
        _set_status(owner, "Table runner, adire", "active")


def _order_and_leave(guest: Visitor, email: str) -> str:
    """Order a thing of the fabrics shop, leave the payment page, and return the order's number."""
    guest.page.set_viewport_size({"width": 1280, "height": 900})
    guest.buy("Table runner, adire")
    guest.fill_in_checkout(email)
    guest.order()
    guest.press("Abandon")
    expect(guest.page.get_by_text("This order waits for your payment.")).to_be_visible()
    return guest.page.url.rstrip("/").rpartition("/")[2].partition("?")[0]


def _vendor_releases(owner: Visitor, number: str) -> list[str]:
    owner.open(f"/dashboard/orders/{number}-1/", shop=SHOP)
    faults = list(faults_of_page(owner, "desk-order-unpaid"))
    owner.press("Put on sale again")
    expect(owner.page.get_by_role("button", name="Put on sale again")).to_have_count(0)
    return faults + list(faults_of_page(owner, "desk-order-released"))


def _operator_releases(operator: Visitor, number: str) -> list[str]:
    operator.open(f"/operator/orders/{number}/")
    faults = list(faults_of_page(operator, "console-order-unpaid"))
    operator.page.get_by_label("Reason").last.fill("Asked for by the shop")
    operator.press("Release now")
    expect(operator.page.get_by_role("button", name="Release now")).to_have_count(0)
    return faults + list(faults_of_page(operator, "console-order-released"))


def _set_status(owner: Visitor, title: str, status: str) -> None:
    owner.open(f"/dashboard/products/?q={title.split(',', maxsplit=1)[0]}", shop=SHOP)
    owner.page.get_by_role("main").get_by_role("link", name=title).first.click()
    owner.page.get_by_label("Status").select_option(status)
    owner.page.get_by_role("main").get_by_role("button", name="Save").last.click()
    expect(owner.page.get_by_role("status")).to_contain_text("saved")
