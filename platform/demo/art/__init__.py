"""Drawn pictures for demo shops: goods, banners and logos, composed by Pillow from a kind, a palette and a seed.

    draw_product(kind, palette, seed, size=800) -> PIL.Image
    draw_banner(palette, motif, seed, size=(1280, 320), kinds=("pot", "mug")) -> PIL.Image
    draw_logo(palette, motif, initial, seed, size=256) -> PIL.Image
    save_product_images(directory, name=…, kind=…, palette=…, seed=…) -> {128: Path, 400: Path, 800: Path}
    save_whole_images(directory, name=…, kind=…, palette=…, seed=…) -> {128: Path, 400: Path, 800: Path}
    save_shop_images(directory, name=…, initial=…, palette=…, motif=…, seed=…, kinds=…)
        -> {"banner": Path, "logo": Path}
    seed_of(text) -> int, a stable seed from a name
    KINDS, PALETTE_NAMES, MOTIFS: the names that may be asked for

The same arguments always give the same picture. One picture takes about a tenth of a second.
"""

from demo.art.drawers import DRAWERS
from demo.art.palettes import PALETTES, Palette
from demo.art.patterns import PATTERNS
from demo.art.pictures import (
    CLOSE_UP,
    draw_banner,
    draw_logo,
    draw_product,
    file_name,
    save_product_images,
    save_shop_images,
    save_whole_images,
    seed_of,
)

KINDS = tuple(sorted(DRAWERS))
PALETTE_NAMES = tuple(PALETTES)
MOTIFS = tuple(PATTERNS)

__all__ = [
    "CLOSE_UP",
    "KINDS",
    "MOTIFS",
    "PALETTE_NAMES",
    "Palette",
    "draw_banner",
    "draw_logo",
    "draw_product",
    "file_name",
    "save_product_images",
    "save_shop_images",
    "save_whole_images",
    "seed_of",
]
