"""Addresses of pictures in the media storage."""

from pathlib import PurePosixPath

from django import template
from django.core.files.storage import default_storage

register = template.Library()
SMALL = "_400"


@register.filter
def media_url(name: str | None) -> str:
    """Return the address of a stored file, or nothing for nothing."""
    return default_storage.url(name) if name else ""


@register.filter
def media_small(name: str | None) -> str:
    """Return the address of a picture's small version, which stands beside the large one."""
    if not name:
        return ""
    path = PurePosixPath(name)
    return default_storage.url(str(path.with_name(f"{path.stem}{SMALL}{path.suffix}")))
