"""Orders with nothing to pay: the transaction that places one confirms it too, and no payment provider is asked."""

from datetime import datetime

from catalogue.services.reservations import consume_query
from checkout.events import OrderPaid
from checkout.fulfilment.models import StockState
from checkout.fulfilment.status import PartStatus
from checkout.models import OrderStatus
from checkout.orders.shares import share_of
from checkout.placing.drafting import Draft
from kit.db.pipeline import Query, ask_all
from kit.work import outbox
from payouts.services.journals import post
from payouts.services.posting import prepare_free_sale


def mark_free(draft: Draft) -> None:
    """Draft an order as paid at the moment at which it is placed."""
    order, placed_at = draft.order, draft.order.placed_at
    order.status, order.paid_at = OrderStatus.PAID, placed_at
    for part in draft.parts:
        part.sub_order.status = PartStatus.NEW
        part.vendor_order.status, part.vendor_order.paid_at = PartStatus.NEW, placed_at
        part.vendor_order.stock_state = StockState.CONSUMED


def confirm_free(draft: Draft, *, now: datetime) -> None:
    """Take the reserved stock of a free order off the shelves, tell of it, and book what the platform owes for it.

    The rows are written and the stock is reserved; what is locked here comes after both (docs/locking.md).
    """
    order = draft.order
    posting = prepare_free_sale(
        number=order.number,
        currency=order.currency,
        shares=[share_of(part.sub_order) for part in draft.parts],
        now=now,
    )
    queries: list[Query[None]] = [
        consume_query(
            schema_name=part.shop.schema_name,
            quantities={line.variant_id: line.quantity for line in part.wanted},
            source=part.vendor_order.number,
            now=now,
        )
        for part in draft.parts
    ]
    ask_all([*queries, outbox.emit_query(OrderPaid(order.pk), now=now)])
    if posting is not None:
        post(posting)
