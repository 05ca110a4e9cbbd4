"""Uploaded pictures: damaged tags, colours, and bounds of memory that hold."""

import fcntl
import io
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kit.errors import BusyError, InvalidInputError
from kit.pictures import decoding, waiting
from kit.pictures.decoding import DamagedPictureError, decode_picture, read_format
from tests.world.pictures import encoded, matrix_profile, png_with_chunk, webp_with_exif

FORMATS = ("JPEG", "PNG", "WEBP")
PLAIN = Image.new("RGB", (300, 200), (200, 100, 100))
BAD_EXIF = [
    b"",
    b"Exif\0\0",
    b"MM\0",
    b"MM\0*\xff\xff\xff\xff",
    b"II*\0\x08\0\0\0\xff\xff" + b"\x12\x01\x03\0\xff\xff\xff\xff\x06\0\0\0",
    b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x02\0\0\0\x04six\0\0\0\0\0",
    b"nonsense of any kind",
]
ROOT = Path(__file__).parents[2]
MEASURE = """
from django.conf import settings; settings.configure(USE_I18N=False)
import resource, sys
from kit.pictures.decoding import decode_picture
from kit.errors import InvalidInputError
content = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    decode_picture(content, formats=("JPEG", "PNG", "WEBP"), side_px=1600)
except InvalidInputError:
    print("refused", end=" ")
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def decoded(content: bytes, side_px: int = 1600) -> Image.Image:
    return decode_picture(content, formats=FORMATS, side_px=side_px)


@pytest.fixture(autouse=True)
def own_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "pictures.lock"
    monkeypatch.setattr(waiting, "decoding_lock_file", lambda: path)
    return path


@pytest.mark.parametrize("exif", BAD_EXIF)
def test_a_picture_with_damaged_exif_is_taken_as_it_lies(exif: bytes) -> None:
    for content in (png_with_chunk(PLAIN, b"eXIf", exif), webp_with_exif(PLAIN, exif), encoded(PLAIN, "JPEG")):
        assert decoded(content).size == (300, 200)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", FORMATS)
def test_every_orientation_is_turned_upright(orientation: int, kind: str) -> None:
    upright = Image.new("RGB", (300, 200), "white")
    upright.paste("black", (0, 0, 60, 60))
    exif = Image.Exif()
    exif[0x0112] = orientation
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Image.Transpose of the turn's opposite
    lying = upright.transpose(Image.Transpose(undo[orientation])) if orientation > 1 else upright
    result = decoded(encoded(lying, kind, exif=exif.tobytes(), **({} if kind == "PNG" else {"quality": 95})))
    assert result.size == (300, 200)
    assert [result.getpixel(at)[0] < 128 for at in ((20, 20), (280, 20), (20, 180), (280, 180))] == [  # type: ignore[index]
        True,
        False,
        False,
        False,
    ]


def test_sixteen_bits_of_grey_keep_their_shades() -> None:
    ramp = Image.new("I;16", (256, 64))
    ramp.putdata([x * 257 for _ in range(64) for x in range(256)])
    result = decoded(encoded(ramp, "PNG"))
    assert [result.getpixel((x, 30)) for x in (0, 64, 128, 255)] == [(v, v, v) for v in (0, 64, 128, 255)]


@pytest.mark.parametrize("kind", FORMATS)
def test_colours_of_a_wide_display_become_srgb(kind: str) -> None:
    options = {} if kind == "PNG" else {"quality": 100}
    wide = decoded(encoded(PLAIN, kind, icc_profile=matrix_profile(), **options)).getpixel((100, 100))
    plain = decoded(encoded(PLAIN, kind, **options)).getpixel((100, 100))
    assert isinstance(wide, tuple)
    assert isinstance(plain, tuple)
    assert wide[0] - plain[0] >= 8, "Display P3's red is redder than sRGB's."
    assert plain[1] - wide[1] >= 2


@pytest.mark.parametrize("profile", [b"", b"x", b"\0" * 128, matrix_profile()[:200], os.urandom(300)])
def test_a_profile_that_cannot_be_read_counts_as_none(profile: bytes) -> None:
    assert decoded(encoded(PLAIN, "PNG", icc_profile=profile)).getpixel((5, 5)) == (200, 100, 100)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
def test_every_kind_of_pixel_becomes_rgb_without_metadata(mode: str) -> None:
    image = decoded(encoded(PLAIN.convert("RGBA").convert(mode), "JPEG" if mode == "CMYK" else "PNG"))
    assert (image.mode, image.size, image.info) == ("RGB", (300, 200), {})


def test_a_wide_picture_keeps_enough_height_for_a_banner() -> None:
    assert decoded(encoded(Image.new("RGB", (6400, 640)), "PNG")).size == (4000, 400)
    assert decoded(encoded(Image.new("RGB", (4800, 3600)), "PNG")).size == (1600, 1200)


@pytest.mark.parametrize(
    ("mode", "kind", "options"),
    [
        ("RGBA", "PNG", {}),
        ("LA", "PNG", {}),
        ("P", "PNG", {}),
        ("I;16", "PNG", {}),
        ("RGB", "JPEG", {}),
        ("RGB", "JPEG", {"progressive": True}),
        ("RGB", "JPEG", {"progressive": True, "subsampling": 0}),
        ("RGBA", "WEBP", {"lossless": True, "method": 0}),
    ],
)
def test_forty_megapixels_take_a_bounded_amount_of_memory(mode: str, kind: str, options: dict[str, Any]) -> None:
    content = encoded(Image.new(mode, (6320, 6320)), kind, **options)
    answer = subprocess.run(
        [sys.executable, "-c", MEASURE], input=content, capture_output=True, check=True, cwd=ROOT, timeout=300
    )
    *refused, megabytes = answer.stdout.split()
    assert int(megabytes) < (20 if refused else 260)


def test_webp_is_taken_up_to_twelve_megapixels() -> None:
    content = encoded(Image.new("RGB", (4000, 3000)), "WEBP", lossless=True, method=0)
    assert decoded(content).size == (1600, 1200)
    with pytest.raises(InvalidInputError, match="too many pixels for its format"):
        decoded(encoded(Image.new("RGB", (4200, 3200)), "WEBP", lossless=True, method=0))


def test_what_is_larger_than_any_limit_is_refused_by_its_header() -> None:
    for size in ((8000, 5001), (20_001, 64)):
        with pytest.raises(InvalidInputError, match="at most 40 megapixels and 20,000 pixels"):
            decoded(encoded(Image.new("1", size), "PNG"))
        with pytest.raises(InvalidInputError):
            read_format(encoded(Image.new("1", size), "PNG"), formats=("PNG",))


@pytest.mark.parametrize("content", [b"", b"GIF89a", encoded(PLAIN, "PNG")[:90], encoded(PLAIN, "GIF")])
def test_what_is_no_picture_is_damaged(content: bytes) -> None:
    with pytest.raises(DamagedPictureError):
        decoded(content)
    with pytest.raises(DamagedPictureError):
        read_format(content, formats=FORMATS)


def test_a_picture_waits_while_another_process_decodes(own_lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "WAIT_SECONDS", 0.0)
    held = os.open(own_lock, os.O_RDWR | os.O_CREAT)
    fcntl.flock(held, fcntl.LOCK_EX)
    with pytest.raises(BusyError):
        decoded(encoded(PLAIN, "PNG"))
    with pytest.raises(BusyError):
        read_format(encoded(PLAIN, "PNG"), formats=FORMATS)
    os.close(held)
    assert decoded(encoded(PLAIN, "PNG")).size == (300, 200)


@pytest.mark.parametrize("is_alone", [True, False], ids=["with the lock", "without it"])
def test_two_threads_decode_one_after_the_other(is_alone: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the lock the second thread arrives while the first is still inside: the control."""
    from contextlib import nullcontext

    if not is_alone:
        monkeypatch.setattr(decoding, "decoding_lock", nullcontext)
    inside, both = [0], threading.Event()
    first_in, go_on = threading.Event(), threading.Event()
    original = decoding._load

    def load(*given: Any) -> None:
        inside[0] += 1
        if inside[0] == 2:
            both.set()
            go_on.set()
        first_in.set()
        go_on.wait(0.3 if is_alone else 60)
        original(*given)
        inside[0] -= 1

    monkeypatch.setattr(decoding, "_load", load)
    threads = [threading.Thread(target=decoded, args=(encoded(PLAIN, "PNG"),)) for _ in range(2)]
    threads[0].start()
    assert first_in.wait(60)
    threads[1].start()
    for thread in threads:
        thread.join(120)
    assert both.is_set() is not is_alone


def test_an_image_that_is_kept_is_small() -> None:
    image = decoded(encoded(Image.new("RGB", (3190, 3190)), "JPEG"))
    assert image.size == (1600, 1600)
    assert len(io.BytesIO(image.tobytes()).getvalue()) < 8_000_000
