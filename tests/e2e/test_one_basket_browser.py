"""One basket over two shops, one payment, and what everybody sees of it afterwards."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Request, expect

from demo.goods import SHOPS
from tests.world.market_process import run
from tests.world.page_checks import faults_of_page
from tests.world.visitor import OpenMarket, Visitor, minor

FABRICS, KITCHEN = (next(shop for shop in SHOPS if shop.slug == slug) for slug in ("indigo-fabrics", "copper-kitchen"))
DRESS, KETTLE = "Adire sun dress", "Stovetop kettle"
PRICES = {good.title: good.price * 100 for shop in (FABRICS, KITCHEN) for good in shop.goods}
COMMISSION = {title: PRICES[title] * 800 // 10_000 for title in (DRESS, KETTLE)}
TOTAL = PRICES[DRESS] + PRICES[KETTLE] + (FABRICS.delivery + KITCHEN.delivery) * 100
SECONDS_TO_SEE_IT_PAID = 3.0
LIVE_MS = 5_000  # two seconds, and what a busy machine adds
BEADS = "Product BEADS-1"
SHOP_IN_CEDIS = """
from tenants.models import Shop
from tests.world.market import open_shop, stock
if not Shop.objects.filter(slug="accra-beads").exists():
    stock(open_shop("accra-beads", currency="GHS"), sku="BEADS-1", price_minor=12_000)
"""

Visit = Callable[..., Visitor]


@dataclass(frozen=True, slots=True)
class Bought:
    """An order, the payment's reference, and the number of each shop's part."""

    number: str
    reference: str
    parts: dict[str, str]


def test_one_payment_two_shops(visit: Visit) -> None:
    """The market's promise: bought as a guest, seen by each shop for its part, and by the operator as a whole."""
    guest, owner = visit(), visit()
    bought = a_guest_buys(guest)
    an_owner_sees_only_the_own_part(owner, "fabrics@kasuwa.test", FABRICS.slug, DRESS, bought)
    a_move_shows_in_pages_that_are_open(owner, guest, bought)
    an_owner_sees_only_the_own_part(visit(), "kitchen@kasuwa.test", KITCHEN.slug, KETTLE, bought)
    operator = visit("operator")
    the_operator_sees_one_payment_and_two_shops_owed(operator, bought)
    audit = run(operator.market.data_dir, "audit_money")
    assert audit.returncode == 0, audit.stdout + audit.stderr


def test_a_basket_of_two_currencies(visit: Visit, market: OpenMarket) -> None:
    made = run(market.data_dir, "shell", "-v0", "-c", SHOP_IN_CEDIS)
    assert made.returncode == 0, made.stderr
    guest = visit()
    guest.buy("Table runner, adire")
    guest.buy(BEADS)
    assert {"₦", "GH₵"} <= set(re.findall(r"₦|GH₵", guest.page.get_by_role("main").inner_text()))
    assert list(faults_of_page(guest, "basket-of-two-currencies")) == []


def a_guest_buys(guest: Visitor) -> Bought:
    page = guest.page
    guest.open()
    guest.buy(DRESS, "M")
    guest.buy(KETTLE)
    guest.say_where()
    assert guest.total_minor() == TOTAL

    guest.fill_in_checkout("ngozi@example.com")
    assert guest.total_minor() == TOTAL
    guest.order()
    assert minor(page.get_by_role("heading", level=1).inner_text().removeprefix("NGN ")) == TOTAL

    came_back: list[float] = []

    def notice(request: Request) -> None:
        if "/payments/return/" in request.url:
            came_back.append(time.monotonic())

    page.on("request", notice)
    guest.press("Pay", exact=False)
    expect(page.get_by_text("Thank you, it is paid")).to_be_visible()
    assert time.monotonic() - came_back[0] < SECONDS_TO_SEE_IT_PAID

    number = re.search(r"KS-\w+", page.get_by_role("heading", level=1).inner_text())
    assert number is not None
    reference = page.locator("aside").get_by_text(re.compile(r"^[a-z0-9_-]{16,50}$")).inner_text()
    parts = {shop.slug: part_number(guest, shop.name) for shop in (FABRICS, KITCHEN)}
    assert set(parts.values()) == {f"{number[0]}-1", f"{number[0]}-2"}
    expect(page.locator("#cart-count")).to_have_count(0)
    return Bought(number[0], reference, parts)


def part_number(guest: Visitor, shop: str) -> str:
    link = guest.page.get_by_role("link", name=f"Visit {shop}")
    found = re.search(r"KS-\w+-\d", guest.page.get_by_role("paragraph").filter(has=link).inner_text())
    assert found is not None
    return found[0]


