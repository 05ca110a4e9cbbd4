"""Cache of the shop for each host: in the process for seconds, in Redis for a minute.

An entry names the version of its host that was current before the database was read, and is good only as long as that
is the version. So a reader that overlaps with a commit cannot store outdated values. An unknown host is never cached: a
new shop is found at once, everywhere.
"""

import logging
import threading
import time
from typing import Any
from uuid import uuid4

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

LOCAL_SECONDS = 5.0
SHARED_SECONDS = 60
VERSION_SECONDS = 3600
LOCAL_HOSTS = 2_000

Values = dict[str, Any]
_local: dict[str, tuple[float, Values]] = {}
_lock = threading.Lock()


def remembered(host: str) -> Values | None:
    """Return the shop's columns if the process remembers the host."""
    entry = _local.get(host)
    return entry[1] if entry is not None and entry[0] > time.monotonic() else None


def shared(host: str) -> tuple[Values | None, str | None]:
    """Return the shop's columns if Redis remembers the host, and the host's version to store under."""
    keys = (_version_key(host), _entry_key(host))
    try:
        found = cache.get_many(keys)
    except RedisError:
        logger.warning("Redis is down; hosts are looked up in the database.")
        return None, None
    version = found.get(keys[0], "")
    entry = found.get(keys[1])
    if entry is not None and entry[0] == version:
        _keep(host, entry[1])
        return entry[1], version
    return None, version


def remember(host: str, values: Values, *, version: str | None) -> None:
    """Cache a host; `version` is the one that `shared` returned before the database was read."""
    _keep(host, values)
    if version is None:
        return
    try:
        cache.set(_entry_key(host), (version, values), SHARED_SECONDS)
    except RedisError:
        logger.warning("Redis is down; %s is remembered by this process alone.", host)


def forget(*hosts: str) -> None:
    """Forget hosts: here at once, in other processes within seconds."""
    with _lock:
        for host in hosts:
            _local.pop(host, None)
    try:
        cache.set_many({_version_key(host): uuid4().hex for host in hosts}, VERSION_SECONDS)
    except RedisError:
        logger.warning("Redis is down; changed hosts are forgotten as their entries expire.")


def clear_process() -> None:
    """Forget all that this process remembers."""
    with _lock:
        _local.clear()


def _keep(host: str, values: Values) -> None:
    with _lock:
        if len(_local) >= LOCAL_HOSTS:
            _local.clear()
        _local[host] = (time.monotonic() + LOCAL_SECONDS, values)


def _entry_key(host: str) -> str:
    return f"host:{host}"


def _version_key(host: str) -> str:
    return f"host-version:{host}"
