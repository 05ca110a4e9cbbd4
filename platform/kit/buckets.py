"""Buckets of an S3 as storages (docs/adr/0063). Loaded where a setting names a bucket: it needs the extra `s3`."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from kit.db.timeouts import UnreachableError

logger = logging.getLogger(__name__)

CONNECT_SECONDS, READ_SECONDS, TRIES = 3, 20, 3
IN_MEMORY_BYTES = 1024 * 1024  # of a file that is read; a larger one goes to a temporary file


class Bucket(S3Storage):
    """A bucket whose calls have timeouts, and whose failures are refusals that say to try again.

    Nothing is overwritten: a taken name is changed, as in a folder. A file that is opened has been fetched whole, so
    that reading it inside a transaction waits for no network.
    """

    def __init__(self, *, addressing_style: str, **options: Any) -> None:
        config = Config(
            signature_version="s3v4",
            s3={"addressing_style": addressing_style},
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": TRIES},
            # Checksums that Amazon's S3 alone knows are sent where a call requires one.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(
            client_config=config, file_overwrite=False, default_acl=None, max_memory_size=IN_MEMORY_BYTES, **options
        )

    def exists(self, name: str) -> bool:
        """Return whether the bucket has a file."""
        with _answering():
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        """Delete a file, if there is one."""
        with _answering():
            super().delete(name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        """Return the names of the folders and files in a folder."""
        with _answering():
            folders, files = super().listdir(name)
            return folders, files

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        with _answering():
            found: File[Any] = super()._open(name, mode)
            found.open()
            return found

    def _save(self, name: str, content: File[Any]) -> str:
        with _answering():
            return str(super()._save(name, content))


@contextmanager
def _answering() -> Iterator[None]:
    """Refuse with "try again" where the bucket does not answer, or does not let us in."""
    try:
        yield
    except (Boto3Error, BotoCoreError, ClientError) as error:
        logger.error("A bucket failed: %s", error)  # noqa: TRY400 - the message names the call; a trace adds nothing
        raise UnreachableError from error
