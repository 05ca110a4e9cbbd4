"""The one Redis client of a process."""

from functools import cache

import redis
from django.conf import settings


@cache
def client() -> "redis.Redis":
    """Return a pooled client that answers in text; safe to share between threads."""
    return redis.Redis.from_url(
        settings.REDIS_URL, decode_responses=True, socket_timeout=2, socket_connect_timeout=1, health_check_interval=30
    )


def prefixed(key: str) -> str:
    """Return a key in this installation's namespace."""
    return f"{settings.CACHES['default']['KEY_PREFIX']}:{key}"
