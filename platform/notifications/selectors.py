"""Notifications in a person's inbox."""

from django.core.cache import cache
from django.db.models import QuerySet

from notifications.models import Notification

UNREAD_CACHE_SECONDS = 60
MAX_COUNTED = 100


def unread_cache_key(user_id: int) -> str:
    """Return the cache key of a person's unread count; people are in the public schema."""
    return f"public:notifications:unread:{user_id}"


def notifications_of(*, user_id: int) -> QuerySet[Notification]:
    """Return a person's notifications, the newest first."""
    return Notification.objects.filter(user_id=user_id).order_by("-id")


def unread_count(*, user_id: int) -> int:
    """Return the number of a person's unread notifications (at most 100), from the cache where it has it."""
    key = unread_cache_key(user_id)
    count: int | None = cache.get(key)
    if count is None:
        unread = Notification.objects.filter(user_id=user_id, read_at__isnull=True)
        count = unread.order_by("id")[:MAX_COUNTED].count()
        cache.set(key, count, UNREAD_CACHE_SECONDS)
    return count
