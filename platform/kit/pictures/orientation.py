"""Turn pictures upright, by the camera's orientation tag."""

import struct

from PIL import ExifTags, Image

# Exif 2.3, table 6: what undoes each orientation.
TRANSPOSES = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Of what damaged Exif makes Pillow's parser raise. Cameras and editors write such, and the picture is good.
DAMAGE = (OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, OverflowError, struct.error)


def upright_transpose(image: Image.Image) -> Image.Transpose | None:
    """Return the turn that makes a picture upright; None where it is, or where its tags can't be read."""
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation)
    except DAMAGE:
        return None
    return TRANSPOSES.get(orientation) if isinstance(orientation, int) else None
