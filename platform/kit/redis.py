"""The one Redis client of a process."""

from functools import cache

import redis
from django.conf import settings
from redis.commands.core import Script


@cache
def client() -> "redis.Redis":
    """Return a pooled client that answers in text; safe to share between threads."""
    return redis.Redis.from_url(
        settings.REDIS_URL, decode_responses=True, socket_timeout=2, socket_connect_timeout=1, health_check_interval=30
    )


def prefixed(key: str) -> str:
    """Return a key in this installation's namespace."""
    return f"{settings.CACHES['default']['KEY_PREFIX']}:{key}"


@cache
def script(text: str) -> Script:
    """Return a Lua script to call with `keys` and `args`: all that it does happens at once, in one round trip."""
    return client().register_script(text)
