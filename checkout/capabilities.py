"""Capabilities of a shop's orders."""

from tenants.access import EVERYBODY, MANAGERS, Capability
from tenants.models import Role, ShopStatus

ENDING = frozenset({ShopStatus.SUSPENDED, ShopStatus.CLOSING})

VIEW_ORDERS = Capability("view_orders", "See orders", EVERYBODY)
FULFIL_ORDERS = Capability("fulfil_orders", "Pack and ship orders", MANAGERS | {Role.FULFILMENT}, ENDING)
CANCEL_ORDERS = Capability("cancel_orders", "Cancel orders", MANAGERS, ENDING)

CAPABILITIES = (VIEW_ORDERS, FULFIL_ORDERS, CANCEL_ORDERS)
