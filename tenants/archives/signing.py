"""The seal on an archive's manifest, by which this market knows the archives that it wrote itself.

The manifest holds the checksum of every file, so its seal covers the whole archive.
"""

from enum import Enum
from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from tenants.archives.package import said_as_json

FIELD = "signature"
SALT = "tenants.archives.manifest"


class Signature(Enum):
    """Origin of an archive, as its signature proves it."""

    OURS = "ours"
    NONE = "none"
    FOREIGN = "foreign"


def signed(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return a manifest with its seal, an HMAC-SHA256 (RFC 2104) by this market's key."""
    return {**manifest, FIELD: _seal(manifest, settings.SECRET_KEY)}


def check_signature(manifest: dict[str, Any]) -> Signature:
    """Return whether a manifest is as this market sealed it, now or by an earlier key of its."""
    said = manifest.get(FIELD)
    if said is None:
        return Signature.NONE
    unsigned = {name: value for name, value in manifest.items() if name != FIELD}
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    is_ours = isinstance(said, str) and any(constant_time_compare(said, _seal(unsigned, key)) for key in keys)
    return Signature.OURS if is_ours else Signature.FOREIGN


def _seal(manifest: dict[str, Any], key: str) -> str:
    return salted_hmac(SALT, said_as_json(manifest).encode(), secret=key, algorithm="sha256").hexdigest()
