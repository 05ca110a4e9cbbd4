"""Check uploaded pictures and turn them into the two files that pages show."""

import io
import warnings
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps, UnidentifiedImageError

from catalogue.selectors.pictures import LARGE_PX, SMALL_PX, picture_names
from kit.errors import InvalidInputError
from kit.ids import access_key

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
MIN_SIDE_PX = 64
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 82


def open_picture(upload: BinaryIO) -> Image.Image:
    """Open an upload as an upright RGB image without its metadata.

    Raises:
        InvalidInputError: it is too large, or not a picture of a kind we take.
    """
    content = upload.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise _refusal("A picture may have at most 5 MB.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=FORMATS)
            _check_size(image)
            image.load()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise _refusal("This is not a JPEG, PNG or WebP picture, or it is damaged.") from error
    return _flatten(ImageOps.exif_transpose(image))


def store_picture(image: Image.Image, *, shop_id: int, product_id: object) -> str:
    """Write a picture's two files to the media storage under a name that cannot be guessed; return the large one's."""
    large, small = picture_names(shop_id=shop_id, product_id=product_id, token=access_key())
    for name, side in ((large, LARGE_PX), (small, SMALL_PX)):
        default_storage.save(name, ContentFile(encode(image, side)))
    return large


def encode(image: Image.Image, side: int) -> bytes:
    """Return a picture as WebP that fits a square."""
    fitted = image.copy()
    fitted.thumbnail((side, side), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    fitted.save(buffer, "WEBP", quality=QUALITY, method=4)
    return buffer.getvalue()


def _check_size(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise _refusal("A picture may have at most 40 megapixels.")
    if min(width, height) < MIN_SIDE_PX:
        raise _refusal(f"A picture needs at least {MIN_SIDE_PX} pixels on each side.")


def _flatten(image: Image.Image) -> Image.Image:
    """Put transparent pictures on white; drop palettes, profiles and metadata."""
    if image.has_transparency_data:
        coloured = image.convert("RGBA")
        flat = Image.new("RGB", coloured.size, "white")
        flat.paste(coloured, mask=coloured.getchannel("A"))
        return flat
    flat = image.convert("RGB")
    flat.info = {}
    return flat


def _refusal(message: str) -> InvalidInputError:
    return InvalidInputError(message, details={"image": [message]})
