"""Redis cache for Django that makes its client once and keeps serving while Redis is down."""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache as DjangoRedisCache
from django.core.cache.backends.redis import RedisCacheClient
from redis.exceptions import RedisError

from kit.db.redis import TIMEOUTS, OutagePool

logger = logging.getLogger(__name__)

T = TypeVar("T")


class _KeptClient(RedisCacheClient):
    def __init__(self, servers: Any, **options: Any) -> None:
        super().__init__(servers, **{"pool_class": OutagePool, **TIMEOUTS, **options})
        self._kept: dict[Any, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """Return the client of a pool; it is safe to share between threads."""
        pool = self._get_connection_pool(write)  # type: ignore[attr-defined]
        client = self._kept.get(pool)
        if client is None:
            client = self._kept[pool] = self._client(connection_pool=pool)  # type: ignore[attr-defined]
        return client


class RedisCache(DjangoRedisCache):
    """The cache. While Redis is down nothing is found in it, and nothing is kept: everybody reads past it."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _KeptClient

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return a cached value, else the default."""
        return _past(lambda: super(RedisCache, self).get(key, default, version), default)

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        """Return the cached values of many keys."""
        wanted = list(keys)
        return _past(lambda: super(RedisCache, self).get_many(wanted, version), {})

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep something."""
        _past(lambda: super(RedisCache, self).set(key, value, timeout, version), None)

    def set_many(
        self, data: Mapping[Any, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> list[Any]:
        """Keep many things; return the keys of those that could not be kept."""
        return _past(lambda: super(RedisCache, self).set_many(dict(data), timeout, version), list(data))

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Cache a value under an unused key; return whether the key was unused."""
        return _past(lambda: super(RedisCache, self).add(key, value, timeout, version), True)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Extend the lifetime of a cached value; return whether there was one."""
        return _past(lambda: super(RedisCache, self).touch(key, timeout, version), False)

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Delete a cached value; return whether there was one."""
        return _past(lambda: super(RedisCache, self).delete(key, version), False)

    def delete_many(self, keys: Iterable[Any], version: int | None = None) -> None:
        """Drop many things."""
        dropped = list(keys)
        _past(lambda: super(RedisCache, self).delete_many(dropped, version), None)

    def has_key(self, key: Any, version: int | None = None) -> bool:
        """Return whether a key is cached."""
        return _past(lambda: super(RedisCache, self).has_key(key, version), False)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Count up something that is there.

        Raises:
            ValueError: it is not.
        """
        try:
            return int(super().incr(key, delta, version))
        except RedisError as error:
            raise ValueError(f"Key {key!r} not found.") from error


def _past(act: Callable[[], Any], otherwise: T) -> T:
    try:
        done: T = act()
    except RedisError as error:
        logger.warning("The cache does not answer (%s); it is read past.", error)
        return otherwise
    return done
