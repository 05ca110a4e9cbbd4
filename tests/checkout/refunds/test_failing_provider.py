"""Money that goes back while the provider fails: never twice, never lost, and each page says what is so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import User
from checkout.models import Refund, ReversedBy
from checkout.refunds.push_refunds import push_open_refunds
from kit.money import format_minor
from kit.work import outbox
from notifications.models import Email
from payouts.audit.run import run_audit
from paystack_sandbox.testing import SandboxProcess
from tests.world.books import make_operator
from tests.world.clock import TODAY
from tests.world.market import open_shop, stock
from tests.world.own_shop import api, member, page_client
from tests.world.payments import Eventually, Hook, refunds_at
from tests.world.purchases import (
    DELIVERY,
    QUANTITY,
    UNIT,
    Act,
    Purchase,
    cancel_one,
    cancel_whole,
    delivered,
    paid,
    purchase_of,
    refund_one,
    send_one_back,
)
from webhooks.models import InboundEvent
from webhooks.services import process_event

pytestmark = pytest.mark.django_db
STEP = timedelta(minutes=30)  # longer than any wait between two tries
SHORT_SECONDS = 0.3
ODD_LIST = '{"status": true, "message": "", "data": [{"id": 7, "status": "pending", "amount": 100}]}'

# For each way: the state before it, the act, the amount that goes back, and the letters to the buyer about it.
WAYS: dict[str, tuple[Callable[[Purchase, SandboxProcess], None], Act, int, int]] = {
    "the buyer cancels it whole": (paid, cancel_whole, QUANTITY * UNIT + DELIVERY, 1),
    "the shop cancels a unit": (paid, cancel_one(ReversedBy.SHOP), UNIT, 1),
    "the shop refunds a unit": (delivered, refund_one(ReversedBy.SHOP), UNIT, 1),
    "the market refunds a unit": (delivered, refund_one(ReversedBy.OPERATOR), UNIT, 1),
    "a return has arrived": (delivered, send_one_back, UNIT, 3),  # accepted, on its way, refunded
}
# For each fault: its options where the refund is sent, and where the provider is asked about it afterwards.
FAULTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "times out": ({"kind": "timeout", "acts": False}, {"kind": "timeout"}),
    "acts, then times out": ({"kind": "timeout"}, {"kind": "server_error"}),
    "answers 502": ({"kind": "server_error", "status": 502}, {"kind": "server_error", "status": 503}),
    "acts, then answers 500": ({"kind": "server_error", "acts": True}, {"kind": "server_error"}),
    "answers HTML": ({"kind": "html"}, {"kind": "html"}),
    "answers 429": ({"kind": "rate_limit", "seconds": 900}, {"kind": "rate_limit", "seconds": 900}),
    "answers oddly": ({"kind": "odd_answer", "fields": {"amount": 1.5}}, {"kind": "odd_answer", "raw": ODD_LIST}),
    "names another refund": ({"kind": "odd_answer", "fields": {"merchant_note": "by hand"}}, {"kind": "html"}),
}


@dataclass
class Trial:
    """A purchase that is undone in one way, and the readers of its pages."""

    purchase: Purchase
    owner: User
    operator: User
    amount_minor: int
    letters: int

    @property
    def refund(self) -> Refund:
        return Refund.objects.get(payment__order=self.purchase.order)

    @property
    def letters_sent(self) -> int:
        return Email.objects.filter(to=self.purchase.order.email).count()

    def read(self) -> dict[str, str]:
        """Return the pages of buyer, shop and operator, and the status over both APIs."""
        order, part = self.purchase.order, self.purchase.part
        console = Client(HTTP_HOST=settings.BASE_DOMAIN)
        console.force_login(self.operator)
        buyers: Any = Client(HTTP_HOST=settings.BASE_DOMAIN).get(
            f"/api/v1/orders/{order.number}/", headers={"X-Order-Key": order.access_key}
        )
        shops: Any = api(part.shop, self.owner).get(f"/api/v1/vendor-orders/{part.number}/")
        told = [answer.json()["data"]["refunds"] for answer in (buyers, shops)]
        [one], [other] = told
        assert one["amount_minor"] == other["amount_minor"] == self.amount_minor
        assert one["status"] == other["status"] == self.refund.status
        return {
            "buyer": self.buyers_page(),
            "shop": page_client(part.shop, self.owner).get(f"/dashboard/orders/{part.number}/").text,
            "console": console.get(f"/operator/orders/{order.number}/").text,
        }

    def buyers_page(self) -> str:
        order = self.purchase.order
        guest = Client(HTTP_HOST=settings.BASE_DOMAIN)
        return guest.get(f"{order.get_absolute_url()}?key={order.access_key}", follow=True).text


@pytest.fixture
def hear(paystack: SandboxProcess, client: Client) -> Callable[[], None]:
    """`hear()`: take in what the provider tells of refunds that are made."""

    def listen() -> None:
        for delivery in paystack.call("GET", "/sandbox/deliveries?event=refund.processed")["data"]:
            assert Hook(delivery["body"].encode(), delivery["signature"]).post(client).status_code == 200
        for event in InboundEvent.objects.order_by("pk"):
            process_event(event_id=event.pk, now=TODAY + 4 * STEP)

    return listen


@pytest.fixture
def trials(db: None, paystack: SandboxProcess) -> dict[str, Trial]:
    """A purchase undone in each way, before the provider was asked for anything."""
    item = stock(open_shop("indigo", shipping_minor=DELIVERY), on_hand=QUANTITY * len(WAYS))
    owner, operator = member(item.shop), make_operator()
    made = {}
    for number, (way, (state, act, amount_minor, letters)) in enumerate(WAYS.items()):
        purchase = purchase_of(item, email=f"buyer-{number}@example.com")
        state(purchase, paystack)
        outbox.relay(now=TODAY)
        Email.objects.filter(to=purchase.order.email).delete()
        act(purchase)
        made[way] = Trial(purchase, owner, operator, amount_minor, letters)
        outbox.relay(now=TODAY)
    return made


def says_on_its_way(page: dict[str, str], refund: Refund) -> None:
    """Assert that the pages promise the refund, and claim for none of it that it has arrived."""
    amount = format_minor(refund.amount_minor, refund.currency)
    if refund.status == "needs_attention":
        assert "Refund that we still owe you" in page["buyer"]
        assert f"could not refund {amount} to the buyer yet" in page["shop"]
        assert "Send again" in page["console"]
    else:
        assert "Refund on its way" in page["buyer"]
        assert f"A refund of {amount} to the buyer is on its way" in page["shop"]
        assert "With the provider" in page["console"]
    assert "Refunded on" not in page["buyer"]
    assert "was refunded to the buyer on" not in page["shop"]
    assert "Processed" not in page["console"]


def says_refunded(page: dict[str, str], refund: Refund) -> None:
    """Assert that the pages say of the refund that it was made."""
    amount = format_minor(refund.amount_minor, refund.currency)
    assert f"{amount} was refunded to the buyer on" in page["shop"]
    assert "Processed" in page["console"]


def push(settings: Any, *, at: Any, is_silent: bool) -> None:
    """Send and ask, waiting only a moment for a provider that keeps silent."""
    settings.PAYSTACK_TIMEOUT_SECONDS = SHORT_SECONDS if is_silent else 60
    push_open_refunds(now=at)
    settings.PAYSTACK_TIMEOUT_SECONDS = 60


def faulty(paystack: SandboxProcess, method: str, fault: dict[str, Any]) -> bool:
    """Have each refund's next call fail; return whether the provider keeps silent."""
    paystack.add_fault(**fault, times=len(WAYS), match={"path": "/refund", "method": method})
    return bool(fault["kind"] == "timeout")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_refund_is_made_once_and_told_as_it_is(  # noqa: PLR0917 - fixtures
    fault: str,
    trials: dict[str, Trial],
    paystack: SandboxProcess,
    settings: Any,
    eventually: Eventually,
    hear: Callable[[], None],
) -> None:
    when_sent, when_asked = FAULTS[fault]
    acts = when_sent.get("acts", when_sent["kind"] in {"timeout", "odd_answer"})

    push(settings, at=TODAY + STEP, is_silent=faulty(paystack, "POST", when_sent))
    eventually(lambda: len(refunds_at(paystack)) == (len(WAYS) if acts else 0))
    status = "needs_attention" if fault == "names another refund" else "sent"
    for trial in trials.values():
        assert trial.refund.status == status
        page = trial.buyers_page()
        assert ("Refund on its way" in page, "Refunded on" in page) == (status == "sent", False)
    shown = list(trials.values())[list(FAULTS).index(fault) % len(trials)]  # each way once at least
    says_on_its_way(shown.read(), shown.refund)
    assert run_audit(with_provider=False, now=timezone.now()).is_clean

    push(settings, at=TODAY + 2 * STEP, is_silent=faulty(paystack, "GET", when_asked))
    paystack.call("DELETE", "/sandbox/faults")
    assert len(refunds_at(paystack)) == (len(WAYS) if acts else 0), "nothing is sent on a guess"

    push(settings, at=TODAY + 3 * STEP, is_silent=False)
    keys = {str(trial.refund.pk): trial.amount_minor for trial in trials.values()}
    assert {each["merchant_note"]: each["amount"] for each in refunds_at(paystack)} == keys

    paystack.call("POST", "/sandbox/time", {"advance": 60})
    eventually(lambda: {each["status"] for each in refunds_at(paystack)} == {"processed"})
    push(settings, at=TODAY + 4 * STEP, is_silent=False)
    hear()
    outbox.relay(now=TODAY + 4 * STEP)

    assert len(refunds_at(paystack)) == len(WAYS)
    for way, trial in trials.items():
        assert trial.refund.status == "processed", way
        page = trial.buyers_page()
        assert ("Refunded on" in page, "Refund on its way" in page) == (True, False), way
        assert trial.letters_sent == trial.letters, way
    says_refunded(shown.read(), shown.refund)
    report = run_audit(with_provider=True, now=timezone.now())
    assert (report.is_clean, report.is_complete) == (True, True), report.results
