"""Decode an uploaded picture into a small upright sRGB image, within a bound of memory.

A file of a few kilobytes can hold forty megapixels, and each copy of those takes 160 MB. So the size is judged by
the header, a JPEG is decoded at a fraction of its size, everything else is reduced strip by strip right after, and
only one picture is decoded at a time on a machine.
"""

import io
import struct
import warnings
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.utils.translation import gettext
from PIL import Image, JpegImagePlugin

from kit.errors import Fault, InvalidInputError
from kit.pictures.colours import flatten, to_srgb
from kit.pictures.orientation import upright_transpose
from kit.pictures.waiting import decoding_lock
from kit.text.numbers import grouped

MAX_PIXELS = 40_000_000
MAX_DECODED_BYTES = 200_000_000
MAX_SIDE_PX = 20_000
STRIP_PX = 256
SHORT_SIDE_SHARE = 4
# Measured with Pillow's decoders: WebP's keeps two canvases and hands out a third and a fourth.
WEBP_BYTES_PER_PIXEL = 16
NARROW_MODES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2}
BYTES_PER_PIXEL = 4
# Of what a damaged file makes Pillow's parsers raise; each was seen with files of which single bytes were changed.
DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    OverflowError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)


class DamagedPictureError(Exception):
    """Content that is no picture of the formats that are taken, or is damaged."""


def decode_picture(content: bytes, *, formats: Sequence[str], side_px: int, min_side_px: int = 1) -> Image.Image:
    """Return a picture as an upright sRGB image on white, about `side_px` wide and high or smaller, without metadata.

    Raises:
        DamagedPictureError: it is none of the formats, or damaged.
        InvalidInputError: it has too few or too many pixels.
        BusyError: other pictures are being read; nothing was read of this one.
    """
    with decoding_lock(), _reading(content, formats) as image:
        _load(image, side_px, min_side_px)
        profile, transpose = image.info.get("icc_profile"), upright_transpose(image)
        small = _reduced(image, side_px)
    upright = small if transpose is None else small.transpose(transpose)
    return to_srgb(upright, profile)


def read_format(content: bytes, *, formats: Sequence[str], side_px: int = 64) -> str:
    """Return the format of a picture that can be decoded as a whole.

    Raises:
        DamagedPictureError: it is none of the formats, or damaged.
        InvalidInputError: it has too many pixels.
        BusyError: other pictures are being read.
    """
    with decoding_lock(), _reading(content, formats) as image:
        _load(image, side_px, 1)
        return str(image.format)


@contextmanager
def _reading(content: bytes, formats: Sequence[str]) -> Iterator[Image.Image]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=tuple(formats)) as image:
                yield image
    except DAMAGE as error:
        raise DamagedPictureError from error


def _load(image: Image.Image, side_px: int, min_side_px: int) -> None:
    _check_size(image, min_side_px)
    kept_bytes = _coefficient_bytes(image)
    image.draft(None, (side_px, side_px))
    if kept_bytes + _pixel_bytes(image) > MAX_DECODED_BYTES:
        raise refusal(gettext("This picture has too many pixels for its format. Save it smaller, or as a plain JPEG."))
    image.load()


def _check_size(image: Image.Image, min_side_px: int) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE_PX:
        raise refusal(
            gettext("A picture may have at most %(megapixels)s megapixels and %(pixels)s pixels a side.")
            % {"megapixels": MAX_PIXELS // 10**6, "pixels": grouped(MAX_SIDE_PX)}
        )
    if min(width, height) < min_side_px:
        raise refusal(gettext("A picture needs at least %(pixels)s pixels on each side.") % {"pixels": min_side_px})


def _pixel_bytes(image: Image.Image) -> int:
    pixels = image.width * image.height
    if image.format == "WEBP":
        return pixels * WEBP_BYTES_PER_PIXEL
    return pixels * NARROW_MODES.get(image.mode, BYTES_PER_PIXEL)


def _coefficient_bytes(image: Image.Image) -> int:
    """Return the memory that a progressive JPEG needs until its last scan: two bytes a coefficient."""
    if not isinstance(image, JpegImagePlugin.JpegImageFile) or not image.info.get("progressive"):
        return 0
    samples = [across * down for _, across, down, _ in image.layer]
    return 2 * image.width * image.height * sum(samples) // max(samples, default=1)


def _reduced(image: Image.Image, side_px: int) -> Image.Image:
    """Return a picture on white whose longer side is at most `side_px`, so far as its shorter one allows.

    The shorter one stays above a quarter of that, so that a wide picture can still be cut to a banner.
    """
    shrinking = min(max(image.size) / side_px, min(image.size) * SHORT_SIDE_SHARE / side_px)
    factor = max(1, int(shrinking))
    height = factor * max(1, STRIP_PX // factor)
    size = (-(-image.width // factor), -(-image.height // factor))
    reduced = None
    for top in range(0, image.height, height):
        strip = flatten(image.crop((0, top, image.width, min(top + height, image.height))))
        reduced = reduced or Image.new(strip.mode, size)
        reduced.paste(strip.reduce(factor), (0, top // factor))
    if reduced is None:
        raise DamagedPictureError
    wanted = [max(1, round(side / max(1.0, shrinking))) for side in image.size]
    reduced.thumbnail((wanted[0], wanted[1]), Image.Resampling.LANCZOS)
    return reduced


def refusal(message: str) -> InvalidInputError:
    """Return the refusal of a picture for a reason that its sender can mend."""
    return InvalidInputError(message, details={"image": [Fault(message, "bad_picture")]})
