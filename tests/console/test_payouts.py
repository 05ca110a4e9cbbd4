"""Runs and payouts in the console and over the operators' API: made, approved by another, held, sent again."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from rest_framework.test import APIClient

from accounts.models import User
from console.models import AuditEntry
from payouts.models import Payout, PayoutRun, RunStatus
from payouts.runs.create import create_runs
from payouts.runs.poll_transfers import refresh_transfer
from payouts.runs.send import send_runs
from paystack_sandbox.testing import SandboxProcess
from tenants.models import Shop
from tests.world.clock import TODAY
from tests.world.factories.people import person
from tests.world.ledger import make_shop
from tests.world.own_shop import api, member, page_client
from tests.world.payouts import (
    EARNED,
    LATER,
    earn,
    figures,
    finish,
    fund,
    only_payout,
    payable_shop,
    payout_of,
    run_payouts,
)
from tests.world.releases import DUE

pytestmark = pytest.mark.django_db
V1 = "/api/v1/operator"
REASON = {"reason": "The shop has named another account."}


@pytest.fixture
def shop() -> Shop:
    return payable_shop("indigo")


@pytest.fixture
def second(db: None) -> User:
    return person(email="second@kasuwa.test", name="Second", is_operator=True)


def signed_in(user: User) -> APIClient:
    client = APIClient(HTTP_HOST="kasuwa.localhost")
    client.force_authenticate(user)
    return client


def test_a_run_over_the_api_is_approved_by_another_operator(
    shop: Shop, operator: User, second: User, settings: LazySettings
) -> None:
    settings.PAYOUT_SECOND_APPROVAL_MINOR = 0
    one, other = signed_in(operator), signed_in(second)

    made = one.post(f"{V1}/payout-runs/", {"slug": shop.slug}, format="json", HTTP_IDEMPOTENCY_KEY="run-1")
    again = one.post(f"{V1}/payout-runs/", {"slug": shop.slug}, format="json", HTTP_IDEMPOTENCY_KEY="run-1")

    assert (made.status_code, again.status_code) == (201, 201)
    [run] = made.json()["data"]["runs"]
    assert again.json()["data"]["runs"] == [run]
    assert (run["needs_approval"], run["total_minor"], PayoutRun.objects.count()) == (True, EARNED, 1)
    approve = f"{V1}/payout-runs/{run['id']}/approve/"
    refused = one.post(approve)
    assert (refused.status_code, refused.json()["code"]) == (403, "second_person_needed")
    assert other.post(approve).json()["data"]["status"] == "sending"
    assert other.post(approve).json()["code"] == "run_not_waiting"
    assert [each["id"] for each in one.get(f"{V1}/payout-runs/?status=sending").json()["data"]["results"]] == [
        run["id"]
    ]
    assert one.post(f"{V1}/payout-runs/", {}, format="json").json()["code"] == "nothing_to_pay"
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == [
        "payout_run.made",
        "payout_run.approved",
    ]


def test_programs_see_the_next_run_and_read_a_run_and_a_payout(shop: Shop, operator: User) -> None:
    """The preview writes nothing; a shop without an account is in it with the reason, and each page leads on."""
    one, unnamed = signed_in(operator), make_shop("unnamed")
    earn(unnamed)

    first = one.get(f"{V1}/payout-runs/preview/", {"page_size": 1}).json()["data"]
    then = one.get(first["next"]).json()["data"]["results"]
    named = one.get(f"{V1}/payout-runs/preview/", {"slug": "unnamed"}).json()["data"]["results"]

    rows = {row["shop"]["slug"]: row for row in (*first["results"], *then)}
    assert (rows["indigo"]["amount_minor"], rows["indigo"]["skipped"]) == (EARNED, None)
    assert (rows["unnamed"]["amount_minor"], rows["unnamed"]["skipped"], rows["unnamed"]["bank_name"]) == (
        *(0, "no_account", ""),
    )
    assert ([row["why"] for row in named], PayoutRun.objects.exists()) == ([rows["unnamed"]["why"]], False)
    assert one.get(f"{V1}/payout-runs/preview/", {"slug": "nobody"}).status_code == 404

    [run] = one.post(f"{V1}/payout-runs/", {}, format="json").json()["data"]["runs"]
    found = one.get(f"{V1}/payout-runs/{run['id']}/").json()["data"]
    assert found == run | {
        "limit_minor": found["limit_minor"],
        "created_by": operator.email,
        "approved_by": None,
        "advice": "",
        "provider_words": "",
        "next_try_at": None,
    }
    [listed] = one.get(f"{V1}/payouts/", {"run": run["id"]}).json()["data"]["results"]
    assert one.get(f"{V1}/payouts/", {"run": listed["id"]}).json()["data"]["results"] == []
    payout = one.get(f"{V1}/payouts/{listed['id']}/").json()["data"]
    assert {name: payout[name] for name in listed} == listed
    assert (payout["allowed_acts"], payout["retry_refusal"]) == (["hold", "mark-paid"], "")
    assert (payout["hand_payment"], payout["advice"]) == (None, "")
    assert one.get(payout["statement_url"]).json()["data"]["payout_id"] == listed["id"]


def test_a_payout_over_the_api_is_held_released_and_sent_again(
    shop: Shop, operator: User, paystack: SandboxProcess
) -> None:
    fund(paystack)
    one = signed_in(operator)
    one.post(f"{V1}/payout-runs/", {}, format="json")
    payout = Payout.objects.get()
    for act, code in (
        ("retry", "payout_not_retriable"),
        ("release", "payout_not_held"),
        ("resolve", "no_problem_to_close"),
    ):
        assert one.post(f"{V1}/payouts/{payout.pk}/{act}/", REASON, format="json").json()["code"] == code
    held = one.post(f"{V1}/payouts/{payout.pk}/hold/", REASON, format="json").json()["data"]
    assert (held["status"], held["hold_reason"]) == ("held", REASON["reason"])
    assert one.post(f"{V1}/payouts/{payout.pk}/hold/", {"reason": ""}, format="json").status_code == 400
    assert one.post(f"{V1}/payouts/{payout.pk}/release/", REASON, format="json").json()["data"]["status"] == "prepared"

    send_runs(now=TODAY)
    transfer = only_payout()[1]
    finish(paystack, transfer, "failed")
    refresh_transfer(provider="paystack", reference=transfer.reference, now=TODAY)
    [stuck] = one.get(f"{V1}/payouts/?has_problem=true").json()["data"]["results"]
    assert (stuck["status"], stuck["problem"], stuck["account_number"]) == ("failed", "failed", "•••• 6789")
    again = one.post(f"{V1}/payouts/{payout.pk}/retry/", REASON, format="json").json()["data"]
    assert (again["status"], len(again["transfers"])) == ("prepared", 2)
    assert figures(shop) == {"in_transit": EARNED}


def browser(user: User) -> Client:
    client = Client(HTTP_HOST="kasuwa.localhost")
    client.force_login(user)
    return client


def test_pages_show_the_preview_make_a_run_and_have_another_approve_it(
    shop: Shop, operator: User, second: User, settings: LazySettings
) -> None:
    settings.PAYOUT_SECOND_APPROVAL_MINOR = 0
    page = browser(operator).get("/operator/payout-runs/").content.decode()
    assert "Indigo" in page
    assert "Set this money aside" in page

    made = browser(operator).post("/operator/payout-runs/")

    run = PayoutRun.objects.get()
    assert made["Location"] == f"/operator/payout-runs/{run.pk}/"
    own = browser(operator).get(made["Location"]).content.decode()
    assert "another operator has to approve it" in own
    assert "Approve and send" not in own
    assert "Approve and send" in browser(second).get(made["Location"]).content.decode()
    browser(operator).post(made["Location"], {"act": "approve"})
    assert PayoutRun.objects.get().status == RunStatus.WAITING
    browser(second).post(made["Location"], {"act": "approve"})
    assert PayoutRun.objects.get().status == RunStatus.SENDING
    assert browser(second).post(made["Location"], {"act": "sort"}).status_code == 404


def test_a_run_is_cancelled_with_a_reason(shop: Shop, second: User, settings: LazySettings) -> None:
    settings.PAYOUT_SECOND_APPROVAL_MINOR = 0
    browser(second).post("/operator/payout-runs/")
    address = f"/operator/payout-runs/{PayoutRun.objects.get().pk}/"
    browser(second).post(address, {"act": "cancel", "reason": ""})
    assert PayoutRun.objects.get().status == RunStatus.WAITING
    browser(second).post(address, {"act": "cancel", "reason": "Made by mistake"})
    assert figures(shop) == {"available": EARNED}


def test_the_work_queue_says_what_to_do(shop: Shop, operator: User, paystack: SandboxProcess) -> None:
    fund(paystack)
    run_payouts()
    payout, transfer = only_payout()
    finish(paystack, transfer, "failed")
    refresh_transfer(provider="paystack", reference=transfer.reference, now=DUE)
    one = browser(operator)

    assert "Indigo" in one.get("/operator/payouts/?queue=1").content.decode()
    page = one.get(f"/operator/payouts/{payout.pk}/").content.decode()

    assert "Ask the shop to check its bank account" in page
    assert transfer.reference in page
    one.post(f"/operator/payouts/{payout.pk}/", {"act": "resolve", "reason": "Told the shop"})
    assert "No payout needs a person" in one.get("/operator/payouts/?queue=1").content.decode()
    assert "Send again" in one.get(f"/operator/payouts/{payout.pk}/").content.decode()


def test_a_payout_that_came_back_waits_for_another_of_the_shop(
    shop: Shop, operator: User, paystack: SandboxProcess
) -> None:
    """The refusal names the other payout, and the page promises nothing that would be refused."""
    fund(paystack)
    run_payouts()
    back, transfer = only_payout()
    finish(paystack, transfer, "failed")
    refresh_transfer(provider="paystack", reference=transfer.reference, now=DUE)
    console, address = browser(operator), f"/operator/payouts/{back.pk}/"
    assert "Then send the payout again" in console.get(address).content.decode()
    create_runs(now=LATER)
    client, other = signed_in(operator), Payout.objects.exclude(pk=back.pk).get()
    receipt = SimpleUploadedFile("receipt.pdf", b"%PDF-1.4\n%%EOF", "application/pdf")
    facts = {"reference": "NIP-1", "paid_on": "2026-03-02", "reason": "The bank is not reached.", "file": receipt}

    for answer in (
        client.post(f"{V1}/payouts/{back.pk}/retry/", REASON, format="json"),
        client.post(f"{V1}/payouts/{back.pk}/mark-paid/", facts, format="multipart"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "payout_open")
        assert "payout of ₦8,100 that was made on" in answer.json()["message"]
    page = console.get(address).content.decode()
    assert "is still in progress (Prepared). Wait until it has ended" in page
    assert "See the other payout" in page
    for promise in ("Then send the payout again", 'value="retry"', f"{address}by-hand/"):
        assert promise not in page
    assert "is still in progress (Prepared)" in console.get(f"{address}by-hand/").content.decode()
    console.post(address, {"act": "resolve", "reason": "Told the shop"})
    assert "is still in progress (Prepared)" in console.get(address).content.decode(), "the reason, beside no problem"
    Payout.objects.filter(pk=other.pk).update(status="cancelled")
    assert "does not cover this payout any more" in console.get(address).content.decode()


def test_a_shop_sees_its_own_payouts(paystack: SandboxProcess, shops: list[Any]) -> None:

    mine, others = shops
    payout_of(others)
    payout_of(mine, status="failed", problem="failed")
    Payout.objects.filter(shop=mine).update(note="Account is dormant")
    owner = member(mine)

    page = page_client(mine, owner).get("/dashboard/payouts/").content.decode()
    [listed] = api(mine, owner).get("/api/v1/payouts/").json()["data"]["results"]

    assert "₦8,100" in page
    assert "Account is dormant" in page
    assert (listed["status"], listed["note"], listed["account_number"]) == ("failed", "Account is dormant", "•••• 6789")
    assert api(mine, owner).get("/api/v1/payouts/?status=paid").json()["data"]["results"] == []


def test_a_payout_is_marked_as_paid_by_hand(
    shop: Shop, operator: User, second: User, paystack: SandboxProcess, settings: LazySettings
) -> None:
    """On the page and over the API: recorded by one operator, confirmed by another, with its evidence."""
    settings.PAYOUT_SECOND_APPROVAL_MINOR = EARNED - 1
    payout = Payout.objects.get(pk=create_runs(now=DUE)[0].payouts.get().pk)
    console, address = Client(HTTP_HOST="kasuwa.localhost"), f"/operator/payouts/{payout.pk}"
    console.force_login(operator)

    def form(**changes: Any) -> dict[str, Any]:
        receipt = SimpleUploadedFile("receipt.pdf", b"%PDF-1.4\n%%EOF", "application/pdf")
        facts = {"reference": "NIP-1", "paid_on": "2026-03-02", "reason": "The bank is not reached.", "file": receipt}
        return {**facts, **changes}

    assert f"{address}/by-hand/" in console.get(f"{address}/").content.decode()
    assert console.get(f"{address}/evidence/").status_code == 404
    assert console.post(f"{address}/by-hand/", form(file="")).status_code == 422
    assert console.post(f"{address}/by-hand/", form()).status_code == 302
    shown = console.get(f"{address}/by-hand/").content.decode()
    assert "Another operator has to confirm it" in shown
    evidence: Any = console.get(f"{address}/evidence/")
    assert b"".join(evidence.streaming_content).startswith(b"%PDF")
    assert payout.shop.name in console.get("/operator/payouts/?queue=1").content.decode()
    console.post(f"{address}/by-hand/", {"act": "approve"})
    payout.refresh_from_db()
    assert payout.status == "held", "its recorder does not confirm it"

    one, other = signed_in(operator), signed_in(second)
    mark = f"{V1}/payouts/{payout.pk}/mark-paid/"
    assert one.post(mark, form(reference="NIP-2"), format="multipart").json()["code"] == "payout_paid_already"
    assert one.post(f"{mark}approve/").json()["code"] == "second_person_needed"
    assert other.post(f"{mark}approve/").json()["data"]["status"] == "booked"
    assert other.post(f"{mark}refuse/", REASON, format="json").json()["code"] == "hand_payment_decided"
    assert figures(shop) == {}
    assert [entry.action for entry in AuditEntry.objects.order_by("id")][-2:] == [
        "payout.paid_by_hand",
        "payout.hand_payment_approved",
    ]


def test_the_overview_lists_payouts_with_a_problem_and_runs_that_wait(
    shop: Shop, second: User, console: Client
) -> None:
    """The run's page says when a run that the provider does not take now is tried again."""
    payout = payout_of(shop, status="failed", problem="failed")
    run = payout.run
    PayoutRun.objects.filter(pk=run.pk).update(
        status="sending", problem="balance_too_low", due_at=LATER, approved_by=second, approved_at=LATER
    )

    def listed() -> dict[str, str]:
        return {each.url: each.note for each in console.get("/operator/").context["exceptions"]}

    of_run, of_payout = f"/operator/payout-runs/{run.pk}/", f"/operator/payouts/{payout.pk}/"
    assert set(listed()) == {of_run, of_payout}
    assert listed()[of_payout] == "The bank did not take it"
    assert listed()[of_run].startswith("Our balance at the provider is too low. Top it up there")
    at = date_format(timezone.localtime(LATER), "j M Y, H:i T")
    assert f"The next attempt is at {at}." in console.get(of_run).content.decode()

    PayoutRun.objects.filter(pk=run.pk).update(problem="")
    Payout.objects.filter(pk=payout.pk).update(problem="")
    assert listed() == {}
    assert "The next attempt" not in console.get(of_run).content.decode()
