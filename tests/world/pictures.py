"""Pictures as cameras, editors and attackers make them."""

import io
import struct
import zlib
from typing import Any

from PIL import Image

PNG_START = b"\x89PNG\r\n\x1a\n"
# Display P3's primaries, adapted to D50 (ICC.1, as its registry says them).
DISPLAY_P3 = ((0.51512, 0.2412, -0.00105), (0.29198, 0.69225, 0.04189), (0.1571, 0.06657, 0.78407))


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Return an image as a file of a kind."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png_with_chunk(image: Image.Image, name: bytes, content: bytes) -> bytes:
    """Return a PNG with one more chunk after its header."""
    plain = encoded(image, "PNG")
    header_ends = len(PNG_START) + 25
    return plain[:header_ends] + _chunk(name, content) + plain[header_ends:]


def webp_with_exif(image: Image.Image, content: bytes) -> bytes:
    """Return a WebP with Exif that nobody has looked at."""
    return encoded(image, "WEBP", exif=content)


def matrix_profile(primaries: tuple[tuple[float, float, float], ...] = DISPLAY_P3) -> bytes:
    """Return an ICC profile of a display: three primaries and a gamma of 2.2."""
    tags = [(b"wtpt", _xyz((0.9642, 1.0, 0.8249))), (b"desc", _description()), (b"cprt", b"text\0\0\0\0none\0")]
    tags += [(name, _xyz(value)) for name, value in zip((b"rXYZ", b"gXYZ", b"bXYZ"), primaries, strict=True)]
    tags += [(name, b"curv\0\0\0\0" + struct.pack(">IH", 1, 0x0233)) for name in (b"rTRC", b"gTRC", b"bTRC")]
    offset, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, content in tags:
        padded = content + b"\0" * (-len(content) % 4)
        table += struct.pack(">4sII", name, offset + len(body), len(content))
        body += padded
    size = offset + len(body)
    header = struct.pack(">I4sI4s4s4s", size, b"\0\0\0\0", 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp") + b"\0" * 28 + _xyz_numbers((0.9642, 1.0, 0.8249))
    return header + b"\0" * (128 - len(header)) + struct.pack(">I", len(tags)) + table + body


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _xyz(value: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + _xyz_numbers(value)


def _xyz_numbers(value: tuple[float, float, float]) -> bytes:
    return struct.pack(">3i", *(round(number * 65536) for number in value))


def _description() -> bytes:
    return b"desc\0\0\0\0" + struct.pack(">I", 5) + b"test\0" + b"\0" * 79
