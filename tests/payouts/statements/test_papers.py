"""Statements as papers: name the market, the same sums in every form, and pages that hold what is on them."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.conf import LazySettings
from django.conf import settings as current_settings
from django.test import Client
from django.utils import timezone, translation

from checkout.documents.fonts import WITHOUT_GLYPH, printable
from checkout.documents.sheet import as_pdf
from checkout.statements.linked import linked_lines
from checkout.statements.paper import statement_sheet
from checkout.statements.parties import Party
from kit.money import SYMBOLS, format_minor
from payouts.models import Payout
from payouts.release.round import run_round
from payouts.runs.create import create_runs
from payouts.statements.lines import Causes
from payouts.statements.statement import month_of, month_statement
from tenants.models import Shop, ShopApplication
from tests.checkout.documents.world import pages_of
from tests.world.books import make_operator
from tests.world.own_shop import Staffed, api, member, page_client, staffed
from tests.world.payouts import add_account
from tests.world.releases import delivered, take_back
from tests.world.tax import register

pytestmark = pytest.mark.django_db

AMOUNTS = ("sale", "commission", "commission_tax", "refund", "fee", "adjustment", "payout")


@pytest.fixture
def own(settings: LazySettings) -> Staffed:
    """A shop of a registered company, with a payout, on a market that has said who it is."""
    settings.PLATFORM_LEGAL_NAME = "Kasuwa Markets Ltd"
    settings.PLATFORM_LEGAL_ADDRESS = "12 Example Road|Kano|Nigeria"
    settings.COMMISSION_TAX_NUMBERS = {"NG": "12345678-0001"}
    own = staffed("indigo-fabrics")
    now = timezone.now()
    ShopApplication.objects.create(
        shop=own.shop, shop_name=own.shop.name, slug=own.shop.slug, country="NG", currency="NGN", what_is_sold="Cloth",
        email="ade@indigo.test", kind="company", legal_name="Indigo Textile Works Ltd",
        registration_number="RC 1487220", address="4 Station Road", city="Oshogbo", account_state="unchecked",
        status="approved", created_at=now, updated_at=now, submitted_at=now, decided_at=now,
    )  # fmt: skip
    register(own.shop)
    delivered(own.shop, 500_000)
    take_back(delivered(own.shop, 300_050), 100_025, now=now)
    run_round(now=now)
    add_account(own.shop)
    create_runs(now=now, shop_id=own.shop.pk)
    return own


def table(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_the_sums_of_page_table_print_and_api_are_equal(own: Staffed) -> None:
    """Of a payout, a month and a year, each to the unit."""
    now, payout, owner = timezone.localtime(), Payout.objects.get(), member(own.shop)
    desk, client = page_client(own.shop, owner), api(own.shop, owner)
    names = ("Sale", "Commission", "Tax on commission", "Refund", "Fee", "Adjustment", "Payout")
    of_year = ("Sales", "Commission", "Tax on commission", "Refunds", "Fees", "Adjustments", "Paid out")
    month = f"{now:%Y-%m}"
    for page, address, columns in (
        (f"payouts/{payout.pk}/", f"payouts/{payout.pk}/statement/", names),
        (f"payouts/statements/{month}/", f"statements/{month}/", names),
        (f"payouts/statements/years/{now.year}/", f"statements/years/{now.year}/", of_year),
    ):
        data = client.get(f"/api/v1/{address}").json()["data"]
        is_year = columns is of_year
        totals = data["total" if is_year else "totals"]
        assert totals["sale_minor"] > 0 > totals["refund_minor"], page

        rows = table(client.get(f"/api/v1/{address}", HTTP_ACCEPT="text/csv"))
        lines = rows[:-1] if is_year else rows[1:-1]
        for name, column in zip(AMOUNTS, columns, strict=True):
            assert sum(Decimal(row[column]) for row in lines) * 100 == totals[f"{name}_minor"], (page, column)
        if not is_year:
            for row, name in ((rows[0], "opening_minor"), (rows[-1], "closing_minor")):
                assert Decimal(row["Balance"]) * 100 == data[name]
            assert [row["Order"] for row in lines] == [line["order_number"] for line in data["lines"]]

        printed = desk.get(f"/dashboard/{page}?as=pdf").content
        assert printed == desk.get(f"/dashboard/{page}?as=pdf").content
        words, shown = " ".join(pages_of(printed)), desk.get(f"/dashboard/{page}").content.decode()
        amounts = [totals[f"{name}_minor"] for name in AMOUNTS]
        amounts += [] if is_year else [data["opening_minor"], data["closing_minor"]]
        for minor in filter(None, amounts):
            assert format_minor(minor, "NGN").replace("\xa0", " ") in words, (page, minor)
            assert format_minor(minor, "NGN") in shown, (page, minor)
        for said in (data["number"], "Page 1 of 1"):
            assert said in words
        assert data["number"] in shown
        assert {row["Statement number"] for row in rows} == {data["number"]}


def test_a_paper_says_whose_it_is_and_what_it_is_about(own: Staffed) -> None:
    now, payout, owner = timezone.localtime(), Payout.objects.get(), member(own.shop)
    desk = page_client(own.shop, owner)
    first = f"1 {now:%B %Y} to"
    for page, more in (
        (f"{payout.pk}/", ("SP-", "Status of the payout: Prepared")),
        (f"statements/{now:%Y-%m}/", ("SM-", first, "The month is not over")),
        (f"statements/years/{now.year}/", ("SY-", f"1 January {now.year} to 31 December {now.year}")),
    ):
        [words] = pages_of(desk.get(f"/dashboard/payouts/{page}?as=pdf").content)
        for said in (
            *("Kasuwa Markets Ltd", "Trading as Kasuwa", "12 Example Road", "Tax number: 12345678-0001"),
            *("Indigo Textile Works Ltd", f"Trading as {own.shop.name}", "4 Station Road", "Oshogbo"),
            *("Registration number: RC 1487220", "Tax number: 123456780001"),
            *("Guaranty Trust Bank •••• 6789", "OKAFOR ADAEZE", "Africa/Lagos (UTC+01:00)", "in NGN"),
            *(f"Date of issue: {now.day} {now:%B %Y}", *more),
        ):
            assert said in words, (page, said)
    rows = table(desk.get(f"/dashboard/payouts/{payout.pk}/?as=csv"))
    assert (rows[0]["Shop"], rows[0]["Market"]) == ("Indigo Textile Works Ltd", "Kasuwa Markets Ltd")
    assert rows[0]["Bank account"] == "Guaranty Trust Bank •••• 6789, OKAFOR ADAEZE"
    assert (rows[1]["Date"], rows[1]["Booked at"][10], rows[1]["Booked at"][-6:]) == (
        rows[1]["Booked at"][:10],
        "T",
        "+01:00",
    )


def test_two_hundred_lines_and_long_names_go_on_over_pages(own: Staffed) -> None:
    """In both languages: nothing is cut off, and each page has the head of the table and its number."""
    Shop.objects.filter(pk=own.shop.pk).update(name="Àṣà " * 30)
    ShopApplication.objects.update(legal_name="Gbọ́láhàn-Ọmọtáyọ̀" * 8)
    shop = Shop.objects.get(pk=own.shop.pk)
    statement = month_statement(shop=shop, month=month_of(timezone.localdate()))
    line = linked_lines(statement, limit=1)[0]
    large = replace(line.causes, sale_minor=98_765_432_155)
    line = replace(line, line=replace(line.line, causes=large), balance_minor=-98_765_432_155)
    many = [replace(line, number=f"KS-{number:010d}-1") for number in range(200)]
    for language, head in (("en", "Balance"), ("fr", "Solde")):
        with translation.override(language):
            pages = pages_of(as_pdf(title="", layouts=[lambda: statement_sheet(statement, many, timezone.now())]))
            amount = format_minor(line.balance_minor, "NGN").replace("\xa0", " ")
        assert len(pages) > 5
        words = " ".join(pages)
        assert all(each.number in words for each in many)
        assert words.count(amount) == 200, "on one line each"
        assert all("SM-" in page and head in page and WITHOUT_GLYPH not in page for page in pages)
        assert f"{len(pages)} " in f"{pages[-1]} ", pages[-1][-40:]


def test_the_typeface_has_every_sign_of_the_currencies() -> None:
    for language in ("en", "fr"):
        with translation.override(language):
            for currency in SYMBOLS:
                text = format_minor(-123_456_789, currency)
                assert printable(text) == text, text
    assert printable("•••• 6789 · ⍰") == "•••• 6789 · □"


def test_a_party_that_gave_little_has_no_empty_lines() -> None:
    assert Party(name="Indigo", address=()).lines == []


def test_the_console_says_what_the_papers_of_the_market_lack(settings: LazySettings) -> None:
    console = Client(HTTP_HOST=current_settings.BASE_DOMAIN)
    console.force_login(make_operator())
    settings.PLATFORM_TAX_NUMBER = "0001"
    page = console.get("/operator/tax-tables/").content.decode()
    assert "Set PLATFORM_LEGAL_NAME, PLATFORM_LEGAL_ADDRESS and restart" in page
    settings.PLATFORM_LEGAL_NAME, settings.PLATFORM_LEGAL_ADDRESS = "Kasuwa Markets Ltd", "Kano"
    assert "name the market" not in console.get("/operator/tax-tables/").content.decode()


def test_causes_of_a_line_are_all_named() -> None:
    """The printed formula of a line has each amount that its sum has."""
    from checkout.statements.titles import causes_of

    causes = Causes(*range(1, 8))
    assert sum(each.amount_minor for each in causes_of(causes)) == causes.change_minor
