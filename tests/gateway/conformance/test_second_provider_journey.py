"""An order paid and given back through a second provider, which the market knows by its settings alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from checkout.access import SESSION_KEY
from checkout.ending.expire_orders import expire_reservations
from checkout.models import Order, Payment, Refund
from checkout.refunds.push_refunds import push_open_refunds
from payouts.audit import run_audit
from payouts.models import Account
from payouts.selectors import account_totals
from paystack_sandbox.testing import SandboxProcess
from tests.gateway.conformance.harness import SignedEvent
from tests.gateway.conformance.pebble.harness import in_the_settings, signed
from tests.gateway.conformance.pebble.server import PebbleBank
from tests.world.ledger import assert_books_hold, rows
from tests.world.market import Stocked, buy, open_shop, stock
from tests.world.payments import forged, nothing_booked, pay, started, states, sums
from webhooks.models import InboundEvent
from webhooks.services import process_next

pytestmark = pytest.mark.django_db
INBOX = "/webhooks/pebble/"


@pytest.fixture
def bank(db: None, settings: Any) -> Iterator[PebbleBank]:
    """Pebble, which takes all charges."""
    with in_the_settings(settings) as opened:
        settings.DEFAULT_PAYMENT_PROVIDER = "pebble"
        yield opened


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"), on_hand=1)


@pytest.fixture
def pot(db: None) -> Stocked:
    return stock(open_shop("pot-house"), sku="POT-1", on_hand=1)


def post(client: Client, event: SignedEvent, *, to: str = INBOX) -> Any:
    return client.post(to, event.body, content_type="application/json", headers=dict(event.headers))


def tell(client: Client, bank: PebbleBank) -> None:
    """Post every event of the bank that was not posted yet, and process them."""
    for event in bank.events:
        assert post(client, signed(event, key=bank.key)).status_code == 200
    while process_next(now=timezone.now()):
        pass


def outcomes() -> list[tuple[str, str]]:
    return list(InboundEvent.objects.order_by("id").values_list("kind", "status"))


def test_an_order_is_paid_and_given_back(
    client: Client, bank: PebbleBank, cloth: Stocked, pot: Stocked, paystack: SandboxProcess
) -> None:
    """Paid too late and too much: both parts and the surplus go back, three refunds under way at once."""
    payment = started(cloth.line(), pot.line())
    assert (payment.provider, payment.payment_url) == ("pebble", f"{bank.url}/pay/{payment.reference}")
    expire_reservations(now=timezone.now())
    for taken in (cloth, pot):
        buy(taken.line(), now=timezone.now())  # the last one

    bank.settle(payment.reference, extra="50")
    tell(client, bank)

    payment = Payment.objects.get(pk=payment.pk)
    assert (payment.status, payment.captured_minor) == ("captured", payment.amount_minor + 5_000)
    assert sums()["clearing:pebble"] == payment.amount_minor + 5_000 - 1_250
    assert not Account.objects.filter(code="clearing:paystack").exists()
    assert account_totals()[0].label == "Held at Pebble Pay"

    push_open_refunds(now=timezone.now())
    assert [refund["state"] for refund in bank.refunds] == ["moving"] * Refund.objects.count()
    for refund in bank.refunds:
        bank.deliver(refund["id"])
    tell(client, bank)

    assert set(Refund.objects.values_list("status", flat=True)) == {"processed"}
    assert sums() == {"clearing:pebble": -1_250, "psp_fees": 1_250}
    assert set(outcomes()) == {("charge.settled", "processed"), ("giveback.moved", "processed")}
    report = run_audit(with_provider=True, now=timezone.now())
    assert [(result.name, result.findings) for result in report.results if result.findings] == []
    assert report.is_clean
    assert report.is_complete
    assert_books_hold()


def test_an_order_paid_in_time_belongs_to_its_shop(client: Client, bank: PebbleBank, cloth: Stocked) -> None:
    order = buy(cloth.line(), now=timezone.now())
    session = client.session
    session[SESSION_KEY] = {order.number: order.access_key}
    session.save()
    page = client.post(f"/orders/{order.number}/pay/")["Location"]
    reference = page.rpartition("/")[2]
    bank.settle(reference)

    response = client.get(bank.charges[reference]["return_to"].partition(":8000")[2] or "/")

    assert response.status_code == 302
    assert states(order) == ("paid", ["new"])
    tell(client, bank)
    assert outcomes() == [("charge.settled", "processed")]


def test_a_providers_event_never_reaches_a_payment_of_another(
    client: Client, bank: PebbleBank, cloth: Stocked, paystack: SandboxProcess, settings: Any
) -> None:
    theirs = started(cloth.line())
    bank.settle(theirs.reference)

    for event in ("charge.success", "refund.processed"):
        hook = forged(event, settings.PAYSTACK_SECRET_KEY, reference=theirs.reference)
        assert hook.post(client).status_code == 200
    while process_next(now=timezone.now()):
        pass

    assert outcomes() == [("charge.success", "ignored"), ("refund.processed", "ignored")]
    assert Payment.objects.get().status == "open"
    assert nothing_booked()

    # The control: the same, told by the provider whose payment it is.
    tell(client, bank)
    assert Payment.objects.get().status == "captured"


def test_a_body_of_one_provider_is_not_let_in_at_the_address_of_another(client: Client, bank: PebbleBank) -> None:
    event = signed({"what": "charge.settled", "ours": "PBL_X"}, key=bank.key)

    assert post(client, event, to="/webhooks/paystack/").status_code == 401
    assert not InboundEvent.objects.exists()


@pytest.mark.parametrize("name", ["cowries", "Pebble", "pebble-2", "os.system", "paystack'"])
def test_nobody_is_listened_to_at_an_address_of_no_provider(name: str, client: Client, bank: PebbleBank) -> None:
    event = signed({"what": "charge.settled", "ours": "PBL_X"}, key=bank.key)
    response = post(client, event, to=f"/webhooks/{name}/")

    assert response.status_code == 404
    assert response.json()["code"] in {"unknown_provider", "not_found"}
    assert not InboundEvent.objects.exists()


def test_what_the_version_before_has_stored_is_still_processed(
    client: Client, paystack: SandboxProcess, cloth: Stocked
) -> None:
    """It stored the provider's word and the reference; what is processed is the body beside them."""
    payment = started(cloth.line())
    pay(paystack, payment)
    [delivery] = paystack.call("GET", "/sandbox/deliveries?event=charge.success")["data"]
    InboundEvent.objects.create(
        provider="paystack",
        digest="0" * 64,
        kind="charge.success",
        reference=payment.reference,
        body=delivery["body"].encode(),
        received_at=timezone.now() - timedelta(minutes=1),
        due_at=timezone.now() - timedelta(minutes=1),
    )

    assert process_next(now=timezone.now())

    assert outcomes() == [("charge.success", "processed")]
    assert Order.objects.get().status == "paid"
    assert rows("SELECT count(*) FROM payouts_account WHERE code = 'clearing:paystack'") == [(1,)]
