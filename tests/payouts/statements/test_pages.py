"""Statements on pages, over the API and as files: the same figures for the shop and for operators."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone, translation

from payouts.models import JournalKind, Payout
from payouts.release.round import run_round
from payouts.runs.create import create_runs
from payouts.runs.hold import hold_payout
from tests.world.books import make_operator
from tests.world.factories.people import person
from tests.world.own_shop import Staffed, api, counted, member, page_client, staffed
from tests.world.payouts import add_account
from tests.world.releases import delivered, take_back
from vendors.selectors.movements import movements

pytestmark = pytest.mark.django_db


@pytest.fixture
def own() -> Staffed:
    return staffed("indigo-fabrics")


@pytest.fixture
def payout(own: Staffed) -> Payout:
    """A payout of two orders, of one of which a part had gone back."""
    delivered(own.shop, 500_000)
    take_back(delivered(own.shop, 300_000), 100_000, now=timezone.now())
    run_round(now=timezone.now())
    add_account(own.shop)
    create_runs(now=timezone.now(), shop_id=own.shop.pk)
    return Payout.objects.get()


def read(client: Client, address: str, accept: str = "application/json") -> Any:
    return client.get(address, HTTP_ACCEPT=accept)


def table(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_a_shop_reads_its_statement_in_each_format(own: Staffed, payout: Payout) -> None:
    address = f"/api/v1/payouts/{payout.pk}/statement/"
    client = api(own.shop, member(own.shop))

    data = read(client, address).json()["data"]
    assert (data["opening_minor"], data["paid_minor"], data["closing_minor"]) == (0, -700_000, 0)
    assert (data["totals"]["sale_minor"], data["totals"]["refund_minor"]) == (880_000, -100_000)
    assert [line["kind"] for line in data["lines"]] == ["release", "release", "payout"]
    assert [line["balance_minor"] for line in data["lines"]] == [500_000, 700_000, 0]
    assert read(client, f"{address}?page=2&page_size=2").json()["data"]["lines"] == data["lines"][2:]

    rows = table(read(client, address, "text/csv"))
    assert [rows[0][1], rows[1][1], rows[-1][1]] == ["What", "Opening balance", "Closing balance"]
    assert [row[4:13] for row in rows[2:-1]][1] == [
        *("3300.00", "-300.00", "0.00", "-1000.00", "0.00", "0.00", "0.00", "2000.00", "7000.00"),
    ]
    assert "been refunded to the buyer" in rows[3][3]

    printed = read(client, address, "application/pdf")
    assert printed.content.startswith(b"%PDF")
    refused = read(client, address, "image/png")
    assert (refused.status_code, refused.json()["code"]) == (406, "not_acceptable")
    assert read(client, address, "text/html, */*;q=0.5").status_code == 200


def test_months_over_the_api(own: Staffed, payout: Payout) -> None:
    client, now = api(own.shop, member(own.shop)), timezone.localtime()
    listed = read(client, "/api/v1/statements/").json()["data"]
    assert listed[0]["month"] == f"{now:%Y-%m}"
    month = read(client, f"/api/v1/statements/{listed[0]['month']}/").json()["data"]
    assert (month["kind"], month["closing_minor"], month["closing"]["in_transit_minor"]) == (
        "month",
        listed[0]["closing_minor"],
        700_000,
    )
    assert {line["kind"] for line in month["lines"]} == {"sale", "reversal"}
    assert all(line["explanation"] for line in month["lines"])
    for address in ("2026-13/", "never/"):
        assert read(client, f"/api/v1/statements/{address}").status_code == 404
    assert read(client, f"/api/v1/statements/{listed[0]['month']}/?currency=naira").status_code == 400


def test_a_statement_in_french_names_movements_of_money(own: Staffed, payout: Payout) -> None:
    """Not by the words of the buttons and flags that are written alike in English."""
    owner, address = member(own.shop), f"/api/v1/payouts/{payout.pk}/statement/"
    client = api(own.shop, owner)
    french: dict[str, Any] = {"HTTP_ACCEPT_LANGUAGE": "fr"}
    header, *rows = table(client.get(address, HTTP_ACCEPT="text/csv", **french))
    assert (header[4], header[7], header[11]) == ("Vente", "Remboursement", "Variation")
    assert [row[1] for row in rows] == ["Solde initial", "Libéré", "Libéré", "Versement mis de côté", "Solde final"]
    page = page_client(own.shop, owner).get(f"/dashboard/payouts/{payout.pk}/", **french).content.decode()
    assert 'data-label="Vente"' in page
    for word in ("Promo<", "Modifier<", "Rembourser<"):
        assert word not in page
    assert client.get("/api/v1/statements/2026-31/", **french).json()["message"].startswith("Ce mois n’existe pas.")
    refused = client.post("/api/v1/payouts/", {}, format="json", **french).json()
    assert refused["code"] == "not_on_request"
    assert refused["message"].startswith("Vos versements suivent un calendrier.")
    with translation.override("fr"):
        kinds = {str(kind.label) for kind in JournalKind}
    assert {"Vente", "Remboursement", "Versement payé", "Vente annulée", "Litige tranché"} <= kinds


def test_pages_say_what_a_payout_that_does_not_arrive_waits_for(own: Staffed, payout: Payout) -> None:
    desk = page_client(own.shop, member(own.shop))
    balance, today, listed = "/dashboard/balance/", "/dashboard/", "/dashboard/payouts/"
    statement = f"/dashboard/payouts/{payout.pk}/"

    def shown(address: str, words: str) -> bool:
        return words in desk.get(address).content.decode()

    assert shown(balance, "To your bank")
    assert shown(today, "What was available is on its way to your bank")
    assert not shown(today, "Until delivered")
    hold_payout(payout_id=payout.pk, actor_id=person().pk, reason="We compare the account.", now=timezone.now())
    for address in (balance, listed, statement):
        assert shown(address, "We compare the account."), address
    for address in (balance, today):
        assert shown(address, "What was available is in a payout that is held"), address
        assert not shown(address, "available is on its way"), address
    assert not shown(balance, "To your bank")
    for status in ("failed", "reversed"):
        Payout.objects.update(status=status, hold_reason="", note="Account is dormant")
        for address in (listed, statement):
            assert shown(address, "Account is dormant"), (status, address)
            assert shown(address, 'href="/dashboard/settings/bank-account/">Check your bank account'), (status, address)


def test_the_pages_of_the_shop(own: Staffed, payout: Payout) -> None:
    desk = page_client(own.shop, member(own.shop))
    shown = desk.get(f"/dashboard/payouts/{payout.pk}/").content.decode()
    for words in ("Opening balance", "This payout", "₦7,000", "been refunded to the buyer", "?as=csv", "?as=pdf"):
        assert words in shown
    assert f"/dashboard/payouts/{payout.pk}/" in desk.get("/dashboard/payouts/").content.decode()
    month = f"{timezone.localtime():%Y-%m}"
    months = desk.get("/dashboard/payouts/statements/").content.decode()
    assert f"/dashboard/payouts/statements/{month}/" in months
    assert f"Tax statement of {timezone.localtime().year}<" in months
    assert "₦7,000" in desk.get(f"/dashboard/payouts/statements/{month}/").content.decode()
    assert len(table(desk.get(f"/dashboard/payouts/{payout.pk}/?as=csv"))) == 6
    assert desk.get(f"/dashboard/payouts/{payout.pk}/?as=pdf").content.startswith(b"%PDF")
    assert desk.get(f"/dashboard/payouts/{payout.pk}/?as=doc").status_code == 404
    assert desk.get("/dashboard/payouts/statements/2026-99/").status_code == 404


def test_a_statement_that_is_too_long_to_print(own: Staffed, payout: Payout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checkout.statements.files.MOST_PRINTED", 2)
    answer = read(api(own.shop, member(own.shop)), f"/api/v1/payouts/{payout.pk}/statement/", "application/pdf")
    assert (answer.status_code, answer.json()["code"]) == (409, "statement_too_long")


def test_operators_read_what_the_shop_reads(own: Staffed, payout: Payout) -> None:
    console, month = Client(HTTP_HOST=settings.BASE_DOMAIN), f"{timezone.localtime():%Y-%m}"
    console.force_login(make_operator())
    pages = (
        f"/operator/payouts/{payout.pk}/statement/",
        f"/operator/shops/{own.shop.slug}/statements/",
        f"/operator/shops/{own.shop.slug}/statements/{month}/",
    )
    for page, words in zip(pages, ("₦7,000", f"/statements/{month}/", "₦7,000"), strict=True):
        assert words in console.get(page).content.decode()
    theirs = read(console, f"/api/v1/operator/payouts/{payout.pk}/statement/").json()["data"]
    ours = read(api(own.shop, member(own.shop)), f"/api/v1/payouts/{payout.pk}/statement/").json()["data"]
    assert theirs == ours
    assert read(console, f"/api/v1/operator/shops/{own.shop.slug}/statements/{month}/").status_code == 200
    assert read(console, f"/api/v1/operator/shops/{own.shop.slug}/statements/").json()["data"]
    stranger = Client(HTTP_HOST=settings.BASE_DOMAIN)
    stranger.force_login(person())
    assert {stranger.get(page).status_code for page in pages} == {404}


def test_a_page_takes_as_many_statements_for_many_lines(own: Staffed, payout: Payout) -> None:
    desk, address = (
        page_client(own.shop, member(own.shop)),
        f"/dashboard/payouts/statements/{timezone.localtime():%Y-%m}/",
    )

    def asked() -> int:
        with counted() as queries:
            assert desk.get(address).status_code == 200
        return len(queries)

    asked()
    few = asked()
    for _ in range(8):
        take_back(delivered(own.shop, 50_000), 10_000, now=timezone.now())
    assert asked() == few


def test_a_release_is_one_row_of_the_balance(own: Staffed, payout: Payout) -> None:
    """Both of its places in a row, and no page cuts it apart."""
    page = page_client(own.shop, member(own.shop)).get("/dashboard/balance/")
    found = [(each.what, each.amount_minor, each.is_moved) for each in page.context["movements"]]
    assert ("Released, from pending to available", 200_000, True) in found
    assert ("Payout set aside, from available to on its way to your bank", 700_000, True) in found
    assert [what for what, *_ in found].count("Sale, pending") == 3
    first = movements(shop_id=own.shop.pk, before_id=None, size=2)
    rest = movements(shop_id=own.shop.pk, before_id=first.next_before, size=50)
    assert [each.what for each in (*first.movements, *rest.movements)] == [what for what, *_ in found]
