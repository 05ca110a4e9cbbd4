"""Documents that are issued as soon as something happened: invoices once paid, credit notes once money is refunded."""

from datetime import datetime
from uuid import UUID

from checkout.documents.issuing import issue_documents
from checkout.events import OrderPaid, PartRefunded, ReturnMoved, UnitsCancelled
from checkout.models import Reversal, SubOrder


def issue_invoices(paid: OrderPaid, now: datetime) -> None:
    """Issue the invoices of an order's parts, shop by shop."""
    parts = SubOrder.objects.filter(order_id=paid.order_id).order_by("shop_id", "id")
    for shop_id, sub_order_id in parts.values_list("shop_id", "id"):
        issue_documents(shop_id=shop_id, sub_order_ids=[sub_order_id], now=now)


def issue_credit_note(reversed_: UnitsCancelled | PartRefunded, now: datetime) -> None:
    """Issue the credit note of a refund."""
    _issue_of(reversed_.reversal_id, now)


def issue_credit_note_of_return(moved: ReturnMoved, now: datetime) -> None:
    """Issue the credit note of a return, once it was received."""
    reversal = Reversal.objects.filter(of_return__pk=moved.return_id).first()
    if reversal is not None:
        _issue_of(reversal.pk, now)


def _issue_of(reversal_id: UUID, now: datetime) -> None:
    part = Reversal.objects.select_related("sub_order").get(pk=reversal_id).sub_order
    issue_documents(shop_id=part.shop_id, sub_order_ids=[part.pk], now=now)
