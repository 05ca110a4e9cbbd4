"""Messages about orders to the phones of buyers who asked for them, each in one SMS."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from checkout.announcing.phones import short_text
from checkout.ending.end_orders import cancel_order
from checkout.events import OrderPaid
from checkout.models import Order, ReversedBy, SubOrder
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.start_payment import start_payment
from checkout.reversals.cancel_units import Cancellation, cancel_units
from checkout.reversals.reverse import Actor
from kit.work import outbox
from notifications.channels import gsm
from notifications.models import Channel, Email, NoticeKind, TextMessage
from notifications.services.preferences import Choice, choose
from paystack_sandbox.testing import SandboxProcess
from tests.world.factories.people import person
from tests.world.market import ADDRESS, Stocked, buy, open_shop, order_request, stock
from tests.world.own_shop import member, page_client, paid_order
from tests.world.payments import pay

pytestmark = pytest.mark.django_db
NAME = "Ẹwà Ọjà Cloth Hall & Daughters of Ilé-Ifẹ̀"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Any) -> None:
    settings.TEXT_FOLDER = str(tmp_path)
    settings.QUIET_HOURS = (0, 0)


@pytest.fixture
def cloth(db: None) -> Stocked:
    shop = open_shop("cloth-hall")
    shop.name = NAME
    shop.save()
    return stock(shop)


def sold(cloth: Stocked, *texts: str, user: User | None = None) -> SubOrder:
    request = order_request(email=user.email if user else "guest@example.com", user_id=user.pk if user else None)
    number = paid_order(cloth, quantity=2, now=timezone.now(), request=replace(request, texts=frozenset(texts)))
    part = SubOrder.objects.select_related("order").get(number=number)
    outbox.emit(OrderPaid(part.order_id), now=timezone.now())
    return part


def announce() -> None:
    outbox.relay(now=timezone.now())


def texts() -> list[TextMessage]:
    return list(TextMessage.objects.order_by("pk"))


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("has_account", [False, True], ids=["guest", "account"])
def test_each_event_is_one_sms_with_the_order_s_link(
    cloth: Stocked, paystack: SandboxProcess, language: str, has_account: bool
) -> None:
    user = person(email="amina@example.com") if has_account else None
    User.objects.filter(email="amina@example.com").update(language=language)
    request = order_request(email=user.email if user else "guest@example.com", user_id=user.pk if user else None)
    with override(language):
        order = buy(cloth.line(2), request=replace(request, texts=frozenset({"sms"})), now=timezone.now())
    payment = start_payment(order_id=order.pk, now=timezone.now())
    paystack.add_fault("wrong_amount", by=1_000_000)  # a part of what is paid goes back
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=timezone.now())
    part, owner = SubOrder.objects.get(order=order), member(cloth.shop)
    by_shop = Actor(ReversedBy.SHOP, owner.pk)
    cancel_units(Cancellation(order.pk, {part.pk: {cloth.variant_id: 1}}, by_shop, "Torn"), now=timezone.now())
    desk, parcel = page_client(cloth.shop, owner), {"carrier": "GIG Logistics", "tracking_number": "GIG1234567890NG"}
    for step in ("pack", "ship", "deliver"):
        desk.post(f"/dashboard/orders/{part.number}/{step}/", parcel)
    announce()
    kinds = sorted(re.sub(r"-[0-9a-f-]{36}.*", "", message.dedup_key) for message in texts())
    assert kinds == ["order-paid", "parcel-delivered", "parcel-shipped", "payment-returning", "units-cancelled"]
    key = "" if has_account else f"?key={order.access_key}"
    for message in texts():
        assert message.text.endswith(f"/orders/{order.number}/{key}")
        assert gsm.parts(message.text) == 1, message.text
        assert (message.to, message.is_secret) == (order.shipping_address["phone"], not has_account)
    assert any("GIG1234567890NG" in message.text for message in texts())


def test_only_who_asked_gets_messages(cloth: Stocked) -> None:
    sold(cloth)
    announce()
    assert texts() == []
    assert Email.objects.filter(to="guest@example.com").count() == 1


def test_each_channel_that_was_ticked_brings_it(cloth: Stocked) -> None:
    sold(cloth, "sms", "whatsapp")
    announce()
    assert {message.channel for message in texts()} == {"sms", "whatsapp"}


def test_an_account_s_choice_counts_for_orders_without_a_tick(
    cloth: Stocked, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    amina = person(email="amina@example.com")
    with django_capture_on_commit_callbacks(execute=True):
        choose(user_id=amina.pk, choices=[Choice(NoticeKind.PAYMENTS, Channel.SMS, is_wanted=True)], now=timezone.now())
    sold(cloth, user=amina)
    announce()
    [message] = texts()
    assert (message.channel, message.user_id) == ("sms", amina.pk)


def test_an_unpaid_order_sends_no_message(cloth: Stocked) -> None:
    """Its number may be another person's, and none has paid for the trouble."""
    request = replace(order_request(), texts=frozenset({"sms"}))
    order = buy(cloth.line(1), request=request, now=timezone.now())
    cancel_order(order_id=order.pk, now=timezone.now())
    announce()
    assert texts() == []


def test_a_message_that_fits_nowhere_is_sent_in_its_shortest_words() -> None:
    address = "https://market.example.com/orders/KS-7F3K9QXD2M/?key=" + "k" * 32
    assert short_text(["w" * 90, "v" * 60], address) == f"{'v' * 60} {address}"
    assert short_text(["w" * 90, "v" * 89], address) == f"{'v' * 89} {address}"


def test_the_boxes_are_unticked_and_kept_with_the_order_and_its_time(
    cloth: Stocked, client: Client, paystack: SandboxProcess
) -> None:
    client.post("/cart/add/", {"variant": str(cloth.variant_id), "quantity": 1})
    page = client.get("/checkout/").content.decode()
    for name in ("texts_by_sms", "texts_by_whatsapp"):
        box = page[page.index(f'name="{name}"') - 200 : page.index(f'name="{name}"') + 200]
        assert "checked" not in box
    form = {f"shipping-{name}": value for name, value in ADDRESS.as_dict().items()}
    total = cloth.price_minor + cloth.shop.shipping_minor
    form |= {"email": "ada@example.com", "request_key": "one", "expected_total_minor": str(total), "texts_by_sms": "on"}
    assert client.post("/checkout/", form).status_code == 302
    order = Order.objects.get()
    assert (order.sms_agreed_at, order.whatsapp_agreed_at) == (order.placed_at, None)
    assert timezone.now() - order.placed_at < timedelta(minutes=5)
