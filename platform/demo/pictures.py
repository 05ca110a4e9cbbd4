"""The demo's drawn pictures, put where the addresses of pictures lead."""

from functools import partial
from pathlib import Path

from django.core.files.base import File

from demo.drawing import FOLDER
from kit.db import side_by_side
from kit.files import MEDIA, Folder

COPIES_AT_ONCE = 8


def copy_to_bucket(media_root: Path) -> None:
    """Copy the drawn files to the bucket of pictures; those of an earlier demo are there already."""
    bucket = Folder(MEDIA, f"{FOLDER}/")
    paths = sorted((media_root / FOLDER).iterdir())
    for _ in side_by_side.run(partial(_copy, bucket), paths, threads=COPIES_AT_ONCE):
        pass


def _copy(bucket: Folder, path: Path) -> str:
    name = f"{bucket.path}{path.name}"
    if not bucket.exists(name):
        with path.open("rb") as file:
            bucket.save(name, File(file))
    return name
