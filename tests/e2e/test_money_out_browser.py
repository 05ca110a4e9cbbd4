"""Money out: a shop follows its payout to every order, and an operator approves a run and mends a failed payout."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Locator, expect

from tests.world.market_process import command, environment
from tests.world.page_checks import faults_of_page
from tests.world.visitor import OpenMarket, Visitor, minor

Visit = Callable[..., Visitor]
SHOP, OTHER = "indigo-fabrics", "aba-leather"


def amount(cell: Locator) -> int:
    """Kobo of a cell; a dash is nothing, and what was taken away has a sign."""
    text = cell.inner_text().strip()
    sign = -1 if text.startswith(("−", "-")) else 1
    return 0 if text == "–" else sign * minor(text.lstrip("−-"))


def test_a_shop_finds_each_line_of_its_payout(visit: Visit) -> None:
    owner = visit("fabrics")
    owner.open("/dashboard/balance/", shop=SHOP)
    faults = list(faults_of_page(owner, "desk-balance"))
    owner.page.get_by_role("main").get_by_role("link", name="See your payouts").click()
    faults += faults_of_page(owner, "desk-payouts")
    row = owner.page.get_by_role("row").filter(has_text="Paid").last
    paid = amount(row.locator("td.num").first)
    row.get_by_role("link").first.click()
    faults += faults_of_page(owner, "desk-payout")

    lines = owner.page.get_by_role("table").locator("tbody tr")
    balance = 0
    for cells in (lines.nth(number).locator("td") for number in range(lines.count())):
        *causes, balance_after = (amount(cells.nth(number)) for number in range(6))
        assert balance + sum(causes) == balance_after, "each line says what it adds, and to what"
        balance = balance_after
    assert (balance, amount(lines.last.locator("td").nth(4))) == (0, -paid)
    addresses = [each.get_attribute("href") for each in lines.get_by_role("link").all()]
    assert len(addresses) == lines.count() - 1, "all but the payout itself lead to an order or a return"
    for address in addresses:
        answer = owner.open(str(address), shop=SHOP)
        assert answer.status == 200, address
    expect(owner.page.get_by_text("Commission").first).to_be_visible()
    assert faults == []


def test_an_operator_approves_a_run_and_sends_a_failed_payout_again(visit: Visit, market: OpenMarket) -> None:
    make_run(market, SHOP)
    operator = visit("operator")
    operator.open("/operator/payout-runs/")
    faults = list(faults_of_page(operator, "console-payout-runs"))
    operator.page.get_by_role("row").filter(has_text="Waits for a second person").get_by_role("link").first.click()
    faults += faults_of_page(operator, "console-payout-run")
    operator.press("Approve and send")
    operator.page.get_by_role("main").get_by_role("table").get_by_role("link").first.click()
    until_paid(operator)

    operator.open("/operator/payouts/")
    faults += faults_of_page(operator, "console-payouts")
    operator.page.get_by_role("row").filter(has_text="Failed").get_by_role("link").first.click()
    operator.page.get_by_label("Reason").fill("The bank has opened the account again.")
    operator.press("Send again")
    faults += faults_of_page(operator, "console-payout")
    until_paid(operator)
    assert faults == []


def make_run(market: OpenMarket, slug: str) -> None:
    """Have the market make a run of a shop, as by a schedule, above the limit of a second person."""
    given = environment(market.data_dir) | {"PAYOUT_SECOND_APPROVAL_MINOR": "1"}
    words = command("payouts", "run", "--shop", slug)
    made = subprocess.run(words, env=given, check=False, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr


def until_paid(operator: Visitor) -> None:
    """Load the payout's page again until the provider has said that it is paid."""
    assert re.fullmatch(r"/operator/payouts/[0-9a-f-]+/", urlsplit(operator.page.url).path)
    badge = operator.page.get_by_role("main").get_by_text("Paid", exact=True).first
    for _ in range(60):
        if badge.is_visible():
            return
        with operator.page.expect_response(re.compile("/operator/payouts/")):
            operator.page.reload(wait_until="load")
    raise AssertionError(operator.page.get_by_role("main").inner_text())
