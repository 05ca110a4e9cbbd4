"""Storages of uploaded files: folders of the data directory, or buckets of an S3 (docs/adr/0063)."""

import re
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.settings.parts.env import env, web_address

PICTURE_SECONDS = 24 * 3600  # for which browsers keep a picture; a new one has a new name
# Amazon's rules without dots: no certificate covers a host with one more of them.
BUCKET = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")


def _bucket_name(name: str) -> str:
    found: str = env.str(name, default="").strip()
    if found and not BUCKET.fullmatch(found):
        raise ImproperlyConfigured(
            f"{name} must be a bucket's name: 3 to 63 small letters, digits and hyphens, not {found!r}."
        )
    return found


# For pictures, which everybody may read, and for files that are given by signed addresses alone.
MEDIA_BUCKET = _bucket_name("MEDIA_BUCKET")
PRIVATE_BUCKET = _bucket_name("PRIVATE_BUCKET")
S3_REGION = env.str("S3_REGION", default="us-east-1")
S3_ENDPOINT_URL = web_address("S3_ENDPOINT_URL", default="")
S3_ACCESS_KEY = env.str("S3_ACCESS_KEY", default="")
S3_SECRET_KEY = env.str("S3_SECRET_KEY", default="")
# Where browsers load pictures from: a CDN before the bucket, else the bucket itself.
MEDIA_BUCKET_URL = web_address("MEDIA_BUCKET_URL", default="")

if MEDIA_BUCKET and MEDIA_BUCKET == PRIVATE_BUCKET:
    raise ImproperlyConfigured("MEDIA_BUCKET and PRIVATE_BUCKET must be two buckets: everybody may read the first.")
if bool(S3_ACCESS_KEY) != bool(S3_SECRET_KEY):
    raise ImproperlyConfigured("Set both S3_ACCESS_KEY and S3_SECRET_KEY, or neither for the machine's own role.")
if (MEDIA_BUCKET or PRIVATE_BUCKET) and not (find_spec("storages") and find_spec("boto3")):
    raise ImproperlyConfigured(
        "MEDIA_BUCKET and PRIVATE_BUCKET need packages that are not installed. Run `uv sync --extra s3`, or unset them."
    )


def media_url() -> str:
    """Return the address that names of pictures are added to."""
    if not MEDIA_BUCKET:
        return "/media/"
    if MEDIA_BUCKET_URL:
        return f"{MEDIA_BUCKET_URL}/"
    if S3_ENDPOINT_URL:
        return f"{S3_ENDPOINT_URL}/{MEDIA_BUCKET}/"
    return f"https://{MEDIA_BUCKET}.s3.{S3_REGION}.amazonaws.com/"


def bucket(name: str, **options: Any) -> dict[str, Any]:
    """Return a storage that keeps its files in a bucket."""
    return {
        "BACKEND": "kit.buckets.Bucket",
        "OPTIONS": {
            "bucket_name": name,
            "region_name": S3_REGION,
            "endpoint_url": S3_ENDPOINT_URL or f"https://s3.{S3_REGION}.amazonaws.com",
            # Amazon has a host for each bucket; others need not.
            "addressing_style": "path" if S3_ENDPOINT_URL else "virtual",
            "access_key": S3_ACCESS_KEY or None,
            "secret_key": S3_SECRET_KEY or None,
            **options,
        },
    }


def pictures(*, otherwise: dict[str, Any]) -> dict[str, Any]:
    """Return the storage of pictures: their bucket if one is named."""
    if not MEDIA_BUCKET:
        return otherwise
    address = urlsplit(media_url())
    return bucket(
        MEDIA_BUCKET,
        querystring_auth=False,
        custom_domain=f"{address.netloc}{address.path.removesuffix('/')}",
        url_protocol=f"{address.scheme}:",
        object_parameters={"CacheControl": f"public, max-age={PICTURE_SECONDS}"},
    )


def private_files(*, otherwise: dict[str, Any]) -> dict[str, Any]:
    """Return the storage of files that no lasting address leads to: their bucket if one is named."""
    return bucket(PRIVATE_BUCKET, querystring_auth=True) if PRIVATE_BUCKET else otherwise
