"""Drawing the demo's pictures on several cores, each in a process that knows nothing of a database."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from django.utils.text import slugify

from demo import art
from demo.goods import SHOPS
from demo.model import DemoShop, Good

FOLDER = "demo"
PROCESSES = 2


@dataclass(frozen=True, slots=True)
class View:
    """A picture of a good: the end of its name, its description, and the palette that it is drawn in."""

    end: str
    text: str
    palette: str


def picture_name(demo: DemoShop, good: Good) -> str:
    """Return the stem of a good's pictures."""
    return f"{demo.slug}-{slugify(good.title)}"


def views(good: Good) -> list[View]:
    """Return the pictures of a good: as a whole, from close by, and in its other colours."""
    own = next((f", {value.lower()}" for value, palette in good.colours.items() if palette == good.palette), "")
    others = [(value, palette) for value, palette in good.colours.items() if palette != good.palette]
    return [
        View("", f"{good.title}{own}", good.palette),
        View(f"-{art.CLOSE_UP}", f"{good.title}{own}, from close by", good.palette),
        *(View(f"-{slugify(value)}", f"{good.title}, {value.lower()}", palette) for value, palette in others),
    ]


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
        whole, _, *others = views(good)
        art.save_product_images(folder, name=name, kind=good.kind, palette=whole.palette, seed=art.seed_of(name))
        for view in others:
            art.save_whole_images(
                folder, name=f"{name}{view.end}", kind=good.kind, palette=view.palette, seed=art.seed_of(name)
            )
