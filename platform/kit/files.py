"""Files in the storages, each in its owner's folder; no file outside that folder is opened, written or deleted.

File names come from rows, and rows come from archives too, so each name is checked against its owner's folder. Nothing
else of the product touches a storage (tests/architecture/test_file_access.py).
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage, default_storage, storages

from kit.web.hosts import platform_url

logger = logging.getLogger(__name__)

MEDIA, PRIVATE = "default", "private"
LONGEST_NAME = 200
SIGNED_SECONDS = 60
# No part begins with a dot, so none leads up.
PLAIN = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")


def is_plain_name(name: str) -> bool:
    """Return whether a name has the form of ours: relative, below where it starts, without odd characters."""
    return len(name) <= LONGEST_NAME and PLAIN.fullmatch(name) is not None


def media_url(name: str) -> str:
    """Return the address of a file in the media storage; empty for a name that does not have our form."""
    if not is_plain_name(name):
        return ""
    # The address that the storage would return; it joins and quotes, and a list has dozens.
    return f"{settings.MEDIA_URL}{name}"


def full_media_url(name: str) -> str:
    """Return the address of a file in the media storage with its host: the storage's own, or the platform's.

    It does not depend on the host that is asked, so that an answer can be kept and sent on all of them.
    """
    found = media_url(name)
    return platform_url(found) if found.startswith("/") and not found.startswith("//") else found


@dataclass(frozen=True, slots=True)
class Folder:
    """An owner's folder in a storage, the only place where its files are.

    Args:
        storage: `MEDIA`, which addresses lead to, or `PRIVATE`, which none does.
        path: such as `shops/7/`.
    """

    storage: str
    path: str

    def __post_init__(self) -> None:
        if not self.path.endswith("/") or not is_plain_name(self.path.removesuffix("/")):
            raise ValueError(f"{self.path!r} is not a folder.")

    def holds(self, name: str) -> bool:
        """Return whether a name is inside the folder, whether or not the file exists."""
        return name.startswith(self.path) and is_plain_name(name)

    def save(self, name: str, content: File[Any]) -> str:
        """Write a file; return its name, which differs from the given one if that is taken.

        Raises:
            ValueError: the name is outside the folder.
        """
        if not self.holds(name):
            raise ValueError(f"{name!r} is not in {self.path}.")
        return self._files.save(name, content)

    def open(self, name: str) -> File[Any]:
        """Open a file for reading.

        Raises:
            FileNotFoundError: the folder has no such file.
        """
        if not self.holds(name):
            raise FileNotFoundError(f"{name!r} is not in {self.path}.")
        return self._files.open(name)

    def signed_address(self, name: str, *, parameters: dict[str, str]) -> str:
        """Return an address that opens a private file for a minute; "" where the storage has no addresses.

        Args:
            parameters: what the bucket is to send along, in the words of S3's GetObject.
        """
        files = self._files
        if not getattr(files, "querystring_auth", False) or not self.holds(name):
            return ""
        return str(files.url(name, parameters=parameters, expire=SIGNED_SECONDS))  # type: ignore[call-arg]

    def exists(self, name: str) -> bool:
        """Return whether the folder has a file."""
        return self.holds(name) and self._files.exists(name)

    def delete(self, name: str) -> bool:
        """Delete a file of the folder; return False, and delete nothing, for a name outside it."""
        if not self.holds(name):
            if name:
                logger.warning("%r is not in %s and was left alone.", name, self.path)
            return False
        self._files.delete(name)
        return True

    def names(self) -> Iterator[str]:
        """Yield the names of all files in the folder."""
        yield from _names_below(self._files, self.path.removesuffix("/"))

    @property
    def _files(self) -> Storage:
        return default_storage if self.storage == MEDIA else storages[self.storage]


def _names_below(files: Storage, path: str) -> Iterator[str]:
    try:
        folders, names = files.listdir(path)
    except FileNotFoundError:
        return
    for name in names:
        yield f"{path}/{name}"
    for folder in folders:
        yield from _names_below(files, f"{path}/{folder}")
