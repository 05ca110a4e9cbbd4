"""The open page of an order hears of every move, whoever makes it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from checkout.ending.end_orders import cancel_order
from checkout.models import Order, ReversedBy, SubOrder
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.start_payment import start_payment
from checkout.reversals.cancel_units import Cancellation, cancel_units
from checkout.reversals.reverse import Actor
from kit.work import outbox
from paystack_sandbox.testing import SandboxProcess
from tests.world.market import Stocked, buy, open_shop, stock
from tests.world.own_shop import member, page_client
from tests.world.payments import pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


def address_in(page: str) -> str:
    return page.split('<meta name="live" content="')[1].split('"', maxsplit=1)[0]


def test_each_move_reaches_the_buyer_s_and_the_shop_s_open_pages(
    cloth: Stocked,
    paystack: SandboxProcess,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kit.live.time.time", iter(range(10**9, 10**9 + 10_000)).__next__)  # no two at one time
    order = buy(cloth.line(2), now=timezone.now())
    payment = start_payment(order_id=order.pk, now=timezone.now())
    pay(paystack, payment)
    part, owner = SubOrder.objects.get(order=order), member(cloth.shop)
    desk = page_client(cloth.shop, owner)
    guest = Client(HTTP_HOST=settings.BASE_DOMAIN)
    page = guest.get(f"/orders/{order.number}/?key={order.access_key}", follow=True).content.decode()
    dashboard = desk.get("/dashboard/").content.decode()
    buyers, shops = address_in(page), address_in(dashboard)
    assert 'id="live-order" data-live=' in page
    assert re.search(r'<a\s+id="live-queue"\s+data-live', dashboard)
    by_shop = Actor(ReversedBy.SHOP, owner.pk)

    def confirm() -> None:
        confirm_payment(reference=payment.reference, now=timezone.now())

    def cancel_one() -> None:
        cancel_units(Cancellation(order.pk, {part.pk: {cloth.variant_id: 1}}, by_shop, "Torn"), now=timezone.now())

    def step(name: str) -> Callable[[], Any]:
        return lambda: desk.post(f"/dashboard/orders/{part.number}/{name}/", {"carrier": "GIG"})

    seen = (guest.get(buyers).headers["ETag"], desk.get(shops).headers["ETag"])
    for move in (confirm, cancel_one, step("pack"), step("ship"), step("deliver")):
        with django_capture_on_commit_callbacks(execute=True):
            move()
            outbox.relay(now=timezone.now())
        now_seen = (guest.get(buyers).headers["ETag"], desk.get(shops).headers["ETag"])
        assert now_seen[0] != seen[0], move
        assert now_seen[1] != seen[1], move
        seen = now_seen


def test_the_page_of_an_unpaid_order_hears_that_it_has_ended(
    cloth: Stocked, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    order: Order = buy(cloth.line(1), now=timezone.now())
    guest = Client(HTTP_HOST=settings.BASE_DOMAIN)
    page = guest.get(f"/orders/{order.number}/?key={order.access_key}", follow=True).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        cancel_order(order_id=order.pk, now=timezone.now())
    assert guest.get(address_in(page)).headers["ETag"] != '"0"'
