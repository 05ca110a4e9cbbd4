"""Notifications on the site."""

from collections.abc import Collection
from datetime import datetime
from functools import partial

from django.core.cache import cache
from django.db import transaction

from kit.db.roles import as_platform
from kit.live import touch
from notifications.errors import NotificationNotFoundError
from notifications.models import Channel, Notification
from notifications.selectors import unread_cache_key
from notifications.services.preferences import is_wanted


def notify(*, user_id: int, kind: str, title: str, body: str, url: str, dedup_key: str, now: datetime) -> None:
    """Notify a person who wants it, once for each key; call it inside the transaction of the change.

    Args:
        kind: the notice's kind, such as `order.paid`; it picks the icon.
        url: the notice's link, a path on the platform or a full address of ours.
        dedup_key: a second notice with the same key to the same person is not written.
    """
    if not is_wanted(name=kind, channel=Channel.IN_APP, user_id=user_id):
        return
    message = Notification(
        user_id=user_id,
        kind=kind,
        title=_cut(title, 120),
        body=_cut(body, 300),
        url=url,
        dedup_key=dedup_key,
        created_at=now,
    )
    with as_platform():
        Notification.objects.bulk_create([message], ignore_conflicts=True)
    _forget_count(user_id)


def mark_read(*, user_id: int, notification_id: int, now: datetime) -> Notification:
    """Mark a notification as read; a second time changes nothing.

    Raises:
        NotificationNotFoundError: this person has no such notification.
    """
    own = Notification.objects.filter(pk=notification_id, user_id=user_id)
    if own.filter(read_at__isnull=True).update(read_at=now):
        _forget_count(user_id)
    message = own.first()
    if message is None:
        raise NotificationNotFoundError
    return message


def mark_read_by_key(*, user_id: int, keys: Collection[str], now: datetime) -> int:
    """Mark a person's notices with some keys as read, of things that they have seen elsewhere; return the number."""
    with as_platform():
        found = Notification.objects.filter(user_id=user_id, dedup_key__in=keys, read_at__isnull=True)
        marked = found.update(read_at=now)
    if marked:
        _forget_count(user_id)
    return marked


def mark_all_read(*, user_id: int, now: datetime) -> int:
    """Mark all notifications as read; return the number that were unread."""
    marked = Notification.objects.filter(user_id=user_id, read_at__isnull=True).update(read_at=now)
    _forget_count(user_id)
    return marked


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _forget_count(user_id: int) -> None:
    transaction.on_commit(partial(cache.delete, unread_cache_key(user_id)), robust=True)
    touch(f"person:{user_id}")
