"""Paid orders with their documents, and the words of a PDF."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

from pypdf import PdfReader

from checkout.models import Order, ReversedBy, SubOrder
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.start_payment import start_payment
from checkout.reversals.cancel_units import Cancellation, cancel_units
from checkout.reversals.reverse import Actor
from paystack_sandbox.testing import SandboxProcess
from tests.world.clock import NOW
from tests.world.payments import pay


def paid(order: Order, paystack: SandboxProcess) -> Order:
    """An order that its buyer has paid."""
    payment = start_payment(order_id=order.pk, now=NOW)
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=NOW)
    return Order.objects.get(pk=order.pk)


def parts_of(order: Order) -> list[SubOrder]:
    return list(SubOrder.objects.filter(order=order).select_related("shop").order_by("number"))


def cancel(part: SubOrder, units: dict[UUID, int], *, reason: str = "Two are enough") -> None:
    wish = Cancellation(part.order_id, {part.pk: units}, Actor(ReversedBy.BUYER), reason)
    cancel_units(wish, now=NOW)


def pages_of(content: bytes) -> list[str]:
    """The words of each page, with one space between them."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def words_of(answer: Any) -> str:
    """The words of an answer that is a PDF."""
    assert answer.headers["Content-Type"] == "application/pdf"
    assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))
    return " ".join(pages_of(answer.content))
