"""Photos that buyers send with a return."""

from datetime import datetime
from typing import BinaryIO

from checkout.models import Order, ReturnPhoto
from checkout.photos.keeping import keep_photo


def add_photo(*, order: Order, upload: BinaryIO, now: datetime) -> ReturnPhoto:
    """Store a picture of a buyer, to be named in a return.

    Raises:
        TooManyPhotosError: the order has as many as it can have.
        InvalidInputError: it is too large, or not a picture of a kind we take.
        BusyError: other pictures are being read.
    """
    return keep_photo(ReturnPhoto.objects.all(), order=order, upload=upload, now=now)
