"""Checks and findings in the console and over the operators' API: shown with what to do, run, and acknowledged."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from console.models import AuditEntry
from console.selectors.finding_links import links_of
from payouts.models import WatchRound
from payouts.watch.rounds import run_due
from tests.world.books import Market
from tests.world.findings import finding
from tests.world.own_shop import api
from tests.world.payouts import payout_of

pytestmark = pytest.mark.django_db
URL, V1, NOTE = "/operator/checks/", "/api/v1/operator/findings/", "I ask the provider."


def test_the_page_shows_each_check_with_its_last_run_and_what_is_found(console: Client) -> None:
    assert "No open findings" in console.get(URL).content.decode()
    run_due(now=timezone.now())
    found = finding(now=timezone.now())

    page = console.get(URL).content.decode()
    detail = console.get(f"{URL}findings/{found.pk}/").content.decode()

    assert "Every shop’s balance equals its entries" in page or "Every shop&#x27;s balance equals its entries" in page
    assert ("Something found" in page, found.subject in page, "Not yet" in page) == (False, True, False)
    assert "The order reserves goods" in detail
    assert "/operator/orders/KS-7F3K9QXD2M/" in detail
    assert found.subject not in console.get(f"{URL}?check=refunds_stuck").content.decode()
    assert found.subject not in console.get(f"{URL}?ended=1").content.decode()


def test_a_note_says_who_looks_after_a_finding(console: Client, operator: User) -> None:
    found, page = finding(now=timezone.now()), f"{URL}findings/{{}}/"
    console.post(page.format(found.pk), {"reason": ""})
    found.refresh_from_db()
    assert found.acknowledged_at is None

    shown = console.post(page.format(found.pk), {"reason": NOTE}, follow=True).content.decode()

    found.refresh_from_db()
    assert (found.acknowledged_by_id, found.note, found.ended_at) == (operator.pk, NOTE, None)
    assert (NOTE in shown, AuditEntry.objects.get(action="finding.acknowledged").reason) == (True, NOTE)


def test_the_checks_are_run_by_a_worker_and_the_page_says_how_far_they_are(console: Client, operator: User) -> None:
    console.post(f"{URL}run/", {})
    again = console.post(f"{URL}run/", {"quick": "1"}, follow=True).content.decode()
    assert "running already" in again
    assert "Checks done: " in again
    asked = WatchRound.objects.get()
    assert (asked.asked_by_id, asked.is_whole, asked.began_at) == (operator.pk, True, None)
    assert AuditEntry.objects.filter(action="checks.asked").count() == 1


def test_programs_have_the_checks_made_and_see_how_far_they_are(operator: User) -> None:
    program = api(None, operator)
    asked = program.post("/api/v1/operator/checks/run/", {"is_whole": False}, format="json")
    refused = program.post("/api/v1/operator/checks/run/", {}, format="json")
    assert (asked.status_code, refused.status_code, refused.json()["code"]) == (202, 409, "checks_under_way")
    begun = asked.json()["data"]
    waiting = program.get(begun["rounds_url"]).json()["data"]
    assert (waiting["under_way"]["round"]["id"], waiting["under_way"]["made"], waiting["last"]) == (begun["id"], 0, [])

    run_due(now=timezone.now())

    over = program.get(begun["rounds_url"]).json()["data"]
    assert (over["under_way"], [each["id"] for each in over["last"]]) == (None, [begun["id"]])
    assert AuditEntry.objects.get(action="checks.asked").actor_id == operator.pk


def test_programs_read_checks_and_acknowledge_findings(operator: User) -> None:
    found, program = finding(now=timezone.now()), api(None, operator)
    checks = {each["name"]: each for each in program.get("/api/v1/operator/checks/").json()["data"]}
    assert (checks["orders_overdue"]["open_findings"], checks["orders_overdue"]["last_run"]) == (1, None)
    [row] = program.get(V1, {"check": "orders_overdue"}).json()["data"]["results"]
    assert (row["id"], row["subject"]) == (str(found.pk), found.subject)
    assert program.get(V1, {"has_ended": "true"}).json()["data"]["results"] == []

    answer = program.post(f"{V1}{found.pk}/acknowledge/", {"note": NOTE}, format="json", HTTP_IDEMPOTENCY_KEY="note-1")

    assert (answer.status_code, answer.json()["data"]["note"]) == (200, NOTE)


def test_a_finding_leads_to_what_it_names(market: Market) -> None:
    payout = payout_of(market.shops[0])
    transfer = payout.transfers.get()
    number = market.paid.number
    named = {
        f"order {number} (paid)": f"/operator/orders/{number}/",
        f"sub-order {number}-2": f"/operator/orders/{number}/",
        f"payment {market.payment.reference}": f"/operator/payments/?q={market.payment.reference}",
        f"refund {market.refund.pk}": f"/operator/orders/{number}/",
        f"payout {payout.pk}": f"/operator/payouts/{payout.pk}/",
        f"payout run {payout.run_id}": f"/operator/payout-runs/{payout.run_id}/",
        f"transfer {transfer.reference}": f"/operator/payouts/{payout.pk}/",
        "journal 12 (sale ks-1)": "/operator/ledger/journals/12/",
        "inbox event 7 (charge.success)": "/operator/inbox/7/",
        f"difference {payout.pk}": f"/operator/reconciliation/{payout.pk}/",
        "shop_pending of indigo-fabrics (account 3)": "/operator/shops/indigo-fabrics/balance/",
        "debt of shop indigo-fabrics in NGN": "/operator/shops/indigo-fabrics/",
        f"vendor order {number}-1 at indigo-fabrics": "/operator/shops/indigo-fabrics/",
    }
    for subject, url in named.items():
        assert url in [link.url for link in links_of(check_name="x", subject=subject)], subject
    assert [link.url for link in links_of(check_name="provider", subject="balance")] == ["/operator/reconciliation/"]
