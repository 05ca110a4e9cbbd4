"""Notifications on the site."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class SiteNotice:
    """A notice to a person; see `notify`."""

    user_id: int
    kind: str
    title: str
    body: str
    url: str
    dedup_key: str


def notify_each(notices: Sequence[SiteNotice], *, now: datetime) -> None:
    """Notify many people of what always arrives on the site, each once for its key, in one statement of the platform's.

    Where a kind can be switched off, the choices of each person are read by themselves.
    """
    wanted = [each for each in notices if is_wanted(name=each.kind, channel=Channel.IN_APP, user_id=each.user_id)]
    if not wanted:
        return
    Notification.objects.bulk_create([_row(each, now) for each in wanted], ignore_conflicts=True)
    people = sorted({each.user_id for each in wanted})
    keys = [unread_cache_key(user_id) for user_id in people]
    transaction.on_commit(partial(cache.delete_many, keys), robust=True)
    touch(*(f"person:{user_id}" for user_id in people))


def notify(*, user_id: int, kind: str, title: str, body: str, url: str, dedup_key: str, now: datetime) -> None:
    """Notify a person who wants it, once for each key; call it inside the transaction of the change.

    Args:
        kind: the notice's kind, such as `order.paid`; it picks the icon.
        url: the notice's link, a path on the platform or a full address of ours.
        dedup_key: a second notice with the same key to the same person is not written.
    """
    if not is_wanted(name=kind, channel=Channel.IN_APP, user_id=user_id):
        return
    notice = SiteNotice(user_id, kind, title, body, url, dedup_key)
    with as_platform():
        Notification.objects.bulk_create([_row(notice, now)], ignore_conflicts=True)
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


def _row(notice: SiteNotice, now: datetime) -> Notification:
    return Notification(
        user_id=notice.user_id,
        kind=notice.kind,
        title=_cut(notice.title, 120),
        body=_cut(notice.body, 300),
        url=notice.url,
        dedup_key=notice.dedup_key,
        created_at=now,
    )


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _forget_count(user_id: int) -> None:
    transaction.on_commit(partial(cache.delete, unread_cache_key(user_id)), robust=True)
    touch(f"person:{user_id}")
