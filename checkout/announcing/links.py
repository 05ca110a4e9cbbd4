"""Addresses in letters and messages to buyers."""

from django.conf import settings
from django.urls import reverse

from checkout.models import Order, Return, SubOrder
from kit.text.phones import shown_phone
from kit.web.hosts import platform_url
from tenants.models import Shop


def order_address(order: Order, path: str = "") -> str:
    """Return an address of an order's page that works for its buyer, with the key where it is a guest.

    Args:
        path: of another page about the order.
    """
    key = f"?key={order.access_key}" if order.buyer_id is None else ""
    return platform_url((path or order.get_absolute_url()) + key)


def return_path(found: Return) -> str:
    """Return the path of a return's page for its buyer."""
    number = found.sub_order.order.number
    return reverse("checkout:order-return", urlconf=settings.PUBLIC_SCHEMA_URLCONF, args=[number, found.pk])


def shop_contact(shop: Shop) -> str:
    """Return the ways to reach a shop that it has given, else its page."""
    ways = [way for way in (shop.contact_email, shown_phone(shop.contact_phone, shop.country)) if way]
    page = reverse("discovery:shop", urlconf=settings.PUBLIC_SCHEMA_URLCONF, args=[shop.slug])
    return ", ".join(ways) or platform_url(page)


def conversation_address(part: SubOrder) -> str:
    """Return an address of a conversation's page that works for its buyer, with the key where it is a guest."""
    return order_address(part.order, conversation_path(part))


def conversation_path(part: SubOrder) -> str:
    """Return the path of a conversation's page on the market's host."""
    arguments = [part.order.number, part.number]
    return reverse("checkout:conversation", urlconf=settings.PUBLIC_SCHEMA_URLCONF, args=arguments)
