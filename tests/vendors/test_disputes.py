"""A dispute from its arrival to its end, as its shop and an operator see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from checkout.disputes.pushing import push_answers
from console.models import AuditEntry
from payouts.models import Dispute, DisputeAnswer, DisputeEvidence
from paystack_sandbox.testing import SandboxProcess
from tenants.models import Role
from tests.world.books import make_operator
from tests.world.disputes import Bank, deliver_all, disputed, follow, paid_for, parts_of
from tests.world.market import Stocked, open_shop, stock
from tests.world.own_shop import member, page_client

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"), price_minor=1_000_000, on_hand=10)


@pytest.fixture
def shop(cloth: Stocked) -> Client:
    return page_client(cloth.shop, member(cloth.shop))


@pytest.fixture
def operator(db: None) -> User:
    return make_operator()


@pytest.fixture
def console(operator: User) -> Client:
    client = Client(HTTP_HOST="kasuwa.localhost")
    client.force_login(operator)
    return client


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_a_shop_answers_an_operator_sends_and_the_bank_decides(
    cloth: Stocked, shop: Client, console: Client, paystack: SandboxProcess
) -> None:
    bank = Bank(paystack)
    order, payment = paid_for(paystack, cloth.line(3))
    deliver_all(order)
    [part] = parts_of(order)
    assert "No disputes" in page(shop, "/dashboard/disputes/")
    theirs = bank.dispute(payment)
    dispute = follow(theirs, now=timezone.now())
    own, market = f"/dashboard/disputes/{dispute.pk}/", f"/operator/disputes/{dispute.pk}/"

    shown = page(shop, "/dashboard/disputes/?status=open")
    assert (part.number in shown, "hours" in shown) == (True, True)
    for leading in ("balance", f"orders/{part.number}"):
        assert '/dashboard/disputes/?status=open">Look at the dispute' in page(shop, f"/dashboard/{leading}/")
    shown = page(shop, own)
    assert ("GIG-77" in shown, "Held from pending money" in shown, "Nothing yet." in shown) == (True, True, True)
    assert shop.post(own, {"text": ""}).status_code == 422
    file = SimpleUploadedFile("proof.pdf", PDF, content_type="application/pdf")
    given = {"text": "It was handed to the buyer.", "offers": [f"tracking:{part.pk}"], "file": file}
    shown = shop.post(own, given, follow=True).content.decode()
    assert ("It was handed to the buyer." in shown, "proof.pdf" in shown) == (True, True)
    piece = DisputeEvidence.objects.get()
    assert b"".join(shop.get(f"{own}files/{piece.pk}/").streaming_content) == PDF  # type: ignore[attr-defined]

    shown = page(console, market)
    assert ("It was handed to the buyer." in shown, "GIG-77" in shown, "proof.pdf" in shown) == (True, True, True)
    assert "1, of which 1 undecided and 0 lost" in shown
    assert order.number in page(console, "/operator/")
    sent = {"act": "send", "answer-statement": "Delivered, see the file.", "answer-evidence": str(piece.pk)}
    console.post(market, sent)
    assert AuditEntry.objects.get(action="dispute.evidence_sent").subject == f"dispute:{dispute.pk}"
    assert push_answers(now=timezone.now()) == 1
    assert "Taken by the provider" in page(console, market)
    shown = page(shop, own)
    assert ("The bank decides" in shown, 'name="file"' in shown) == (True, False)
    assert shop.post(own, {"text": "And more."}).status_code == 422

    bank.decide(theirs, "declined")
    follow(theirs, now=timezone.now())
    assert "The dispute is won" in page(shop, own)
    assert "1, of which 0 lost" in page(console, market)


def test_accepting_names_the_money_before_it_is_done(cloth: Stocked, console: Client, paystack: SandboxProcess) -> None:
    order, payment = paid_for(paystack, cloth.line(3))
    dispute = follow(Bank(paystack).dispute(payment), now=timezone.now())
    accept = f"/operator/disputes/{dispute.pk}/accept/"

    shown = console.post(accept, {"amount": "10000", "reason": "The parcel was lost."}).content.decode()

    assert ("The buyer gets ₦10,000" in shown, "Cloth Hall" in shown, "in proportion" in shown) == (True, True, True)
    assert not DisputeAnswer.objects.exists()
    too_much = {"amount": str(order.total_minor), "reason": "The parcel was lost.", "confirm": "1"}
    assert console.post(accept, too_much).status_code == 422
    console.post(accept, {"amount": "10000", "reason": "The parcel was lost.", "confirm": "1"})
    answer = DisputeAnswer.objects.get()
    assert (answer.is_accepted, answer.amount_minor) == (True, 1_000_000)
    assert AuditEntry.objects.get(action="dispute.accepted").reason == "The parcel was lost."
    assert "Accepted: ₦10,000 for the buyer" in page(console, f"/operator/disputes/{dispute.pk}/")


def test_the_market_adds_evidence_of_its_own(cloth: Stocked, console: Client, paystack: SandboxProcess) -> None:
    order, payment = paid_for(paystack, cloth.line())
    dispute = follow(Bank(paystack).dispute(payment), now=timezone.now())
    url = f"/operator/disputes/{dispute.pk}/"
    assert console.post(url, {"act": "add", "own-text": ""}).status_code == 422
    shown = console.post(url, {"act": "add", "own-text": "Signed in at the market."}, follow=True).content.decode()
    assert ("The market" in shown, "Signed in at the market." in shown) == (True, True)
    assert console.post(url, {"act": "nothing"}).status_code == 404
    assert dispute.order_number in page(console, f"/operator/orders/{order.number}/")
    assert f"/operator/disputes/{dispute.pk}/" in page(console, f"/operator/orders/{order.number}/")
    assert dispute.order_number in page(console, "/operator/disputes/?shop=cloth-hall&status=open")
    assert dispute.order_number not in page(console, "/operator/disputes/?status=won")


def test_who_may_not_answer_sees_no_dispute(cloth: Stocked, paystack: SandboxProcess) -> None:
    order, _ = paid_for(paystack, cloth.line())
    [part] = parts_of(order)
    dispute = disputed(part)
    Dispute.objects.update(answer_by=timezone.now() - timedelta(hours=1))
    packer = page_client(cloth.shop, member(cloth.shop, Role.FULFILMENT))
    assert packer.get(f"/dashboard/disputes/{dispute.pk}/").status_code == 403
    assert "/dashboard/disputes/" not in page(packer, "/dashboard/orders/")
    other = stock(open_shop("pot-house"), sku="POT-1")
    others = page_client(other.shop, member(other.shop))
    assert others.get(f"/dashboard/disputes/{dispute.pk}/").status_code == 404
    own = page_client(cloth.shop, member(cloth.shop))
    assert "the time is over" in page(own, "/dashboard/disputes/")
    assert "Nothing can be added now" in page(own, f"/dashboard/disputes/{dispute.pk}/")
