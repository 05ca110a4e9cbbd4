"""End an exchange that is not completed: its reserved items go back on sale."""

from datetime import datetime

from django.db import transaction

from catalogue.events import StockChanged
from checkout.fulfilment.services import release_vendor_order
from checkout.fulfilment.status import PartStatus
from checkout.models import Order, OrderStatus
from checkout.orders import sold_out
from kit.work import outbox
from tenants.shops.selectors import shop_facts


def end_exchange(order: Order, *, now: datetime) -> None:
    """Cancel the order of an exchange that is locked and was never paid for; its return is decided without it."""
    part = order.sub_orders.get()
    shop = shop_facts({part.shop_id})[part.shop_id]
    revived = release_vendor_order(
        schema_name=shop.schema_name, sub_order_id=part.pk, status=PartStatus.CANCELLED, now=now
    )
    if revived:
        outbox.emit(StockChanged(part.shop_id, tuple(revived)), now=now)
        transaction.on_commit(lambda: sold_out.unflag(revived))
    part.status, part.status_at = PartStatus.CANCELLED, now
    part.save(update_fields=["status", "status_at"])
    order.status, order.ended_at = OrderStatus.CANCELLED, now
    order.save(update_fields=["status", "ended_at"])