def an_owner_sees_only_the_own_part(owner: Visitor, email: str, slug: str, title: str, bought: Bought) -> None:
    own = bought.parts[slug]
    [(other_slug, other)] = [(key, part) for key, part in bought.parts.items() if key != slug]
    main = owner.page.get_by_role("main")
    owner.open("/dashboard/", shop=slug)
    owner.sign_in(email)
    assert owner.page.url == owner.url("/dashboard/", shop=slug)

    owner.open("/dashboard/orders/", shop=slug)
    expect(main.get_by_role("link", name=own, exact=True)).to_be_visible()
    expect(main.get_by_text(other)).to_have_count(0)
    main.get_by_role("link", name=own, exact=True).click()
    expect(main.get_by_role("link", name=title, exact=True)).to_be_visible()
    for foreign in {DRESS, KETTLE} - {title}:
        expect(main.get_by_text(foreign)).to_have_count(0)
    assert money_row(owner, "You get") == payable(title)

    owner.open("/dashboard/balance/", shop=slug)
    row = owner.page.get_by_role("row").filter(has=owner.page.get_by_role("link", name=own, exact=True))
    expect(row.first).to_contain_text("pending")
    assert minor(row.first.get_by_role("cell").last.inner_text()) == payable(title)

    with owner.refused_with(404):
        assert owner.open(f"/dashboard/orders/{other}/", shop=slug).status == 404
        assert owner.open(f"/dashboard/orders/{other}/", shop=other_slug).status == 404
        assert owner.open("/dashboard/", shop=other_slug).status == 404
        assert owner.open(f"/orders/{bought.number}/").status == 404
        assert owner.open("/operator/").status == 404


def a_move_shows_in_pages_that_are_open(owner: Visitor, guest: Visitor, bought: Bought) -> None:
    """The buyer's page, and another of the shop's, change by themselves when the owner packs."""
    own = bought.parts[FABRICS.slug]
    queue = owner.context.new_page()
    queue.goto(owner.url("/dashboard/orders/", shop=FABRICS.slug))
    waiting = int(queue.locator("#live-queue .count").inner_text())
    for page in (guest.page, queue):
        page.evaluate("window.isStillThis = true")
    owner.open(f"/dashboard/orders/{own}/", shop=FABRICS.slug)
    owner.page.get_by_role("button", name="Mark packed").click()
    guest.page.bring_to_front()
    expect(guest.page.get_by_role("main").get_by_text("Packed").first).to_be_visible(timeout=LIVE_MS)
    queue.bring_to_front()
    left = str(waiting - 1) if waiting > 1 else ""
    expect(queue.locator("#live-queue")).to_contain_text(left, timeout=LIVE_MS)
    assert all(page.evaluate("window.isStillThis") for page in (guest.page, queue))
    queue.close()


def the_operator_sees_one_payment_and_two_shops_owed(operator: Visitor, bought: Bought) -> None:
    page = operator.page
    operator.open("/operator/orders/")
    page.get_by_role("link", name=bought.number, exact=True).click()
    attempts = page.get_by_role("table", name="Attempts to pay").get_by_role("row")
    expect(attempts).to_have_count(2)
    expect(attempts.last).to_contain_text(bought.reference)
    expect(attempts.last).to_contain_text("Captured")
    parts = page.get_by_role("table", name="Parts by shop")
    for shop, title in ((FABRICS, DRESS), (KITCHEN, KETTLE)):
        row = parts.get_by_role("row").filter(has_text=shop.name)
        cells = [cell.partition("\n")[0] for cell in row.get_by_role("cell").all_inner_texts()]
        owed = [minor(cell) for cell in cells if cell.startswith("₦")]
        assert owed == [payable(title) + COMMISSION[title], COMMISSION[title], payable(title)]

    journals = page.get_by_role("table", name="Journals").get_by_role("row")
    expect(journals).to_have_count(2)
    expect(journals.last).to_contain_text("Sale")
    journals.last.get_by_role("link").click()
    entries = page.get_by_role("table", name="Entries of the journal")
    for shop, title in ((FABRICS, DRESS), (KITCHEN, KETTLE)):
        row = entries.get_by_role("row").filter(has_text=shop.name)
        assert minor(row.get_by_role("cell").last.inner_text()) == payable(title)
    is_commission = page.get_by_role("rowheader", name=re.compile("commission", re.IGNORECASE))
    taken = entries.get_by_role("row").filter(has=is_commission).all()
    assert sum(minor(row.get_by_role("cell").last.inner_text()) for row in taken) == sum(COMMISSION.values())
    debit, credit = entries.get_by_role("row").last.get_by_role("cell").all_inner_texts()
    assert minor(debit) == minor(credit) == TOTAL

    operator.open("/operator/ledger/")
    naira = page.locator("section").filter(has_text="Debits and").filter(has_text="NGN")
    expect(naira.get_by_text("Balanced", exact=True)).to_be_visible()


def payable(title: str) -> int:
    shop = FABRICS if title == DRESS else KITCHEN
    return PRICES[title] + shop.delivery * 100 - COMMISSION[title]


def money_row(visitor: Visitor, label: str) -> int:
    row = visitor.page.locator(".money-row", has=visitor.page.get_by_text(label, exact=True))
    return minor(row.locator("dd").inner_text())
