"""Photos of messages: sent before the message that names them, seen by the two sides and by operators."""

from collections.abc import Collection
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.db.models import Q, QuerySet

from checkout.errors import MessageNotFoundError, MessagePhotoError
from checkout.models import MessagePhoto, MessageSide, Order, OrderMessage, SubOrder
from checkout.photos.keeping import MOST_PHOTOS, keep_photo
from kit.db.roles import as_platform


def add_buyers_photo(*, order: Order, upload: BinaryIO, now: datetime) -> MessagePhoto:
    """Store a picture of a buyer, to be named in a message.

    Raises:
        TooManyPhotosError: the order has as many as it can have.
        InvalidInputError: it is too large, or not a picture of a kind we take.
        BusyError: other pictures are being read.
    """
    own = MessagePhoto.objects.filter(side=MessageSide.BUYER)
    return keep_photo(own, order=order, upload=upload, now=now, side=MessageSide.BUYER)


@as_platform()  # the order is the buyer's
def add_shops_photo(*, part: SubOrder, upload: BinaryIO, now: datetime) -> MessagePhoto:
    """Store a picture of a shop, to be named in a message about its part.

    Raises:
        TooManyPhotosError: the part has as many as it can have.
        InvalidInputError: it is too large, or not a picture of a kind we take.
        BusyError: other pictures are being read.
    """
    own = MessagePhoto.objects.filter(side=MessageSide.SHOP, shop_id=part.shop_id)
    order = Order.objects.get(pk=part.order_id)
    return keep_photo(own, order=order, upload=upload, now=now, side=MessageSide.SHOP, shop_id=part.shop_id)


def take_photos(message: OrderMessage, part: SubOrder, photos: Collection[UUID]) -> None:
    """Join photos that the author's side has sent before to their message.

    Raises:
        MessagePhotoError: one is another side's, of another order or message, or there are too many.
    """
    wanted = set(photos)
    if not wanted:
        return
    of_shop = Q(shop_id=part.shop_id) if message.side == MessageSide.SHOP else Q(shop__isnull=True)
    free = MessagePhoto.objects.filter(of_shop, order_id=part.order_id, side=message.side, message=None)
    if len(wanted) > MOST_PHOTOS or free.filter(pk__in=wanted).update(message=message) != len(wanted):
        raise MessagePhotoError


def photo_of_order(order: Order, *, photo_id: UUID) -> MessagePhoto:
    """Return a photo to the buyer of an order: one that they sent, or that was sent to them.

    Raises:
        MessageNotFoundError: the order has none with this id.
    """
    seen = Q(side=MessageSide.BUYER) | Q(message__isnull=False)
    return _the_photo(MessagePhoto.objects.filter(seen, order=order, pk=photo_id))


@as_platform()  # the order that it is of is the buyer's
def photo_of_shop(*, shop_id: int, photo_id: UUID) -> MessagePhoto:
    """Return a photo to a shop: one that it sent, or that was sent to it.

    Raises:
        MessageNotFoundError: the shop has none with this id.
    """
    seen = Q(shop_id=shop_id) | Q(message__shop_id=shop_id)
    return _the_photo(MessagePhoto.objects.filter(seen, pk=photo_id))


def any_photo(*, photo_id: UUID) -> MessagePhoto:
    """Return a photo of any message.

    Raises:
        MessageNotFoundError: there is none with this id.
    """
    return _the_photo(MessagePhoto.objects.filter(message__isnull=False, pk=photo_id))


def _the_photo(found: "QuerySet[MessagePhoto]") -> MessagePhoto:
    photo = found.first()
    if photo is None:
        raise MessageNotFoundError
    return photo
