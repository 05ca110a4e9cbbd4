"""Short messages to a buyer's phone: one sentence and the address of the order, in one SMS where that is possible."""

from collections.abc import Sequence
from datetime import datetime

from accounts.services.erasure import is_tombstone
from checkout.announcing.links import order_address
from checkout.models import Order
from notifications.services import fits_one_text, offered_text_channels, queue_text

LONGEST_NAME = 24


def send_texts(*, order: Order, kind: str, wordings: Sequence[str], key: str, now: datetime) -> None:
    """Send a message to the phone of a paid order, by the channels that its buyer asked for.

    Args:
        wordings: of one message, the fullest first; the first that fits one SMS with the address is sent.
    """
    if not wordings or is_tombstone(order.email):
        return
    address, agreed = order_address(order), order.texts_agreed
    text = short_text(wordings, address)
    for channel in offered_text_channels():
        queue_text(
            channel=channel,
            to=str(order.shipping_address.get("phone", "")),
            email=order.email,
            text=text,
            kind=kind,
            dedup_key=key,
            now=now,
            user_id=order.buyer_id,
            agreed_at=agreed.get(channel),
            country=str(order.shipping_address.get("country", "")),
            is_secret=order.buyer_id is None,
        )


def short_text(wordings: Sequence[str], address: str) -> str:
    """Return the fullest wording that fits one SMS with an address; the shortest, where none does."""
    texts = [f"{wording} {address}" for wording in wordings]
    return next((text for text in texts if fits_one_text(text)), texts[-1])


def short_name(name: str) -> str:
    """Return a name cut for a short message."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 3].rstrip()}..."
