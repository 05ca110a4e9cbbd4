"""The kind of every letter and message: which choice of its reader it falls under (docs/notifications.md).

What is not named here is of the kind that can't be switched off, so a forgotten line never loses word of money.
"""

from notifications.models import ALWAYS_WRITTEN, Channel, NoticeKind

PAYMENTS, PARCELS, MESSAGES, SALES, SHOP, SECURITY = NoticeKind
BY_NAME = {
    # Messages on the site, and letters of the same occasion.
    "order.paid": PAYMENTS,
    "order.unpaid": PAYMENTS,
    "order.cancelled": PAYMENTS,
    "order.expired": PAYMENTS,
    "order.part_released": PAYMENTS,
    "order.units_cancelled": PAYMENTS,
    "order.part_refunded": PAYMENTS,
    "refund.set_off": PAYMENTS,
    "return.moved": PAYMENTS,
    "payment.failed": PAYMENTS,
    "payment.returning": PAYMENTS,
    "message.buyer": MESSAGES,
    "message.shop": MESSAGES,
    "order.new": SALES,
    "shop.units_cancelled": SALES,
    "shop.part_refunded": SALES,
    "shop.address_changed": SALES,
    "shop.parcel_delivered": SALES,
    "shop.part_late": SALES,
    "shop.return_moved": SALES,
    "domain.verified": SHOP,
    "domain.moved": SHOP,
    "domain.missing": SHOP,
    "domain.lapsed": SHOP,
    "domain.removed": SHOP,
    "shop.export_ready": SHOP,
    # Letters by template.
    "new_order": SALES,
    "units_cancelled": SALES,
    "shop_notice": SALES,
    "order_paid": PAYMENTS,
    "payment_returning": PAYMENTS,
    "domain_notice": SHOP,
    "shop_export_ready": SHOP,
    "shop_live": SHOP,
}
BY_PREFIX = {"parcel.": PARCELS}
# Beside e-mail and the site, phones are for what a buyer waits for.
ON_PHONES = (PAYMENTS, PARCELS)
ONE_CLICK_UNSUBSCRIBED = (SHOP,)  # these are about neither an order nor the account's safety


def kind_of(name: str) -> NoticeKind:
    """Return the kind of a notice, by its name or its letter's template."""
    if (kind := BY_NAME.get(name)) is not None:
        return kind
    return next((kind for prefix, kind in BY_PREFIX.items() if name.startswith(prefix)), SECURITY)


def channels_of(kind: NoticeKind) -> list[Channel]:
    """Return the channels by which a kind can come."""
    return list(Channel) if kind in ON_PHONES else [Channel.IN_APP, Channel.EMAIL]


def is_always_sent(kind: NoticeKind, channel: Channel) -> bool:
    """Return whether a kind can't be switched off in a channel."""
    if channel == Channel.EMAIL:
        return kind in ALWAYS_WRITTEN
    return channel == Channel.IN_APP and kind == SECURITY


def is_on_by_itself(channel: Channel) -> bool:
    """Return whether a channel is used without a choice: phones only where their owner asked for it."""
    return channel in {Channel.IN_APP, Channel.EMAIL}
