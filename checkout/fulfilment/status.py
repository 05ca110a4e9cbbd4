"""Status of a shop's part of an order: one vocabulary for the sub-order and for the shop's vendor order."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext, gettext_lazy


class PartStatus(models.TextChoices):
    """Status of a sub-order, and of the vendor order that is the shop's own record of it."""

    PENDING = "pending", gettext_lazy("Awaiting payment")
    NEW = "new", gettext_lazy("To pack")
    PACKED = "packed", gettext_lazy("Packed")
    SHIPPED = "shipped", gettext_lazy("Shipped")
    DELIVERED = "delivered", gettext_lazy("Delivered")
    EXPIRED = "expired", gettext_lazy("Expired")
    CANCELLED = "cancelled", gettext_lazy("Cancelled")
    UNFULFILLABLE = "unfulfillable", gettext_lazy("Refunded, could not be fulfilled")


class ParcelStatus(models.TextChoices):
    """Status of one parcel of a part."""

    SHIPPED = "shipped", gettext_lazy("On its way")
    DELIVERED = "delivered", gettext_lazy("Arrived")


def shop_label(status: str) -> str:
    """Return the label of a status for the shop and for operators; a refund is named only once it was sent."""
    return gettext("Could not be fulfilled") if status == PartStatus.UNFULFILLABLE else str(PartStatus(status).label)


# Not paid for. A payment that arrives late may still pay for an expired part, if its stock is still there.
UNPAID = frozenset({PartStatus.PENDING, PartStatus.EXPIRED})

# Paid for and kept: the shop earns it, and its stock has left the shelf.
SOLD = frozenset({PartStatus.NEW, PartStatus.PACKED, PartStatus.SHIPPED, PartStatus.DELIVERED})

# The shop earns it, or will once it is paid for; of any other part neither the shop nor the market gets anything.
EARNING = SOLD | {PartStatus.PENDING}

# Parts still to be paid, sent or received; an order with no such part is complete.
OPEN = frozenset({PartStatus.PENDING, PartStatus.NEW, PartStatus.PACKED, PartStatus.SHIPPED})

# Paid for and not delivered yet.
UNDELIVERED = SOLD & OPEN

# Paid for and still with the shop.
TO_SEND = frozenset({PartStatus.NEW, PartStatus.PACKED})

# Out of the shop's hands.
SENT = SOLD - TO_SEND

# Longest time after which "shipped" can be undone: later the buyer counts on a parcel that is on its way.
UNDO_SHIPPED_WITHIN = timedelta(hours=24)
