"""Notices to a buyer about an order: a letter, and a message on the site where they have an account."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.services.erasure import is_tombstone
from accounts.services.languages import speaking_to
from accounts.services.letters_asked_for import may_write_to
from checkout.announcing.links import order_address
from checkout.announcing.phones import send_texts
from checkout.models import Order
from kit.live import touch
from kit.text.languages import speaking
from notifications.services import notify, queue_email
from tenants.models import Shop
from tenants.shops.brand import brand_of


@dataclass(frozen=True, slots=True)
class OrderNotice:
    """A notice to a buyer about an order.

    Args:
        kind: the notice's kind, such as `order.paid`.
        key: a notice with the same key is sent once.
        title: the letter's subject, and the title of the message on the site.
        paragraphs: whole sentences, the most important first.
        action: the words of the link to the order.
        lines: snapshots of the lines concerned, in the form of a sub-order's.
        texts: wordings of a message to the phone of a paid order, the fullest first; empty: none is sent.
        path: of the page that it leads to; empty: the order's.
        shop: the one shop that it is about, if it is; the letter has its look.
    """

    kind: str
    key: str
    title: str
    paragraphs: Sequence[str]
    action: str
    lines: Sequence[dict[str, Any]] = ()
    texts: Sequence[str] = ()
    path: str = ""
    shop: Shop | None = None


def tell_buyer(*, order: Order, notice: OrderNotice, now: datetime, is_paid: bool = True) -> None:
    """Send a notice as a letter and a message, once.

    Args:
        is_paid: whether the order is paid; an unpaid one may name another person's address, which gets few letters.
    """
    context = {
        "title": notice.title,
        "paragraphs": notice.paragraphs,
        "lines": notice.lines,
        "action": notice.action,
        "link": order_address(order, notice.path),
        "brand": brand_of(notice.shop) if notice.shop else None,
    }
    if is_paid or may_write_to(email=order.email):
        send_letter(order=order, template="order_notice", context=context, key=notice.key, now=now, kind=notice.kind)
    body = " ".join(notice.paragraphs)
    send_message(
        order=order, kind=notice.kind, title=notice.title, body=body, key=notice.key, now=now, path=notice.path
    )
    if is_paid:
        send_texts(order=order, kind=notice.kind, wordings=notice.texts, key=notice.key, now=now)


def send_letter(
    *, order: Order, template: str, context: dict[str, Any], key: str, now: datetime, kind: str = ""
) -> None:
    """Write a letter to the buyer, with a link that works for them; none to an anonymised buyer.

    Args:
        kind: the notice's, where one template is for several.
    """
    touch(f"order:{order.pk}")
    if is_tombstone(order.email):
        return
    queue_email(
        to=order.email,
        template=template,
        context={"name": order.shipping_address["name"], "order": order, "link": order_address(order), **context},
        dedup_key=key,
        now=now,
        is_secret=order.buyer_id is None,
        user_id=order.buyer_id,
        kind=kind,
    )


def send_message(*, order: Order, kind: str, title: str, body: str, key: str, now: datetime, path: str = "") -> None:
    """Leave a message on the site for a buyer who has an account."""
    if order.buyer_id is not None and not is_tombstone(order.email):
        notify(
            user_id=order.buyer_id,
            kind=kind,
            title=title,
            body=body,
            url=path or order.get_absolute_url(),
            dedup_key=key,
            now=now,
        )


def speaking_to_buyer(order: Order) -> AbstractContextManager[None]:
    """Use the buyer's language inside the block: the account's, else that of the page where they ordered."""
    if order.buyer_id is None:
        return speaking(order.language)
    return speaking_to(user_id=order.buyer_id, otherwise=order.language)
