"""Controls that act at once: no page is loaded, the focus stays, and what was typed stays."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Route, expect

from tests.world.market_process import run
from tests.world.page_checks import accessibility_violations, faults_of_page
from tests.world.visitor import OpenMarket, Visitor

Visit = Callable[..., Visitor]
SHIRT = "Palm cotton shirt"
SHIRT_WITH_TWO_OPTIONS = """
from django.utils import timezone
from catalogue.discovery.models import Listing
from catalogue.services.inputs import ImageInput, ProductInput, VariantInput
from catalogue.services.products import create_product
from tenants.models import Shop
shop = Shop.objects.get(slug="indigo-fabrics")
files = list(Listing.objects.filter(shop_id=shop.pk).order_by("id").values_list("image", flat=True)[:2])
if not Listing.objects.filter(title="Palm cotton shirt").exists():
    rows = [("Red", "S", 9, 18500), ("Red", "M", 3, 18500), ("Blue", "S", 0, 20000), ("Blue", "M", 7, 20000)]
    create_product(shop=shop, now=timezone.now(), data=ProductInput(
        title="Palm cotton shirt", status="active",
        variants=[VariantInput(sku=f"PALM-{colour}-{size}", price_minor=price * 100, on_hand=left,
                               options={"Colour": colour, "Size": size}) for colour, size, left, price in rows],
        images=[ImageInput(file=file, alt=alt) for file, alt in zip(files, ("Red shirt", "Blue shirt"))]))
