"""Addresses in letters and messages to buyers."""

from checkout.models import Order
from kit.web.hosts import platform_url


def order_address(order: Order) -> str:
    """Return an address of an order's page that works for its buyer, with the key where it is a guest."""
    key = f"?key={order.access_key}" if order.buyer_id is None else ""
    return platform_url(order.get_absolute_url() + key)
