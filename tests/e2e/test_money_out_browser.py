"""Money out: a shop follows its payout to each order, an operator approves a run, mends a payout and answers a bank."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import psycopg
from playwright.sync_api import Locator, expect

from runtime.datadir import read_json
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
    expect(owner.page.get_by_role("main").get_by_text("Commission").first).to_be_visible()
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


def test_a_shop_and_an_operator_answer_a_bank(visit: Visit, market: OpenMarket) -> None:
    dispute = dispute_a_payment(market, OTHER)
    operator = visit("operator")
    operator.open("/operator/disputes/")
    until(operator, operator.page.get_by_role("link", name=dispute.order).first)
    faults = list(faults_of_page(operator, "console-disputes"))
    operator.page.get_by_role("link", name=dispute.order).first.click()
    operator.page.get_by_label("Text").last.fill("The carrier has the buyer's signature.")
    proof = b"%PDF-1.7\n%%EOF\n"
    operator.page.get_by_label("File").last.set_input_files(
        {"name": "signature.pdf", "mimeType": "application/pdf", "buffer": proof}
    )
    operator.press("Add it")
    expect(operator.page.get_by_text("signature.pdf").first).to_be_visible()
    operator.page.get_by_label("Statement").fill("It was delivered, and the buyer has signed for it.")
    faults += faults_of_page(operator, "console-dispute")
    operator.press("Send the answer")
    until(operator, operator.page.get_by_text("With the bank", exact=True).first)

    httpx.post(f"{dispute.sandbox}/sandbox/disputes/{dispute.provider_id}/finish", json={"resolution": "declined"})

    until(operator, operator.page.get_by_text("Won", exact=True).first)
    faults += faults_of_page(operator, "console-dispute-won")
    assert faults == []


def test_a_shop_adds_evidence_while_the_clock_runs(visit: Visit) -> None:
    owner = visit("fabrics")
    owner.open("/dashboard/disputes/", shop=SHOP)
    faults = list(faults_of_page(owner, "desk-disputes"))
    owner.page.get_by_role("row").filter(has_text="Waits for an answer").get_by_role("link").first.click()
    expect(owner.page.get_by_text("Send your evidence")).to_be_visible()
    owner.page.get_by_label("What happened").fill("The rider called from the gate at ten.")
    owner.page.get_by_role("checkbox").first.check()
    owner.press("Add it")
    expect(owner.page.get_by_text("The rider called from the gate at ten.").last).to_be_visible()
    faults += faults_of_page(owner, "desk-dispute")
    assert faults == []


@dataclass(frozen=True, slots=True)
class Disputed:
    """A dispute that a bank has opened, and the number of its order."""

    sandbox: str
    provider_id: int
    order: str


PAID = """
SELECT payment.reference, placed.number
  FROM checkout_payment payment
  JOIN checkout_order placed ON placed.id = payment.order_id
  JOIN checkout_suborder part ON part.order_id = placed.id
  JOIN tenants_shop shop ON shop.id = part.shop_id
 WHERE payment.captured_minor = payment.amount_minor AND part.status = 'delivered'
   AND NOT EXISTS (SELECT FROM checkout_refund WHERE payment_id = payment.id)
 GROUP BY payment.id, placed.id
HAVING array_agg(shop.slug) = ARRAY[%s]::varchar[]
 ORDER BY payment.created_at LIMIT 1
"""


def dispute_a_payment(market: OpenMarket, slug: str) -> Disputed:
    """Have a bank dispute a payment for goods of one shop."""
    with psycopg.connect(read_json(market.data_dir.services_state)["database_url"]) as database:
        found = database.execute(PAID, (slug,)).fetchone()
    assert found is not None
    sandbox = f"http://127.0.0.1:{market.sandbox_port}"
    opened = httpx.post(f"{sandbox}/sandbox/disputes", json={"reference": found[0], "category": "fraud"}, timeout=30)
    return Disputed(sandbox, opened.raise_for_status().json()["data"]["id"], found[1])


def until(operator: Visitor, shown: Locator) -> None:
    """Load the page again until it shows something that a worker brings about."""
    for _ in range(100):
        if shown.count() and shown.first.is_visible():
            return
        operator.page.reload(wait_until="load")
    raise AssertionError(operator.page.get_by_role("main").inner_text())


def make_run(market: OpenMarket, slug: str) -> None:
    """Have the market make a run of a shop, as by a schedule, above the limit of a second person."""
    given = environment(market.data_dir) | {"PAYOUT_SECOND_APPROVAL_MINOR": "1"}
    words = command("payouts", "run", "--shop", slug)
    made = subprocess.run(words, env=given, check=False, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr


def until_paid(operator: Visitor) -> None:
    """Load the payout's page again until the provider has said that it is paid."""
    assert re.fullmatch(r"/operator/payouts/[0-9a-f-]+/", urlsplit(operator.page.url).path)
    until(operator, operator.page.get_by_role("main").get_by_text("Paid", exact=True).first)
