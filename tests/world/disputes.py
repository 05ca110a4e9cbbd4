"""Shared code of the tests of disputes: a paid order of two shops, and the bank of its buyer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from checkout.disputes.arriving import refresh_dispute
from checkout.fulfilling.advance_part import deliver_part, ship_part
from checkout.fulfilment.services import Parcel
from checkout.models import Order, Payment, SubOrder
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.start_payment import start_payment
from payouts.audit.run import run_audit
from payouts.models import AccountKind, Dispute, DisputeEvidence, DisputePart, JournalKind
from payouts.release.round import run_round
from payouts.selectors import shop_balances
from payouts.services.accounts import AccountKey
from payouts.services.journals import JournalDraft, Leg, post, prepare_journal
from paystack_sandbox.testing import SandboxProcess
from tests.world.clock import NOW
from tests.world.market import Stocked, buy
from tests.world.payments import pay

LATER = NOW + timedelta(days=40)  # all days of a release are over


@dataclass(frozen=True)
class Bank:
    """The buyer's bank, played by the sandbox."""

    paystack: SandboxProcess

    def dispute(self, payment: Payment, amount_minor: int = 0, **asked: Any) -> str:
        """Dispute a payment, and return the provider's id."""
        body = {"reference": payment.reference, "category": "chargeback", **asked}
        body |= {"amount": amount_minor} if amount_minor else {}
        return str(self.paystack.call("POST", "/sandbox/disputes", body)["data"]["id"])

    def decide(self, dispute_id: str, resolution: str) -> None:
        self.paystack.call("POST", f"/sandbox/disputes/{dispute_id}/finish", {"resolution": resolution})

    def state(self, dispute_id: str) -> tuple[str, str | None]:
        found = self.paystack.call("GET", f"/dispute/{dispute_id}")["data"]
        return found["status"], found["resolution"]


def paid_for(paystack: SandboxProcess, *lines: Any) -> tuple[Order, Payment]:
    """An order that was paid for."""
    order = buy(*lines)
    payment = start_payment(order_id=order.pk, now=NOW)
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=NOW)
    return Order.objects.get(pk=order.pk), Payment.objects.get(pk=payment.pk)


def parts_of(order: Order) -> list[SubOrder]:
    return list(SubOrder.objects.filter(order=order).select_related("shop", "order").order_by("number"))


def deliver_all(order: Order) -> None:
    for part in parts_of(order):
        ship_part(shop=part.shop, number=part.number, parcel=Parcel("GIG", "GIG-77"), now=NOW)
        deliver_part(shop=part.shop, number=part.number, now=NOW)


def release_all(order: Order) -> None:
    deliver_all(order)
    run_round(now=LATER)


def follow(dispute_id: str, *, now: datetime = NOW, **more: Any) -> Dispute:
    """Hear of a dispute."""
    return refresh_dispute(provider="paystack", dispute_id=dispute_id, now=now, **more)


def money(item: Stocked) -> tuple[int, int, int, int]:
    """What a shop has pending, available and reserved, and what it owes."""
    found = shop_balances(shop_id=item.shop.pk)
    return found.pending_minor, found.available_minor, found.reserved_minor, found.receivable_minor


def sent_away(item: Stocked, source: str) -> int:
    """Let all that is available of a shop leave, as a payout does, and return its amount."""
    available = money(item)[1]
    if available:
        legs = [
            Leg(AccountKey(AccountKind.SHOP_AVAILABLE, item.shop.pk), available),
            Leg(AccountKey(AccountKind.PAID_OUTSIDE), -available),
        ]
        draft = JournalDraft(JournalKind.CORRECTION, source, "Emptied", "NGN", NOW)
        post(prepare_journal(draft=draft, legs=legs, now=NOW))
    return available


def findings() -> list[Any]:
    return [
        finding for result in run_audit(with_provider=False, now=timezone.now()).results for finding in result.findings
    ]


def disputed(part: SubOrder, *, claim: str = "Item not received") -> Dispute:
    """A dispute of a part as rows alone: no money is held for it."""
    payment = Payment.objects.filter(order_id=part.order_id).order_by("pk")[0]
    dispute = Dispute.objects.create(
        provider=payment.provider,
        provider_id=f"31-{part.pk.hex[-12:]}",
        payment_id=payment.pk,
        reference=payment.reference,
        order_number=part.order.number,
        currency=part.currency,
        claimed_minor=part.total_minor,
        amount_minor=part.total_minor,
        category="chargeback",
        claim=claim,
        status="open",
        status_at=timezone.now(),
        opened_at=timezone.now(),
        answer_by=timezone.now() + timedelta(hours=16),
        created_at=timezone.now(),
    )
    DisputePart.objects.create(
        dispute=dispute,
        sub_order_id=part.pk,
        shop_id=part.shop_id,
        number=part.number,
        amount_minor=part.total_minor,
        payable_minor=part.total_minor,
        commission_minor=0,
        promotion_minor=0,
        pending_minor=part.total_minor,
        available_minor=0,
        reserved_minor=0,
        owed_minor=0,
    )
    return dispute


def given(dispute: Dispute, part: SubOrder) -> DisputeEvidence:
    """A text that a shop has given as evidence."""
    text = "The carrier delivered it on Monday."
    found: DisputeEvidence = DisputeEvidence.objects.create(
        dispute=dispute, shop_id=part.shop_id, text=text, created_at=timezone.now()
    )
    return found
