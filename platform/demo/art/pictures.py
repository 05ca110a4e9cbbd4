"""Finished pictures: goods on a table, a shop's banner and logo, and their files."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from demo.art.canvas import HORIZON, OVERSAMPLE, RIM, Canvas
from demo.art.drawers import DRAWERS
from demo.art.palettes import CREAM, INK, Palette, darker, palette_named
from demo.art.patterns import pattern_image

SIZES = (128, 400, 800)
QUALITY = {128: 72, 400: 64, 800: 72}
BANNER_QUALITY = 43  # it is seen over the whole width, and is the heaviest picture of its page
GOODS_SHARE = 0.86
AWNING_SHARE = 7
PALE = 560
CLOSE_UP = "close"


def draw_product(kind: str, palette: str | Palette, seed: int, size: int = 800) -> Image.Image:
    """Draw goods of a kind; the same arguments give the same picture.

    Args:
        palette: a name from `PALETTES` or a palette of your own.
        size: edge of the square picture in pixels.

    Raises:
        KeyError: unknown kind or palette.
    """
    drawer = DRAWERS[kind]
    canvas = Canvas(palette=palette_named(palette), seed=seed, size=size)
    canvas.scene()
    drawer(canvas)
    return canvas.finish()


def seed_of(text: str) -> int:
    """Turn a name into a stable seed."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def save_product_images(directory: Path, *, name: str, kind: str, palette: str | Palette, seed: int) -> dict[int, Path]:
    """Draw once and save one WebP file per size, named by `file_name`, and a view from close by."""
    picture = draw_product(kind, palette, seed, max(SIZES))
    directory.mkdir(parents=True, exist_ok=True)
    _save(directory, f"{name}-{CLOSE_UP}", picture.resize(picture.size, Image.Resampling.BICUBIC, box=_middle(picture)))
    return _save(directory, name, picture)


def save_whole_images(directory: Path, *, name: str, kind: str, palette: str | Palette, seed: int) -> dict[int, Path]:
    """Draw and save one WebP file per size, without a view from close by."""
    return _save(directory, name, draw_product(kind, palette, seed, max(SIZES)))


def file_name(name: str, size: int = max(SIZES)) -> str:
    """Return the name of a picture's file of a size; `.t` says that it has a thumbnail."""
    return f"{name}.t-{size}.webp"


def _middle(picture: Image.Image) -> tuple[float, float, float, float]:
    """Return the part of a picture where the goods are."""
    width, height = picture.size
    return width * 0.24, height * 0.26, width * 0.76, height * 0.78


def _save(directory: Path, name: str, picture: Image.Image) -> dict[int, Path]:
    files, image = {}, picture
    for size in sorted(SIZES, reverse=True):  # each is made from the next larger, which has fewer pixels than the whole
        if image.width != size:
            image = image.resize((size, size), Image.Resampling.HAMMING)
        files[size] = directory / file_name(name, size)
        image.save(files[size], "WEBP", quality=QUALITY[size], method=2)
    return files


def draw_banner(
    palette: str | Palette,
    motif: str,
    seed: int,
    size: tuple[int, int] = (1280, 320),
    kinds: Sequence[str] = (),
) -> Image.Image:
    """Draw a shop's banner: an awning, a cloth-covered counter and the goods it sells.

    Args:
        motif: the cloth pattern, a name from `PATTERNS`.
        kinds: up to four kinds that stand on the counter, from the right.
    """
    chosen = palette_named(palette)
    width, height = size
    banner = Image.new("RGB", size, chosen.wall)
    tile = round(height * GOODS_SHARE)
    horizon = height - tile + round(tile * (HORIZON - RIM[1]) / RIM[2])
    ImageDraw.Draw(banner).rectangle((0, horizon, width, height), fill=chosen.floor)
    for place, kind in enumerate(kinds[:4]):
        canvas = Canvas(palette=chosen, seed=seed + place, size=tile)
        canvas.scene(sun=False)
        DRAWERS[kind](canvas)
        left = width - round(tile * 0.88 * (place + 1)) - height // 6
        banner.paste(canvas.finish(), (left, height - tile), _feathered(tile))
    _tablecloth(banner, chosen, motif, seed)
    _awning(banner, chosen)
    return banner


