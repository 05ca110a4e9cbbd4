"""Drawing the demo's pictures on several cores, each in a process that knows nothing of a database."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from django.utils.text import slugify

from demo import art
from demo.goods import SHOPS
from demo.model import DemoShop, Good

FOLDER = "demo"
PROCESSES = 2
VIEWS = (
    ("", ""),
    (f"-{art.CLOSE_UP}", ", from close by"),
)  # ends of the names of a good's pictures, and of their texts


def picture_name(demo: DemoShop, good: Good) -> str:
    """Return the stem of a good's pictures."""
    return f"{demo.slug}-{slugify(good.title)}"


@contextmanager
def drawing(media_root: Path) -> Iterator[None]:
    """Draw all goods, banners and logos into the media folder while the block runs."""
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        pictures = [pool.submit(_draw_shop, index, media_root / FOLDER) for index in range(len(SHOPS))]
        yield
        for picture in pictures:
            picture.result()


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
