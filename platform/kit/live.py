"""Live pages: a page asks each second whether something that it shows has changed (docs/adr/0080-live-pages.md).

Each subject (an order, a person's notices, a shop's orders) has the time of its last change in Redis, written after the
commit. A page's address for asking names its subjects and is signed, so an answer needs neither session nor database.
"""

import logging
import time
from collections.abc import Iterable, Sequence
from functools import partial

from django.core import signing
from django.db import transaction
from redis.exceptions import RedisError

from kit.db import redis

logger = logging.getLogger(__name__)

PREFIX = "/live/"
KEPT_SECONDS = 24 * 3600  # longer than a page is open unchanged
SEPARATOR = ","
MARGIN_MS = 2_000  # before a page was rendered: what changed while it was made is asked for once more
_signer = signing.Signer(salt="kit.live")


def touch(*subjects: str) -> None:
    """Have open pages that show some subjects ask for their changes, after the commit; never raises."""
    if subjects:
        transaction.on_commit(partial(_touch, subjects), robust=True)


def ask_address(subjects: Sequence[str]) -> str:
    """Return the address at which a page asks for changes of its subjects."""
    return f"{PREFIX}{_signer.sign(SEPARATOR.join(subjects))}/"


def rendered_at() -> int:
    """Return the time in milliseconds since which a page that is made now asks for changes."""
    return int(time.time() * 1000) - MARGIN_MS


def subjects_of(token: str) -> list[str]:
    """Return the subjects of a page's address for asking.

    Raises:
        signing.BadSignature: we have given no page this address.
    """
    return _signer.unsign(token).split(SEPARATOR)


def keys_of(subjects: Iterable[str]) -> list[str]:
    """Return the keys in Redis of some subjects."""
    return [redis.prefixed(f"live:{subject}") for subject in subjects]


def tag_of(times: Iterable[str | None]) -> str:
    """Return the ETag of a page's subjects: the time of the last change, in milliseconds."""
    return f'"{max((int(each) for each in times if each), default=0)}"'


def _touch(subjects: Sequence[str]) -> None:
    now = str(int(time.time() * 1000))
    try:
        with redis.client().pipeline(transaction=False) as pipe:
            for key in keys_of(subjects):
                pipe.set(key, now, ex=KEPT_SECONDS)
            pipe.execute()
    except RedisError as error:
        logger.warning("Open pages are not told of a change: %s", error)
