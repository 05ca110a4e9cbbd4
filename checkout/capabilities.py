"""Capabilities of a shop's orders and coupons."""

from django.utils.translation import gettext_lazy

from tenants.access import EVERYBODY, MANAGERS, Capability
from tenants.models import Role, ShopStatus

ENDING = frozenset({ShopStatus.SUSPENDED, ShopStatus.CLOSING})

VIEW_ORDERS = Capability("view_orders", gettext_lazy("See orders"), EVERYBODY)
FULFIL_ORDERS = Capability("fulfil_orders", gettext_lazy("Pack and ship orders"), MANAGERS | {Role.FULFILMENT}, ENDING)
CANCEL_ORDERS = Capability("cancel_orders", gettext_lazy("Cancel orders"), MANAGERS, ENDING)
REFUND_ORDERS = Capability("refund_orders", gettext_lazy("Refund buyers"), MANAGERS, ENDING)
ANSWER_MESSAGES = Capability("answer_messages", gettext_lazy("Write to buyers"), MANAGERS | {Role.FULFILMENT}, ENDING)
ANSWER_DISPUTES = Capability("answer_disputes", gettext_lazy("Answer disputes"), MANAGERS, ENDING)
VIEW_COUPONS = Capability("view_coupons", gettext_lazy("See coupons"), EVERYBODY)
MANAGE_COUPONS = Capability("manage_coupons", gettext_lazy("Create and change coupons"), MANAGERS)

CAPABILITIES = (
    *(VIEW_ORDERS, FULFIL_ORDERS, CANCEL_ORDERS, REFUND_ORDERS, ANSWER_MESSAGES, ANSWER_DISPUTES),
    *(VIEW_COUPONS, MANAGE_COUPONS),
)
