"""A delivered order of three units, and what a return of them needs."""

from __future__ import annotations

import pytest

from checkout.fulfilling.advance_part import deliver_part, ship_part
from checkout.fulfilment.services import Parcel
from checkout.models import SubOrder
from checkout.payments.confirm_payment import confirm_payment
from paystack_sandbox.testing import SandboxProcess
from tests.world.clock import NOW
from tests.world.market import Stocked, open_shop, stock
from tests.world.payments import pay, started


@pytest.fixture
def item(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"), price_minor=1_000_000, on_hand=10)


@pytest.fixture
def sent_part(item: Stocked, paystack: SandboxProcess) -> SubOrder:
    """Three units of a paid order on their way."""
    payment = started(item.line(3))
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=NOW)
    part = SubOrder.objects.select_related("shop", "order").get()
    ship_part(shop=part.shop, number=part.number, parcel=Parcel(), now=NOW)
    return part


@pytest.fixture
def part(sent_part: SubOrder) -> SubOrder:
    """The same, delivered now."""
    deliver_part(shop=sent_part.shop, number=sent_part.number, now=NOW)
    return SubOrder.objects.select_related("shop", "order").get()
