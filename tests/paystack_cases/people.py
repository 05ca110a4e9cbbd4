"""What buyers, shops and the provider do to the market of the cases."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
from django.db import connection
from django.utils import timezone
from rest_framework_simplejwt.tokens import AccessToken

from accounts.models import User
from checkout.fulfilling.advance_part import deliver_part, ship_part
from checkout.fulfilment.services import Parcel
from checkout.models import Order, Payment, Refund, SubOrder
from gateway.paystack.signatures import paystack_signature
from kit.ids import uuid7
from payouts.models import Journal, Payout, PayoutRun, Transfer
from payouts.release.round import run_round
from payouts.runs.create import create_runs
from paystack_sandbox.testing import SandboxProcess
from tests.bench.scenarios import ADDRESS
from tests.world.books import make_operator
from tests.world.market import Stocked, open_shop, stock
from tests.world.payments import Hook, last_hook
from tests.world.payouts import add_account
from tests.world.served_market import HOOKS, ServedMarket
from webhooks.models import InboundEvent

DRAIN, POLL = "webhooks.drain_inbox", "checkout.poll_open_payments"
REFUNDS, PAYOUTS = "checkout.push_open_refunds", "payouts.push_payouts"
# What waits is due now, but for what a worker holds: the time of waiting is not waited for.
DUE = """
UPDATE webhooks_inboundevent SET retry_at = now() WHERE status = 'received' AND leased_until IS NULL;
UPDATE checkout_payment SET due_at = now() WHERE captured_minor IS NULL AND leased_until IS NULL;
UPDATE checkout_refund SET due_at = now(), checked_at = checked_at - interval '1 hour'
 WHERE status IN ('requested', 'sent') AND leased_until IS NULL;
UPDATE payouts_transfer SET due_at = now(), asked_at = asked_at - interval '10 minutes'
 WHERE place = 'set_aside' AND state <> 'prepared' AND leased_until IS NULL
   AND NOT EXISTS (SELECT FROM payouts_payoutrun WHERE leased_until > now());
