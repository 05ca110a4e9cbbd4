"""Photos that buyers send with a return: checked, made small, and kept where only those concerned can see them."""

from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.http import HttpResponse

from catalogue.services.pictures import KEPT_PX, encode, open_picture
from checkout.errors import TooManyPhotosError
from checkout.models import Order, ReturnPhoto
from kit.files import PRIVATE, Folder
from kit.ids import access_key
from kit.private_files import private_file_response

MOST_PHOTOS = 6
MOST_OF_AN_ORDER = 30
WEBP = "image/webp"


def add_photo(*, order: Order, upload: BinaryIO, now: datetime) -> ReturnPhoto:
    """Store a picture of a buyer, without its metadata, under a name that can't be guessed.

    Raises:
        TooManyPhotosError: the order has as many as it can have.
        InvalidInputError: it is too large, or not a picture of a kind we take.
        BusyError: other pictures are being read.
    """
    if ReturnPhoto.objects.filter(order=order).count() >= MOST_OF_AN_ORDER:
        raise TooManyPhotosError
    content = encode(open_picture(upload), KEPT_PX)
    folder = photo_folder(order)
    file = folder.save(f"{folder.path}{access_key()}.webp", ContentFile(content))
    try:
        return ReturnPhoto.objects.create(order=order, file=file, created_at=now)
    except Exception:
        folder.delete(file)
        raise


def remove_photos(photos: Iterable[ReturnPhoto]) -> None:
    """Remove photos that no return has, with their files."""
    for photo in photos:
        photo.delete()
        Folder(PRIVATE, f"returns/{photo.order_id}/").delete(photo.file)


def photo_folder(order: Order) -> Folder:
    """Return the folder of an order's photos."""
    return Folder(PRIVATE, f"returns/{order.pk}/")


def photo_response(photo: ReturnPhoto) -> HttpResponse:
    """Return a photo to a caller whose access has been checked."""
    return private_file_response(
        Folder(PRIVATE, f"returns/{photo.order_id}/"),
        photo.file,
        file_name="photo.webp",
        content_type=WEBP,
        is_attachment=False,
    )
