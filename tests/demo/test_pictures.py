"""The drawn goods: every kind, the same picture twice, light enough for a page of twenty."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from demo.art import (
    KINDS,
    MOTIFS,
    PALETTE_NAMES,
    draw_banner,
    draw_logo,
    draw_product,
    save_product_images,
    save_shop_images,
    seed_of,
)
from tests.architecture.sources import ROOT

TWENTY_THUMBNAILS = 150 * 1024


def test_there_are_enough_kinds() -> None:
    assert len(KINDS) >= 40
    assert len(PALETTE_NAMES) >= 10


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_stands_out_from_an_empty_table(kind: str) -> None:
    picture = draw_product(kind, "teal", seed=3, size=96)
    assert picture.size == (96, 96)
    assert picture.mode == "RGB"
    middle = picture.crop((20, 20, 76, 80))
    assert max(ImageStat.Stat(middle).stddev) > 12


def test_the_same_arguments_give_the_same_picture() -> None:
    first, again = (draw_product("tote-bag", "indigo", seed=9, size=120) for _ in range(2))
    assert first.tobytes() == again.tobytes()


def test_palette_and_seed_change_the_picture() -> None:
    base = draw_product("tote-bag", "indigo", seed=1, size=120)
    for other in (
        draw_product("tote-bag", "red", seed=1, size=120),
        draw_product("tote-bag", "indigo", seed=2, size=120),
    ):
        assert ImageChops.difference(base, other).getbbox() is not None


@pytest.mark.parametrize(("kind", "palette"), [("spaceship", "indigo"), ("mug", "invisible")])
def test_unknown_names_are_refused(kind: str, palette: str) -> None:
    with pytest.raises(KeyError):
        draw_product(kind, palette, seed=1, size=48)


def test_saved_pictures_have_both_sizes(tmp_path: Path) -> None:
    files = save_product_images(tmp_path, name="mug", kind="mug", palette="plum", seed=5)
    for size, file in files.items():
        with Image.open(file) as image:
            assert image.size == (size, size)
            assert image.format == "WEBP"


def test_a_page_of_thumbnails_is_light(tmp_path: Path) -> None:
    every_fourth = KINDS[::4]
    weight = 0
    for number, kind in enumerate(every_fourth):
        palette = PALETTE_NAMES[number % len(PALETTE_NAMES)]
        files = save_product_images(tmp_path, name=kind, kind=kind, palette=palette, seed=number)
        weight += files[400].stat().st_size
    assert weight / len(every_fourth) * 20 <= TWENTY_THUMBNAILS


def test_a_shop_gets_a_banner_and_a_logo(tmp_path: Path) -> None:
    files = save_shop_images(
        tmp_path, name="shop", initial="k", palette="marigold", motif="ankara", seed=4, kinds=("pot", "lamp")
    )
    with Image.open(files["banner"]) as banner, Image.open(files["logo"]) as logo:
        assert banner.size == (1280, 320)
        assert logo.size == (256, 256)


@pytest.mark.parametrize("motif", MOTIFS)
def test_every_motif_covers_banner_and_logo(motif: str) -> None:
    assert draw_banner("olive", motif, 1, size=(320, 80)).size == (320, 80)
    assert draw_logo("olive", motif, "o", 1, size=48).size == (48, 48)


def test_seeds_come_from_names() -> None:
    assert seed_of("tote") == seed_of("tote")
    assert seed_of("tote") != seed_of("pot")


@pytest.mark.parametrize(("module", "is_loaded"), [("demo.drawing", True), ("demo.pictures", False)])
def test_pictures_are_drawn_in_processes_without_settings(module: str, is_loaded: bool) -> None:
    """They are spawned: a module that needs Django set up does not load there, as the one that copies to a bucket."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"}
    ended = subprocess.run(
        [sys.executable, "-c", f"import {module}"], env=environment, capture_output=True, check=False
    )
    assert (ended.returncode == 0) is is_loaded, ended.stderr
