"""The demo's drawn pictures, put where the addresses of pictures lead."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.core.files.base import File

from demo.drawing import FOLDER
from kit.files import MEDIA, Folder

COPIES_AT_ONCE = 8


def copy_to_bucket(media_root: Path) -> None:
    """Copy the drawn files to the bucket of pictures; those of an earlier demo are there already."""
    bucket = Folder(MEDIA, f"{FOLDER}/")
    paths = sorted((media_root / FOLDER).iterdir())
    with ThreadPoolExecutor(COPIES_AT_ONCE) as pool:
        for copied in [pool.submit(_copy, bucket, path) for path in paths]:
            copied.result()


def _copy(bucket: Folder, path: Path) -> None:
    name = f"{bucket.path}{path.name}"
    if not bucket.exists(name):
        with path.open("rb") as file:
            bucket.save(name, File(file))
