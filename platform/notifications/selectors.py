"""What is in a person's inbox."""

from django.core.cache import cache
from django.db.models import QuerySet

from notifications.models import Notification

UNREAD_CACHE_SECONDS = 60
MAX_COUNTED = 100


def unread_cache_key(user_id: int) -> str:
    """Return where a person's count is kept; people live in the public schema."""
    return f"public:notifications:unread:{user_id}"


def notifications_of(*, user_id: int) -> QuerySet[Notification]:
    """Return a person's notifications, the newest first."""
    return Notification.objects.filter(user_id=user_id).order_by("-id")


def unread_count(*, user_id: int) -> int:
    """Return how many a person has not read (at most 100), from the cache where it is known."""
    key = unread_cache_key(user_id)
    count: int | None = cache.get(key)
    if count is None:
        unread = Notification.objects.filter(user_id=user_id, read_at__isnull=True)
        count = unread.order_by("id")[:MAX_COUNTED].count()
        cache.set(key, count, UNREAD_CACHE_SECONDS)
    return count
