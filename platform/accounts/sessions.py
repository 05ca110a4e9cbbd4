"""Sessions that are good at one host alone: the platform's with its shops' subdomains, or one shop's own domain."""

from typing import Any

from django.contrib.sessions.backends.cached_db import SessionStore as CachedStore
from django.core.cache import cache

from kit.db.roles import as_platform

HOST = "_host"
CACHED_SECONDS = 60


class _BriefCache:
    """The cache, for sessions: the database is asked again each minute.

    So a session that was ended while Redis was down, and could not be taken out of it, is over soon after.
    """

    def get(self, key: str) -> Any:
        """Return the stored value."""
        return cache.get(key)

    def set(self, key: str, data: Any, timeout: float) -> None:
        """Store a value for a short time."""
        cache.set(key, data, min(timeout, CACHED_SECONDS))

    def delete(self, key: str) -> None:
        """Delete the stored value."""
        cache.delete(key)

    def __contains__(self, key: str) -> bool:
        return key in cache


class PlatformStore(CachedStore):
    """A session in Redis and the database, whose statements the platform runs: no shop's role may see the table."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._cache = _BriefCache()

    def _get_session_from_db(self) -> Any:
        with as_platform():
            return super()._get_session_from_db()  # type: ignore[misc]

    def exists(self, session_key: str) -> bool:
        with as_platform():
            return bool(super().exists(session_key))

    def save(self, must_create: bool = False) -> None:
        with as_platform():
            super().save(must_create)

    def delete(self, session_key: str | None = None) -> None:
        with as_platform():
            super().delete(session_key)


class SessionStore(PlatformStore):
    """A session in Redis and the database, which is empty at any host but the one where it was begun.

    A session stolen at a shop's domain therefore opens neither the platform nor another shop, and the reverse.
    """

    bound_host = ""  # the platform's and its subdomains', which share a cookie

    def load(self) -> dict[str, Any]:
        """Return the session's data, or an empty one at another host than the one where it was begun."""
        data: dict[str, Any] = super().load()
        if data.get(HOST, "") == self.bound_host:
            return data
        self._session_key = None
        return {}

    def save(self, must_create: bool = False) -> None:
        """Store the session, with the host where it was begun."""
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        if self.bound_host:
            data[HOST] = self.bound_host
        super().save(must_create)
