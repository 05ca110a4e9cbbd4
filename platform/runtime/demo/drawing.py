"""Drawing the demo's pictures on several cores, each in a process that knows nothing of a database."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from django.utils.text import slugify

from runtime.demo import art
from runtime.demo.goods import SHOPS
from runtime.demo.model import DemoShop, Good

FOLDER = "demo"
PROCESSES = 2


def picture_name(demo: DemoShop, good: Good) -> str:
    """Return the stem of a good's pictures."""
    return f"{demo.slug}-{slugify(good.title)}"


def draw_everything(media_root: Path) -> None:
    """Draw all goods, banners and logos into the media folder."""
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        list(pool.map(_draw_shop, range(len(SHOPS)), [media_root / FOLDER] * len(SHOPS)))


def _draw_shop(index: int, folder: Path) -> None:
    demo = SHOPS[index]
    art.save_shop_images(
        folder,
        name=demo.slug,
        initial=demo.name[0],
        palette=demo.palette,
        motif=demo.motif,
        seed=art.seed_of(demo.slug),
        kinds=demo.banner_kinds,
    )
    for good in demo.goods:
        name = picture_name(demo, good)
        art.save_product_images(folder, name=name, kind=good.kind, palette=good.palette, seed=art.seed_of(name))
