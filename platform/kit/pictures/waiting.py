"""Let one picture at a time be decoded on a machine, whichever process or thread has it."""

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext

from kit.errors import BusyError

WAIT_SECONDS = 5.0
POLL_SECONDS = 0.02


def decoding_lock_file() -> Path:
    """Return the file whose lock is held while a picture is decoded; on this machine's own disk."""
    return Path(tempfile.gettempdir()) / f"kasuwa-pictures-{os.getuid()}.lock"


@contextmanager
def decoding_lock() -> Iterator[None]:
    """Hold the machine's lock for a block; its memory is then needed once, however many uploads arrive.

    Raises:
        BusyError: others held it for `WAIT_SECONDS`.
    """
    descriptor = os.open(decoding_lock_file(), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        _acquire(descriptor)
        yield
    finally:
        os.close(descriptor)  # gives the lock back; a process that dies does so too


def _acquire(descriptor: int) -> None:
    ends_at = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= ends_at:
                raise BusyError(
                    gettext("Many pictures are arriving right now. Please try again in a few seconds.")
                ) from None
            time.sleep(POLL_SECONDS)
        else:
            return