def _feathered(edge: int) -> Image.Image:
    """Return a square mask that fades out on its left and right."""
    fade = edge // 8
    mask = Image.new("L", (edge, edge), 255)
    ramp = Image.linear_gradient("L").rotate(90).resize((fade, edge))
    mask.paste(ramp, (0, 0))
    mask.paste(ramp.rotate(180), (edge - fade, 0))
    return mask


def _tablecloth(banner: Image.Image, palette: Palette, motif: str, seed: int) -> None:
    """Hang the shop's cloth over the front of the counter."""
    canvas = Canvas(palette=palette, seed=seed, size=banner.height)
    top = round(banner.height * 0.915)
    cloth = pattern_image(
        motif, (banner.width, banner.height - top), unit=banner.height / 150, palette=palette, rng=canvas.rng
    )
    banner.paste(cloth, (0, top))
    ImageDraw.Draw(banner).rectangle((0, top, banner.width, top + 2), fill=darker(palette.main, 0.3))


def _awning(banner: Image.Image, palette: Palette) -> None:
    """Drape scallops along the upper edge, drawn large and smoothed."""
    scale = OVERSAMPLE
    width, height = banner.width * scale, banner.height * scale // AWNING_SHARE
    mask = Image.new("L", (width, height), 0)
    strip = Image.new("RGB", (width, height), palette.main)
    mask_draw, draw = ImageDraw.Draw(mask), ImageDraw.Draw(strip)
    step = banner.height * scale / 6
    body = height * 0.42
    colours = (palette.main, CREAM, palette.accent, CREAM)
    mask_draw.rectangle((0, 0, width, body), fill=255)
    for index in range(int(width / step) + 1):
        x = index * step
        draw.rectangle((x, 0, x + step, height), fill=colours[index % len(colours)])
        mask_draw.ellipse((x, body - step / 2, x + step, body + step / 2 * 0.9), fill=255)
    size = (banner.width, banner.height // AWNING_SHARE)
    small = mask.resize(size, Image.Resampling.LANCZOS)
    shadow = small.filter(ImageFilter.GaussianBlur(banner.height / 60)).point(lambda value: round(value * 0.22))
    banner.paste(INK, (0, banner.height // 60), shadow)
    banner.paste(strip.resize(size, Image.Resampling.LANCZOS), (0, 0), small)


def draw_logo(palette: str | Palette, motif: str, initial: str, seed: int, size: int = 256) -> Image.Image:
    """Draw a shop's logo: its initial on a disc over its cloth."""
    chosen = palette_named(palette)
    pixels = size * OVERSAMPLE
    canvas = Canvas(palette=chosen, seed=seed, size=size)
    logo = pattern_image(motif, (pixels, pixels), unit=pixels / 55, palette=chosen, rng=canvas.rng)
    draw = ImageDraw.Draw(logo)
    middle, radius = pixels / 2, pixels * 0.335
    for grow, colour in ((pixels * 0.025, chosen.accent), (0, CREAM)):
        reach = radius + grow
        draw.ellipse((middle - reach, middle - reach, middle + reach, middle + reach), fill=colour)
    font = ImageFont.load_default(pixels * 0.4)
    ink = darker(chosen.main, 0.35) if sum(chosen.main) > PALE else chosen.main
    draw.text(
        (middle, middle),
        initial[:1].upper(),
        font=font,
        fill=ink,
        anchor="mm",
        stroke_width=pixels // 90,
        stroke_fill=ink,
    )
    return logo.resize((size, size), Image.Resampling.LANCZOS)


def save_shop_images(
    directory: Path, *, name: str, initial: str, palette: str | Palette, motif: str, seed: int, kinds: Sequence[str]
) -> dict[str, Path]:
    """Save `<name>-banner.webp` (1280 × 320) and `<name>-logo.webp` (256 × 256)."""
    directory.mkdir(parents=True, exist_ok=True)
    files = {part: directory / f"{name}-{part}.webp" for part in ("banner", "logo")}
    draw_banner(palette, motif, seed, kinds=kinds).save(files["banner"], "WEBP", quality=BANNER_QUALITY, method=6)
    draw_logo(palette, motif, initial, seed).save(files["logo"], "WEBP", quality=50, method=6)
    return files