UPDATE payouts_payoutrun SET due_at = now() WHERE status = 'sending' AND leased_until IS NULL;
UPDATE payouts_transferpace SET next_call_at = now();
"""
UNIT = 1_850_050  # not a whole naira, so that shares have to be rounded
RELEASED = timedelta(days=40)  # after which no days keep what was delivered
_numbers = itertools.count(1)


@dataclass
class People:
    """Acts of people and of the provider, over HTTP where they have a way over HTTP."""

    market: ServedMarket
    operator: User = field(default_factory=make_operator)

    @property
    def paystack(self) -> SandboxProcess:
        return self.market.paystack

    def until(self, check: Callable[[], Any], *asking: str) -> Any:
        """Wait until a check holds; meanwhile rounds are asked for, and what waits for its time is due."""
        return self.market.until(check, asking=asking, before=make_due)

    def goods(self, *, commission_bps: int | None = None, on_hand: int = 10) -> Stocked:
        """Open a shop with something on its shelf."""
        shop = open_shop(f"case-{next(_numbers)}", commission_bps=commission_bps)
        return stock(shop, price_minor=UNIT, on_hand=on_hand)

    def order(self, *wanted: tuple[Stocked, int]) -> Payment:
        """Order as a guest; return the payment, whose page is open."""
        number = next(_numbers)
        caller = {"X-Forwarded-For": f"10.1.{number // 250}.{number % 250 + 1}"}
        lines = [{"variant_id": str(item.variant_id), "quantity": quantity} for item, quantity in wanted]
        with self.market.site.http() as http:
            filled = http.put("/api/v1/cart/items/", json=lines, headers=caller)
            assert filled.status_code == 200, filled.text
            headers = caller | {"X-Cart-Token": filled.headers["x-cart-token"], "Idempotency-Key": uuid7().hex}
            body = {"email": f"buyer-{number}@example.com", "shipping_address": ADDRESS}
            placed = http.post("/api/v1/checkout/", json=body, headers=headers)
            assert placed.status_code == 201, placed.text
        return Payment.objects.get(order__number=placed.json()["data"]["number"])

    def pay_again(self, payment: Payment) -> Payment:
        """Ask for a page once more; return the payment that it is for."""
        path = f"/api/v1/orders/{payment.order.number}/pay/"
        with self.market.site.http() as http:
            answer = http.post(path, json={}, headers={"X-Order-Key": payment.order.access_key})
        assert answer.status_code == 200, answer.text
        return Payment.objects.filter(order=payment.order).order_by("-created_at", "-pk")[0]

    def come_back(self, reference: str) -> int:
        """Return from the provider's page with a reference in the address; return the status of the answer."""
        with self.market.site.http() as http:
            return http.get("/payments/return/", params={"reference": reference}).status_code

    def pay(self, payment: Payment, *, told: bool = True) -> None:
        """Pay at the provider, which tells the market, or forgets to."""
        if not told:
            self.paystack.add_fault("drop", event="charge.success", match={"reference": payment.reference})
        self.paystack.call("POST", f"/sandbox/transactions/{payment.reference}/pay", {})

    def bought(self, *wanted: tuple[Stocked, int]) -> Payment:
        """Order and pay, and wait until the market has heard of it."""
        payment = self.order(*wanted)
        self.pay(payment)
        self.until(lambda: fresh(payment).captured_minor)
        return fresh(payment)

    def hook(self, payment: Payment, event: str = "charge.success") -> Hook:
        """Return the newest event of a kind about a payment, as the provider has signed it."""
        return last_hook(self.paystack, event=event, reference=payment.reference)

    def post(self, hook: Hook, **headers: str) -> int:
        """Deliver an event; return the status of the answer."""
        given = headers or {"x-paystack-signature": hook.signature}
        with self.market.site.http() as http:
            return http.post(HOOKS, content=hook.body, headers=given).status_code

    def operate(self, path: str, **body: Any) -> httpx.Response:
        """Call the operators' API."""
        headers = {"Authorization": f"Bearer {AccessToken.for_user(self.operator)}", "Idempotency-Key": uuid7().hex}
        with self.market.site.http() as http:
            return http.post(f"/api/v1/operator/{path}", json=body, headers=headers)

    def refund(self, part: SubOrder, **asked: Any) -> int:
        """Give money of a part back, as an operator; return the status of the answer."""
        body = {"sub_order": part.number, "reason": "It came late.", **asked}
        return self.operate(f"orders/{part.order.number}/refunds/", **body).status_code

    def sent_refund(self, payment: Payment) -> Refund:
        """Wait until the provider has taken the next refund of a payment."""
        found = Refund.objects.filter(payment=payment, status="sent").exclude(provider_id="")
        refund: Refund = self.until(found.first, REFUNDS)
        return refund

    def end_refund(self, refund: Refund, status: str = "processed") -> None:
        """Let a refund end at the provider, and wait until the market has heard of it."""
        self.paystack.call("POST", f"/sandbox/refunds/{refund.provider_id}/finish", {"status": status})
        ours = status.replace("-", "_")
        self.until(lambda: Refund.objects.filter(pk=refund.pk, status=ours).exists(), DRAIN)

    def give_back(self, payment: Payment) -> list[Refund]:
        """Let all refunds of a payment go out and be processed, one after the other."""
        while Refund.objects.filter(payment=payment).exclude(status="processed").exists():
            self.end_refund(self.sent_refund(payment))
        return list(Refund.objects.filter(payment=payment).order_by("pk"))

    def dispute(self, payment: Payment) -> str:
        """Have the buyer's bank take a payment back; return the provider's id of the dispute."""
        body = {"reference": payment.reference, "category": "chargeback"}
        return str(self.paystack.call("POST", "/sandbox/disputes", body)["data"]["id"])

    def decide(self, dispute: str, resolution: str) -> None:
        """Have the bank decide about a dispute."""
        self.paystack.call("POST", f"/sandbox/disputes/{dispute}/finish", {"resolution": resolution})

    def earn(self, *items: Stocked, units: int = 1) -> None:
        """Sell something of each, deliver it, and let its days be over."""
        self.deliver(self.bought(*((item, units) for item in items)))

    def deliver(self, payment: Payment, *, is_released: bool = True) -> None:
        """Deliver an order, and let its days be over."""
        for part in SubOrder.objects.filter(order=payment.order).select_related("shop"):
            ship_part(shop=part.shop, number=part.number, parcel=Parcel(), now=timezone.now())
            deliver_part(shop=part.shop, number=part.number, now=timezone.now())
        if is_released:
            run_round(now=timezone.now() + RELEASED)

    def payable(self, count: int = 1) -> list[Stocked]:
        """Open shops that have earned something, and can be paid."""
        items = [self.goods() for _ in range(count)]
        for item in items:
            add_account(item.shop, f"{next(_numbers):010d}", usable_from=timezone.now())
        self.earn(*items)
        return items

    def run(self, item: Stocked | None = None) -> PayoutRun:
        """Make a run, of one shop alone or of all that are due; a worker sends it."""
        [run] = create_runs(now=timezone.now(), shop_id=item.shop.pk if item else None)
        return run

    def until_transfer(self, item: Stocked, *states: str) -> Transfer:
        """Wait until the last transfer of a shop has one of some states."""
        found = Transfer.objects.filter(payout__shop=item.shop).order_by("-pk")[:1]
        transfer: Transfer = self.until(
            lambda: next((each for each in found.all() if each.state in states), None), PAYOUTS, DRAIN
        )
        return transfer

    def end_transfer(self, transfer: Transfer, status: str = "success") -> None:
        """Let a transfer end at the provider, which tells the market."""
        self.paystack.call("POST", f"/sandbox/transfers/{transfer.reference}/finish", {"status": status})

    def paid_out(self, item: Stocked) -> Transfer:
        """Pay a shop, to the end."""
        self.run(item)
        self.end_transfer(self.until_transfer(item, "pending"))
        return self.until_transfer(item, "success")

    def drain_balance(self) -> Transfer:
        """Send nearly all that the provider holds somewhere else, with our key; return the transfer, unsaved."""
        held = next(each for each in self.paystack.call("GET", "/balance")["data"] if each["currency"] == "NGN")
        account = {"type": "nuban", "name": "Elsewhere", "account_number": "9999999999", "bank_code": "057"}
        recipient = self.paystack.call("POST", "/transferrecipient", account)["data"]["recipient_code"]
        transfer = Transfer(reference=f"po-elsewhere-{next(_numbers):020d}", recipient=recipient)
        line = {"reference": transfer.reference, "recipient": recipient, "amount": held["balance"] - 10_000}
        self.paystack.call("POST", "/transfer", {"source": "balance", **line})
        return transfer

    def at_provider(self, transfer: Transfer) -> list[dict[str, Any]]:
        """Return the transfers that the provider has to the account of this one."""
        listed = self.paystack.call("GET", "/transfer?perPage=500")["data"]
        return [each for each in listed if each["recipient"]["recipient_code"] == transfer.recipient]


