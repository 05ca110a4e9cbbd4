"""Notices to a shop about its part of an order: a message for its staff, and a letter to its owner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from accounts.services.languages import speaking_to
from checkout.models import SubOrder
from kit.live import touch
from notifications.services import notify, queue_email
from tenants.access import Capability, can
from tenants.models import Role
from tenants.shops.addresses import shop_url
from tenants.shops.brand import brand_of
from tenants.shops.selectors import members_of, role_in


@dataclass(frozen=True, slots=True)
class ShopNotice:
    """A notice to a shop about its part of an order.

    Args:
        title: the letter's subject, and the title of the message on the site.
        paragraphs: whole sentences, the most important first.
        action: the words of the link.
        lines: snapshots of the lines concerned, in the form of a sub-order's.
    """

    title: str
    paragraphs: Sequence[str]
    action: str
    lines: Sequence[dict[str, Any]] = ()


class Wording(Protocol):
    """Function that words a notice in the language that is active."""

    def __call__(self) -> ShopNotice: ...


def tell_shop(
    *,
    part: SubOrder,
    kind: str,
    key: str,
    path: str,
    capability: Capability,
    word: Wording,
    now: datetime,
    has_letter: bool = True,
) -> None:
    """Send a notice to the staff who have a capability, as a message, and to the owner as a letter too; each once.

    Args:
        kind: the notice's kind, such as `shop.part_refunded`.
        key: a notice with the same key is sent once to each person.
        path: the address of its page on the shop's host.
        has_letter: whether the owner gets it by e-mail too.
    """
    touch(f"shop-orders:{part.shop_id}")
    url = shop_url(part.shop, path)
    for member in members_of(shop_id=part.shop_id):
        with speaking_to(user_id=member.user_id):
            notice, own_key = word(), f"{key}-{member.user_id}"
            if can(role_in(member.user, part.shop), capability):
                body = " ".join(notice.paragraphs)
                notify(
                    user_id=member.user_id,
                    kind=kind,
                    title=notice.title,
                    body=body,
                    url=url,
                    dedup_key=own_key,
                    now=now,
                )
            if has_letter and member.role == Role.OWNER:
                context = {
                    "title": notice.title,
                    "paragraphs": notice.paragraphs,
                    "lines": notice.lines,
                    "action": notice.action,
                    "shop": part.shop,
                    "brand": brand_of(part.shop),
                    "link": url,
                }
                queue_email(
                    to=member.user.email,
                    template="shop_notice",
                    kind=kind,
                    context=context,
                    dedup_key=own_key,
                    now=now,
                    user_id=member.user_id,
                )
