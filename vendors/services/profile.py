"""The shop's face: words, logo and banner together."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import Any, BinaryIO

from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image, ImageOps

from catalogue.services.pictures import QUALITY, open_picture
from kit.errors import InvalidInputError
from kit.ids import access_key
from kit.web.versions import Seen
from tenants.models import Shop
from tenants.shops.files import shop_media
from tenants.shops.profile import PROFILE, update_profile
from tenants.shops.selectors import lock_shop

# Width and height of stored pictures; uploads are cut to that shape from their middle.
SIZES = {"logo": (256, 256), "banner": (1280, 320)}


def save_profile(
    *,
    shop: Shop,
    fields: dict[str, Any],
    uploads: dict[str, BinaryIO],
    removes: frozenset[str] = frozenset(),
    actor_id: int,
    now: datetime,
    seen: Seen = None,
    seen_fields: Collection[str] = tuple(PROFILE),
) -> Shop:
    """Change a shop's profile and pictures; replaced files are deleted after the commit.

    Args:
        uploads: new pictures, by `logo` and `banner`.
        seen: the `profile_version` of `seen_fields` that the change was made from.
        removes: pictures to remove without a replacement.

    Raises:
        InvalidInputError: a picture is not one that we take; nothing is changed.
        ChangedMeanwhileError: the profile was changed meanwhile; nothing is written.
    """
    opened = {name: _opened(name, upload) for name, upload in uploads.items()}
    changes = dict(fields) | dict.fromkeys(removes - opened.keys(), "")
    stored = {name: _store(shop, name, image) for name, image in opened.items()}
    with _taken_back(shop, list(stored.values())), transaction.atomic():
        replaced = lock_shop(shop_id=shop.pk)
        changed = update_profile(
            shop_id=shop.pk, actor_id=actor_id, now=now, seen=seen, seen_fields=seen_fields, **changes, **stored
        )
        for name in SIZES:
            before = getattr(replaced, name)
            if before != getattr(changed, name):
                transaction.on_commit(partial(shop_media(shop.pk).delete, before))
    return changed


def _opened(name: str, upload: BinaryIO) -> Image.Image:
    try:
        return open_picture(upload)
    except InvalidInputError as error:
        raise InvalidInputError(error.message, details={name: error.details["image"]}) from error


def _store(shop: Shop, name: str, image: Image.Image) -> str:
    buffer = BytesIO()
    ImageOps.fit(image, SIZES[name], Image.Resampling.LANCZOS).save(buffer, "WEBP", quality=QUALITY, method=4)
    folder = shop_media(shop.pk)
    return folder.save(f"{folder.path}profile/{name}-{access_key()}.webp", ContentFile(buffer.getvalue()))


@contextmanager
def _taken_back(shop: Shop, files: list[str]) -> Iterator[None]:
    """Delete files that were stored for a change that is not made."""
    try:
        yield
    except Exception:
        for file in files:
            shop_media(shop.pk).delete(file)
        raise