def make_due() -> None:
    """Let the time pass that what waits is waiting for."""
    with connection.cursor() as cursor:
        cursor.execute(DUE)


def signed(body: bytes) -> Hook:
    """Return a body of ours with the provider's signature."""
    from django.conf import settings

    return Hook(body, paystack_signature(body=body, secret_key=settings.PAYSTACK_SECRET_KEY))


def in_other_bytes(hook: Hook) -> bytes:
    """Return the same JSON, written in another way."""
    return json.dumps(json.loads(hook.body), indent=1, sort_keys=True).encode()


def fresh(payment: Payment) -> Payment:
    """Return a payment with its order, as they are now."""
    return Payment.objects.select_related("order").get(pk=payment.pk)


def parts_of(payment: Payment) -> list[SubOrder]:
    """Return the parts of a payment's order."""
    return list(SubOrder.objects.filter(order=payment.order_id).select_related("order", "shop").order_by("number"))


def sales(payment: Payment) -> int:
    """Return the number of postings of a payment's sale."""
    return Journal.objects.filter(kind="sale", source=payment.reference).count()


def events(payment: Payment, kind: str = "charge.success") -> list[InboundEvent]:
    """Return the stored events of a kind about a payment, the first first."""
    return list(InboundEvent.objects.filter(reference=payment.reference, kind=kind).order_by("pk"))


def are_processed(payment: Payment, count: int = 1, kind: str = "charge.success") -> bool:
    """Return whether so many events about a payment are stored, and all of them are through."""
    found = events(payment, kind)
    return len(found) == count and all(event.status == "processed" for event in found)


def payout_of(item: Stocked) -> Payout:
    """Return the last payout of a shop."""
    return Payout.objects.filter(shop=item.shop).order_by("-pk")[0]


def statuses(payment: Payment) -> tuple[str, Counter[str]]:
    """Return the status of a payment's order, and those of its parts."""
    order = Order.objects.get(pk=payment.order_id)
    return order.status, Counter(order.sub_orders.values_list("status", flat=True))
