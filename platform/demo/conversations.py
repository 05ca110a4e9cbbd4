"""Conversations about the demo's orders: one that waits for its answer, one answered, one with a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID

from accounts.models import User
from checkout.messaging.photos import add_buyers_photo
from checkout.messaging.sending import NewMessage, send_message
from checkout.models import MessageSide, SubOrder
from demo.accounts import BUYER, FABRICS
from demo.art import draw_product
from tenants.models import Shop

ASKED = "Is the colour as deep as in the picture? I want it to go with a wrapper that I have."
ANSWERED = "It is a little darker in daylight. I can send you a thread of it with the parcel."
PROMISED = "Yes please, that would help. Thank you."
TORN = "The bag came yesterday, and one seam is open at the side. Here is a picture."
LATE = "When will it be sent? I need it for a wedding on Saturday."


def load_conversations(people: Mapping[str, User], shops: Mapping[str, Shop], *, now: datetime) -> None:
    """Have the demo's buyer and the fabrics' shop write to each other; nothing where there are no such orders."""
    shop, buyer, owner = shops[FABRICS.shop], people[BUYER.email], people[FABRICS.email]
    parts = SubOrder.objects.filter(shop=shop, order__buyer=buyer).select_related("order")
    delivered = list(parts.filter(status="delivered").order_by("-pk")[:2])
    of_guests = SubOrder.objects.filter(shop=shop, order__buyer=None, status__in=["new", "packed"])
    waiting = of_guests.select_related("order").order_by("-pk").first()
    talks = _Talks(buyer.pk, owner.pk)
    if delivered:
        at = delivered[0].status_at + timedelta(hours=3)
        picture = BytesIO()
        draw_product("tote-bag", "indigo", seed=7, size=600).save(picture, "JPEG")
        picture.seek(0)
        photo = add_buyers_photo(order=delivered[0].order, upload=picture, now=at)
        talks.buyer(delivered[0], TORN, at=at, photos=[photo.pk])
        talks.shop(delivered[0], "I am sorry. Ask for a return on your order’s page, and I send another.", at=at)
    for part in delivered[1:]:
        at = part.order.placed_at + timedelta(hours=1)
        talks.buyer(part, ASKED, at=at)
        talks.shop(part, ANSWERED, at=at + timedelta(minutes=20))
        talks.buyer(part, PROMISED, at=at + timedelta(minutes=45))
        talks.shop(part, "It is in the parcel.", at=at + timedelta(hours=4))
    if waiting is not None:
        at = min(waiting.order.placed_at + timedelta(hours=2), now)
        send_message(NewMessage(waiting, MessageSide.BUYER, None, LATE), now=at)


class _Talks:
    """Words of two people."""

    def __init__(self, buyer_id: int, owner_id: int) -> None:
        self._buyer_id, self._owner_id = buyer_id, owner_id

    def buyer(self, part: SubOrder, text: str, *, at: datetime, photos: Sequence[UUID] = ()) -> None:
        """Have the buyer write."""
        send_message(NewMessage(part, MessageSide.BUYER, self._buyer_id, text, photos), now=at)

    def shop(self, part: SubOrder, text: str, *, at: datetime) -> None:
        """Have the shop's owner write, some minutes later."""
        send_message(NewMessage(part, MessageSide.SHOP, self._owner_id, text), now=at + timedelta(minutes=9))
