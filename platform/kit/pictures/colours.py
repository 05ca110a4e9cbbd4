"""Bring the pixels of a picture to eight bits, on white, in sRGB."""

import io

from PIL import Image, ImageCms

SIXTEEN_TO_EIGHT_BITS = 255 / 65535
# Kept until the profile is applied: one for CMYK or for grey says nothing of RGB.
PROFILED_MODES = ("L", "RGB", "CMYK")


def flatten(image: Image.Image) -> Image.Image:
    """Return a picture in one of `PROFILED_MODES`, with transparent parts on white."""
    if image.mode.startswith("I"):
        return _eight_bits(image)
    if image.has_transparency_data:
        coloured = image.convert("RGBA")
        flat = Image.new("RGB", coloured.size, "white")
        flat.paste(coloured, mask=coloured.getchannel("A"))
        return flat
    if image.mode in PROFILED_MODES:
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return a picture's colours in sRGB; an unreadable or inapplicable profile counts as none."""
    converted = _converted(image, profile) if profile else None
    result = converted if converted is not None else image.convert("RGB")
    result.info = {}
    return result


def _eight_bits(image: Image.Image) -> Image.Image:
    """Divide sixteen bits of grey; Pillow's own conversion cuts off all above 255."""
    wide = image if image.mode == "I" else image.convert("I")
    return wide.point(lambda value: value * SIXTEEN_TO_EIGHT_BITS + 0.5).convert("L")


def _converted(image: Image.Image, profile: bytes) -> Image.Image | None:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
