"""Check uploaded pictures and turn them into the files that pages show, one of each size."""

import io
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.utils.translation import gettext
from PIL import Image

from catalogue.selectors.pictures import new_picture_name, picture_files
from kit.ids import access_key
from kit.pictures.decoding import DamagedPictureError, decode_picture, refusal
from tenants.shops.files import shop_media

MAX_BYTES = 5 * 1024 * 1024
MIN_SIDE_PX = 64
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 82
KEPT_PX = 1600  # more than any size that is stored


def open_picture(upload: BinaryIO) -> Image.Image:
    """Open an upload as an upright sRGB image without its metadata, made small enough to be kept in memory.

    Raises:
        InvalidInputError: it is too large, or not a picture of a kind we take.
        BusyError: other pictures are being read.
    """
    content = upload.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise refusal(gettext("A picture may have at most 5 MB."))
    try:
        return decode_picture(content, formats=FORMATS, side_px=KEPT_PX, min_side_px=MIN_SIDE_PX)
    except DamagedPictureError as error:
        raise refusal(gettext("This is not a JPEG, PNG or WebP picture, or it is damaged.")) from error


def store_picture(image: Image.Image, *, shop_id: int, product_id: object) -> str:
    """Write a picture's files to the media storage under an unguessable name; return the large one's name."""
    large = new_picture_name(shop_id=shop_id, product_id=product_id, token=access_key())
    for name, side in picture_files(large).items():
        shop_media(shop_id).save(name, ContentFile(encode(image, side)))
    return large


def encode(image: Image.Image, side: int) -> bytes:
    """Return a picture as WebP that fits a square."""
    fitted = image.copy()
    fitted.thumbnail((side, side), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    fitted.save(buffer, "WEBP", quality=QUALITY, method=4)
    return buffer.getvalue()
