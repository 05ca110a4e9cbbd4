"""Disputes over the API of both hosts: read, evidence, answers, and each refusal with nothing changed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import User
from checkout.disputes.pushing import push_answers
from checkout.models import Order, Payment
from console.models import AuditEntry
from kit.money import format_minor
from payouts.models import Dispute, DisputeAnswer, DisputeEvidence
from paystack_sandbox.testing import SandboxProcess
from tests.world.books import make_operator
from tests.world.disputes import Bank, deliver_all, findings, follow, paid_for
from tests.world.market import Stocked, open_shop, stock
from tests.world.own_shop import api, member, page_client

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF"
OPERATOR = "/api/v1/operator/disputes/"
SHOP = "/api/v1/disputes/"


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"), price_minor=1_000_000, on_hand=10)


@pytest.fixture
def bank(paystack: SandboxProcess) -> Bank:
    return Bank(paystack)


@pytest.fixture
def sale(cloth: Stocked, paystack: SandboxProcess) -> tuple[Order, Payment]:
    return paid_for(paystack, cloth.line(3))


Sale = tuple[Order, Payment]


def test_a_shop_gives_evidence_and_an_operator_sends_it(sale: Sale, cloth: Stocked, bank: Bank) -> None:
    order, payment = sale
    deliver_all(order)
    dispute_id = bank.dispute(payment, category="fraud")
    desk, console = api(cloth.shop, member(cloth.shop)), api(None, make_operator())
    before = desk.get("/api/v1/balance/").json()["data"]
    dispute = follow(dispute_id)
    held = sum(part.payable_minor for part in dispute.parts.all())
    for balance in (desk.get("/api/v1/balance/"), console.get("/api/v1/operator/shops/cloth-hall/balance/")):
        data = balance.json()["data"]
        assert (before["disputed_minor"], data["disputed_minor"]) == (0, held)
        assert data["total_minor"] + data["disputed_minor"] == before["total_minor"]
    page = page_client(cloth.shop, User.objects.get(memberships__shop=cloth.shop)).get("/dashboard/balance/").text
    assert re.search(
        r'href="/dashboard/disputes/" class="stat tone-warning" ><span class="stat-label">Held by disputes<', page
    )
    assert format_minor(held, "NGN") in page
    where, ours = f"{SHOP}{dispute.pk}/", f"{OPERATOR}{dispute.pk}/"

    [listed] = desk.get(f"{SHOP}?status=open").json()["data"]["results"]
    assert (listed["id"], listed["status"], listed["amount_minor"]) == (str(dispute.pk), "open", order.total_minor)
    shown = desk.get(where).json()["data"]
    assert [offer["key"].partition(":")[0] for offer in shown["offers"]] == ["tracking"]
    assert "GIG-77" in shown["offers"][0]["text"]
    taken = {"text": "She signed for it.", "offers": [shown["offers"][0]["key"]]}
    assert desk.post(f"{where}evidence/", taken, format="json").status_code == 201
    file = SimpleUploadedFile("receipt.pdf", PDF, "application/pdf")
    given = desk.post(f"{where}evidence/", {"file": file}, format="multipart")
    assert (given.status_code, given.json()["data"]["file_name"]) == (201, "receipt.pdf")

    seen = console.get(ours).json()["data"]
    assert ["GIG-77" in piece["text"] for piece in seen["evidence"]] == [True, False]
    statement = {"statement": seen["evidence"][0]["text"], "evidence_id": seen["evidence"][1]["id"]}
    answered = console.post(f"{ours}evidence/", statement, format="json", headers={"Idempotency-Key": "one"})
    again = console.post(f"{ours}evidence/", statement, format="json", headers={"Idempotency-Key": "one"})
    assert (answered.status_code, again.status_code) == (200, 200)
    assert [each["state"] for each in answered.json()["data"]["answers"]] == ["asked"]
    assert DisputeAnswer.objects.count() == 1

    push_answers(now=timezone.now())

    sent = bank.paystack.call("GET", f"/dispute/{dispute_id}")["data"]
    assert sent["status"] == "awaiting-bank-feedback"
    assert "GIG-77" in sent["evidence"]["service_details"]
    assert sent["evidence"]["customer_email"] == order.email
    assert bank.paystack.call("GET", f"/sandbox/dispute-files/{sent['attachments']}")["data"]["size"] == len(PDF)
    assert console.get(ours).json()["data"]["status"] == "with_bank"
    assert [entry.action for entry in AuditEntry.objects.order_by("-pk")[:1]] == ["dispute.evidence_sent"]
    late = desk.post(f"{where}evidence/", {"text": "More"}, format="json")
    assert (late.status_code, late.json()["code"]) == (409, "dispute_answered")
    assert findings() == []


def test_an_operator_accepts_a_part(sale: Sale, cloth: Stocked, bank: Bank) -> None:
    order, payment = sale
    dispute = follow(bank.dispute(payment))
    console = api(None, make_operator())
    where = f"{OPERATOR}{dispute.pk}/accept/"
    too_much = console.post(where, {"reason": "It was lost", "amount_minor": order.total_minor + 1}, format="json")
    assert (too_much.status_code, DisputeAnswer.objects.count()) == (400, 0)

    assert console.post(where, {"reason": "It was lost", "amount_minor": 400_000}, format="json").status_code == 200
    push_answers(now=timezone.now())

    ended = console.get(f"{OPERATOR}?status=lost").json()["data"]["results"][0]
    assert (ended["lost_minor"], ended["resolution"]) == (400_000, "accepted")
    assert findings() == []


@pytest.mark.parametrize(
    ("fault", "tries"),
    [
        ({"kind": "timeout", "acts": True}, 1),
        ({"kind": "server_error", "acts": True}, 1),
        ({"kind": "server_error"}, 2),
        ({"kind": "html"}, 2),
    ],
)
def test_a_lost_answer_is_asked_about_and_not_given_twice(
    sale: Sale, bank: Bank, settings: Any, fault: dict[str, Any], tries: int
) -> None:
    _, payment = sale
    settings.PAYSTACK_TIMEOUT_SECONDS = 0.5
    dispute_id = bank.dispute(payment)
    dispute = follow(dispute_id)
    console = api(None, make_operator())
    console.post(f"{OPERATOR}{dispute.pk}/accept/", {"reason": "It was lost"}, format="json")
    kind = fault.pop("kind")
    bank.paystack.add_fault(kind, match={"method": "PUT", "path": f"/dispute/{dispute_id}/resolve"}, **fault)

    push_answers(now=timezone.now())
    assert DisputeAnswer.objects.get().state == "asked"
    push_answers(now=timezone.now() + timedelta(minutes=10))

    assert DisputeAnswer.objects.get().state == "taken"
    assert Dispute.objects.get().status == "lost"
    assert bank.state(dispute_id) == ("resolved", "merchant-accepted")
    deliveries = bank.paystack.call("GET", "/sandbox/deliveries?event=charge.dispute.resolve")["data"]
    assert len(deliveries) == 1, tries
    assert findings() == []


def test_what_the_provider_refuses_can_be_answered_again(sale: Sale, bank: Bank) -> None:
    _, payment = sale
    dispute = follow(bank.dispute(payment))
    console, where = api(None, make_operator()), f"{OPERATOR}{dispute.pk}/"
    bank.paystack.add_fault("rate_limit", status=422, match={"method": "PUT"})
    for state in ("refused", "taken"):
        answer = console.post(f"{where}evidence/", {"statement": "It was delivered."}, format="json")
        assert answer.status_code == 200
        push_answers(now=timezone.now())
        assert DisputeAnswer.objects.order_by("-id")[0].state == state
    assert [step["move"] for step in Dispute.objects.get().steps].count("refused") == 1


def test_nothing_is_taken_after_the_deadline_or_the_end_or_from_strangers(
    sale: Sale, cloth: Stocked, bank: Bank
) -> None:
    _, payment = sale
    dispute_id = bank.dispute(payment)
    dispute = follow(dispute_id)
    desk, console = api(cloth.shop, member(cloth.shop)), api(None, make_operator())
    other = stock(open_shop("pot-house"), sku="POT-1")
    stranger = api(other.shop, member(other.shop))
    calls = [
        lambda: desk.post(f"{SHOP}{dispute.pk}/evidence/", {"text": "It arrived"}, format="json"),
        lambda: console.post(f"{OPERATOR}{dispute.pk}/evidence/", {"statement": "It arrived"}, format="json"),
        lambda: console.post(f"{OPERATOR}{dispute.pk}/accept/", {"reason": "It was lost"}, format="json"),
    ]
    strangers = [
        stranger.get(f"{SHOP}{dispute.pk}/"),
        stranger.post(f"{SHOP}{dispute.pk}/evidence/", {"text": "Mine"}, format="json"),
    ]
    assert [answer.status_code for answer in strangers] == [404, 404]
    assert stranger.get(SHOP).json()["data"]["results"] == []
    wrong = desk.post(f"{SHOP}{dispute.pk}/evidence/", {"offers": ["tracking:1"]}, format="json")
    empty = desk.post(f"{SHOP}{dispute.pk}/evidence/", {}, format="json")
    assert (wrong.status_code, empty.status_code) == (400, 400)

    Dispute.objects.update(answer_by=timezone.now() - timedelta(seconds=1))
    assert {(each().status_code, each().json()["code"]) for each in calls} == {(409, "dispute_overdue")}
    bank.decide(dispute_id, "auto-accepted")
    follow(dispute_id)
    assert {(each().status_code, each().json()["code"]) for each in calls} == {(409, "dispute_over")}
    assert not DisputeEvidence.objects.exists()
    assert not DisputeAnswer.objects.exists()