"""
LOADS = "performance.getEntriesByType('navigation').length + performance.timeOrigin"


@pytest.fixture(scope="module")
def shirt(market: OpenMarket) -> None:
    made = run(market.data_dir, "shell", "-v0", "-c", SHIRT_WITH_TWO_OPTIONS)
    assert made.returncode == 0, made.stderr


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.usefixtures("shirt")
def test_a_choice_changes_price_stock_picture_and_maximum_in_place(visit: Visit, width: int) -> None:
    guest = visit(width=width)
    page = guest.page
    guest.find(SHIRT)
    loaded = page.evaluate(LOADS)
    price, most = page.locator("#buy .price"), page.get_by_role("spinbutton", name="Quantity")
    expect(price).to_have_text("₦18,500")
    page.locator("#buy input[value=Blue]").check()
    expect(page.get_by_text("Blue / S is sold out. Choose another one.")).to_be_visible()
    expect(page.get_by_role("button", name="Add to basket")).to_be_disabled()
    expect(page.locator("#buy input[value=Blue]")).to_be_focused()
    page.locator("#buy input[value=M]").check()
    expect(price).to_have_text("₦20,000")
    expect(most).to_have_attribute("max", "7")
    expect(page.locator(".gallery-thumbs [aria-current]")).to_have_attribute("href", "#picture-2")
    page.evaluate("scrollTo(0, 0)")  # on a telephone the choices may fill the screen
    expect(page.locator("#picture-2")).to_be_in_viewport(ratio=0.2)
    expect(page.locator("#picture-1")).not_to_be_in_viewport(ratio=0.2)
    assert "variant" in parse_qs(urlsplit(page.url).query)
    guest.add()
    expect(page.locator("#cart-count")).to_have_text("1")
    assert accessibility_violations(page) == []
    with guest.refused_with(422):
        most.fill("7")
        guest.press("Add to basket")
        expect(page.locator("#added")).to_contain_text("Only 7 left.")
    expect(most).to_be_focused()
    expect(most).to_have_value("7")
    expect(most).to_have_attribute("aria-describedby", "added")
    assert page.evaluate(LOADS) == loaded
    page.get_by_role("link", name="Picture 1").click()
    expect(page.locator("#picture-1")).to_be_in_viewport(ratio=0.2)
    assert urlsplit(page.url).fragment == ""
    assert list(faults_of_page(guest, f"product-with-options-{width}")) == []


@pytest.mark.parametrize("delay_ms", [0, 15, 40])
@pytest.mark.usefixtures("shirt")
def test_what_was_chosen_a_moment_ago_is_what_is_added(visit: Visit, delay_ms: int) -> None:
    """The page follows the choice while the addition is under way."""
    guest = visit()
    guest.find(SHIRT)
    guest.page.evaluate(
        """delay => {
            document.querySelector("#buy input[value=M]").click();
            setTimeout(() => document.querySelector("#buy .btn-lg").click(), delay);
        }""",
        delay_ms,
    )
    expect(guest.page.locator("#added")).to_contain_text("Colour: Red, Size: M")
    expect(guest.page.locator("#cart-count")).to_have_text("1")
    expect(guest.page.get_by_role("spinbutton", name="Quantity")).to_have_attribute("max", "3")


@pytest.mark.usefixtures("shirt")
def test_the_same_choices_without_scripts(visit: Visit) -> None:
    guest = visit(java_script_enabled=False)
    guest.find(SHIRT)
    guest.page.locator("#buy input[value=Blue]").check()
    guest.page.locator("#buy input[value=M]").check()
    guest.press("Show this choice")
    expect(guest.page.locator("#buy .price")).to_have_text("₦20,000")
    guest.page.locator("#buy input[value=Red]").check()  # and adds before the page shows it
    guest.add()
    expect(guest.page.locator("#added")).to_contain_text("Colour: Red, Size: M")
    guest.page.get_by_role("link", name="Keep shopping").click()
    assert urlsplit(guest.page.url).path == "/search/"


def test_the_drawer_of_filters_stays_open_and_keeps_the_focus_on_a_phone(visit: Visit) -> None:
    guest = visit(width=390)
    page = guest.page
    guest.open("/search/")
    guest.press("Filters", exact=False)
    drawer, show = page.locator("#filters"), page.locator("#show-results")
    for shop in ("Copper Kitchen", "Indigo Fabrics"):
        before = show.inner_text()
        page.get_by_role("checkbox", name=shop).check()
        expect(show).not_to_have_text(before)
        expect(drawer).to_be_visible()
        expect(page.get_by_role("checkbox", name=shop)).to_be_focused()
    page.get_by_label("From", exact=True).fill("cheap")
    show.click()
    expect(page.locator("#id_from_error")).to_contain_text("Write it like")
    expect(page.get_by_label("From", exact=True)).to_be_focused()
    expect(page.get_by_label("From", exact=True)).to_have_value("cheap")
    assert accessibility_violations(page) == []
    page.get_by_label("From", exact=True).fill("5000")
    show.click()
    expect(drawer).to_be_hidden()
    expect(page.get_by_role("list", name="Active filters")).to_contain_text("From ₦5,000")


def test_what_is_typed_while_an_answer_is_under_way_stays(visit: Visit) -> None:
    guest = visit()
    page = guest.page
    guest.open("/search/")
    page.get_by_label("From", exact=True).fill("10")
    page.keyboard.press("Tab")
    page.keyboard.type("30")
    page.keyboard.press("Enter")
    page.keyboard.type("000")
    expect(page.get_by_role("list", name="Active filters")).to_contain_text("Up to ₦30")
    expect(page.get_by_label("To", exact=True)).to_have_value("30000")
    expect(page.get_by_label("To", exact=True)).to_be_focused()


def test_a_notice_goes_by_itself_and_moves_nothing(visit: Visit) -> None:
    guest = visit()
    page = guest.page
    page.clock.install()
    guest.open("/account/sign-in/")
    guest.sign_in("buyer@kasuwa.test")
    page.locator("details.menu summary").click()
    page.get_by_role("navigation", name="You").get_by_role("button", name="Sign out").click()
    notice = page.locator("[data-toast]")
    expect(notice).to_be_visible()
    place = page.get_by_role("heading").first.bounding_box()
    page.clock.run_for(20_000)
    expect(notice).to_be_hidden()
    assert page.get_by_role("heading").first.bounding_box() == place


def test_a_part_that_asks_again_by_itself_goes_on_after_busy_answers(visit: Visit) -> None:
    guest = visit()
    page, statuses = guest.page, iter([503, 429, 0])
    guest.open("/search/")

    def answer(route: Route) -> None:
        status = next(statuses, 200)
        if status:
            route.fulfill(status=status, content_type="text/html", body="<p id='place'>You are next</p>")
        else:
            route.abort()

    page.route("**/place/", answer)
    with guest.refused_with(503), guest.refused_with(429):
        page.evaluate(
            """() => {
                const place = document.createElement("p");
                for (const [name, value] of [["get", "/place/"], ["trigger", "every 200ms"], ["swap", "outerHTML"]])
                    place.setAttribute(`hx-${name}`, value);
                document.querySelector("main").append(place);
                htmx.process(place);
            }"""
        )
        expect(page.get_by_text("You are next")).to_be_visible()
    assert page.url == guest.url("/search/")
    expect(page.locator("#toasts > *")).to_have_count(0)
    guest.complaints.clear()  # htmx itself reports the lost connection


def test_a_notice_stays_without_scripts(visit: Visit) -> None:
    guest = visit(java_script_enabled=False)
    guest.open("/account/sign-in/")
    guest.sign_in("buyer@kasuwa.test")
    guest.open("/account/sign-out/")
    guest.press("Sign out")
    expect(guest.page.locator("[data-toast]")).to_be_visible()
