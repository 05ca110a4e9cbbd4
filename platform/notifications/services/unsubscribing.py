"""Letters that are declined by one click, from the mail program or on a page (RFC 8058)."""

from datetime import datetime

from django.conf import settings
from django.core import signing
from django.urls import reverse

from kit.web.hosts import platform_url
from notifications.errors import NotificationNotFoundError
from notifications.kinds import ONE_CLICK_UNSUBSCRIBED
from notifications.models import Channel, NoticeKind
from notifications.services.preferences import Choice, choose

_signer = signing.Signer(salt="notifications.unsubscribe")


def unsubscribe_url(*, user_id: int | None, kind: NoticeKind) -> str:
    """Return the address at which a person declines letters of a kind; empty where letters of it always arrive."""
    if user_id is None or kind not in ONE_CLICK_UNSUBSCRIBED:
        return ""
    token = _signer.sign(f"{user_id}-{kind}")
    return platform_url(reverse("notifications:unsubscribe", urlconf=settings.PUBLIC_SCHEMA_URLCONF, args=[token]))


def declined_kind(*, token: str) -> NoticeKind:
    """Return the kind of the letters that an address is about.

    Raises:
        NotificationNotFoundError: it is no address of ours.
    """
    return _read(token)[1]


def decline_letters(*, token: str, now: datetime) -> NoticeKind:
    """Switch a person's letters of a kind off; a second time changes nothing more. No sign-in: the address proves it.

    Raises:
        NotificationNotFoundError: it is no address of ours.
    """
    user_id, kind = _read(token)
    choose(user_id=user_id, choices=[Choice(kind, Channel.EMAIL, is_wanted=False)], now=now)
    return kind


def _read(token: str) -> tuple[int, NoticeKind]:
    try:
        user_id, _, kind = _signer.unsign(token).partition("-")
        return int(user_id), NoticeKind(kind)
    except (signing.BadSignature, ValueError) as error:
        raise NotificationNotFoundError from error
