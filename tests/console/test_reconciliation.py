"""Differences in the console and over the operators' API: told with what to do, and ended with an explanation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from console.models import AuditEntry
from payouts.models import Cause, Difference, DifferenceKind, Journal, ReconciliationRun
from payouts.reconciliation import window
from payouts.reconciliation.run import reconcile
from payouts.reconciliation.window import reconcile_usual_days
from paystack_sandbox.testing import SandboxProcess
from tests.world.differences import difference
from tests.world.market import open_shop, stock
from tests.world.own_shop import api
from tests.world.payments import pay, started

pytestmark = pytest.mark.django_db
URL = "/operator/reconciliation/"
V1 = "/api/v1/operator/reconciliation/"
REASON = "Ada has refunded it by hand."


def console(operator: User) -> Client:
    client = Client(HTTP_HOST="kasuwa.localhost")
    client.force_login(operator)
    return client


def test_the_list_tells_what_differs_and_leads_to_what_to_do(operator: User) -> None:
    found, client = difference(now=timezone.now()), console(operator)
    page = client.get(URL).content.decode()
    detail = client.get(f"{URL}{found.pk}/").content.decode()
    assert "3018284" in page
    assert "₦5,000" in page
    assert "find out who made it" in detail
    assert 'value="ask"' not in detail, "it has no reference of ours"
    assert "3018284" not in client.get(f"{URL}?kind=charge").content.decode()


def test_an_explanation_ends_it_and_is_in_the_audit_log(operator: User) -> None:
    found, client = difference(now=timezone.now()), console(operator)
    client.post(f"{URL}{found.pk}/", {"act": "end", "reason": ""})
    assert Difference.objects.filter(ended_at=None).exists()

    client.post(f"{URL}{found.pk}/", {"act": "end", "reason": REASON})

    found.refresh_from_db()
    assert (found.ended_by_id, found.note) == (operator.pk, REASON)
    assert AuditEntry.objects.get(action="difference.ended").reason == REASON
    assert "3018284" in client.get(f"{URL}?ended=1").content.decode()
    assert REASON in client.get(f"{URL}{found.pk}/", follow=True).content.decode()


def test_what_the_market_did_not_ask_for_is_booked_with_a_reason(operator: User) -> None:
    found, client = difference(now=timezone.now()), console(operator)
    client.post(f"{URL}{found.pk}/", {"act": "book_own", "reason": ""})
    assert not Journal.objects.exists()

    client.post(f"{URL}{found.pk}/", {"act": "book_own", "reason": REASON})

    assert Journal.objects.get().kind == "operator"
    assert AuditEntry.objects.get(action="difference.own_booked").reason == REASON
    assert 'value="book_own"' not in client.get(f"{URL}{found.pk}/", follow=True).content.decode()


def test_a_comparison_is_asked_for_by_page_and_program_and_found_where_they_are_told(
    operator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker makes it, which is only woken here; while one is under way no other is begun."""
    woken: list[str] = []
    monkeypatch.setattr(window, "wake", woken.append)
    program = APIClient(HTTP_HOST="kasuwa.localhost")
    program.force_authenticate(operator)

    page = console(operator).post(f"{URL}compare/", follow=True).content.decode()
    asked = program.post(f"{V1}compare/")

    assert ("The comparison has started" in page, woken) == (True, [window.TASK] * 2)
    assert (asked.status_code, asked.json()["data"]["providers"]) == (202, ["paystack"])
    assert program.get(asked.json()["data"]["runs_url"]).json()["data"]["results"] == []
    now = timezone.now()
    run = ReconciliationRun.objects.create(
        provider="paystack", since=now - timedelta(days=3), until=now, started_at=now, compared=0
    )
    refused, again = program.post(f"{V1}compare/"), console(operator).post(f"{URL}compare/", follow=True)
    [row] = program.get(f"{V1}runs/", {"provider": "paystack"}).json()["data"]["results"]
    assert (refused.status_code, refused.json()["code"]) == (409, "comparison_under_way")
    assert "being compared already" in again.content.decode()
    assert (row["id"], row["ended_at"], len(woken)) == (str(run.pk), None, 2)
    run.started_at = now - timedelta(hours=2)  # its worker was lost
    run.save()
    assert program.post(f"{V1}compare/").status_code == 202
    assert AuditEntry.objects.filter(action="reconciliation.asked", actor_id=operator.pk).count() == 3


def test_the_provider_is_asked_from_the_page(operator: User, paystack: SandboxProcess) -> None:
    payment = started(stock(open_shop("cloth-hall")).line())
    pay(paystack, payment)
    now = timezone.now()
    later = now + timedelta(hours=1)
    reconcile(provider="paystack", since=now - timedelta(days=1), until=later, now=later)
    found, client = Difference.objects.get(), console(operator)

    client.post(f"{URL}{found.pk}/", {"act": "ask"})

    payment.refresh_from_db()
    found.refresh_from_db()
    assert (payment.status, found.ended_by_id) == ("captured", operator.pk)
    assert AuditEntry.objects.filter(action="difference.asked").exists()
    assert client.post(f"{URL}{found.pk}/", {"act": "nothing"}).status_code == 404


def test_programs_list_and_end_differences(operator: User) -> None:
    found, program = difference(now=timezone.now()), api(None, operator)
    [row] = program.get(V1, {"kind": DifferenceKind.REFUND, "cause": Cause.NOT_BOOKED}).json()["data"]["results"]
    assert (row["id"], row["ours_minor"], row["theirs_minor"]) == (str(found.pk), None, 500_000)

    ended = program.post(f"{V1}{found.pk}/end/", {"reason": REASON}, format="json", HTTP_IDEMPOTENCY_KEY="end-1")
    again = program.post(f"{V1}{found.pk}/end/", {"reason": REASON}, format="json", HTTP_IDEMPOTENCY_KEY="end-2")

    assert (ended.status_code, ended.json()["data"]["note"]) == (200, REASON)
    assert (again.status_code, again.json()["code"]) == (409, "difference_ended")
    assert program.get(V1).json()["data"]["results"] == []
    assert len(program.get(V1, {"has_ended": "true"}).json()["data"]["results"]) == 1


def test_the_daily_round_compares_each_provider_that_lists_its_records(paystack: SandboxProcess) -> None:
    runs = reconcile_usual_days(now=timezone.now())
    assert "paystack" in {run.provider for run in runs}
    assert all(run.problem == "" for run in runs)
