"""Photos about an order: checked, made small, and kept where only those concerned can see them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, BinaryIO, TypeVar

from django.core.files.base import ContentFile
from django.db.models import QuerySet
from django.http import HttpResponse

from catalogue.services.pictures import KEPT_PX, encode, open_picture
from checkout.errors import TooManyPhotosError
from checkout.models import Order
from checkout.models.photos import PrivatePhoto
from kit.ids import access_key
from kit.private_files import private_file_response

MOST_PHOTOS = 6  # of one return or message
MOST_OF_AN_ORDER = 30
WEBP = "image/webp"

P = TypeVar("P", bound=PrivatePhoto)


def keep_photo(
    own: "QuerySet[P]", *, order: Order, upload: BinaryIO, now: datetime, most: int = MOST_OF_AN_ORDER, **facts: Any
) -> P:
    """Store a picture without its metadata, under a name that can't be guessed.

    Args:
        own: photos of its kind that count against the limit.
        facts: further columns of its row.

    Raises:
        TooManyPhotosError: there are as many as there can be.
        InvalidInputError: it is too large, or not a picture of a kind we take.
        BusyError: other pictures are being read.
    """
    if own.filter(order=order).count() >= most:
        raise TooManyPhotosError
    content = encode(open_picture(upload), KEPT_PX)
    folder = own.model.folder_of(order.pk)
    file = folder.save(f"{folder.path}{access_key()}.webp", ContentFile(content))
    try:
        return own.model._default_manager.create(order=order, file=file, created_at=now, **facts)  # noqa: SLF001 - documented
    except Exception:
        folder.delete(file)
        raise


def remove_photos(photos: Iterable[PrivatePhoto]) -> None:
    """Remove photos that nothing has, with their files."""
    for photo in photos:
        photo.delete()
        photo.folder.delete(photo.file)


def photo_response(photo: PrivatePhoto) -> HttpResponse:
    """Return a photo to a caller whose access has been checked."""
    return private_file_response(
        photo.folder, photo.file, file_name="photo.webp", content_type=WEBP, is_attachment=False
    )
