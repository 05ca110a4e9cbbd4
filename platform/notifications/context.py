"""Template data of the header on every page."""

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from kit.db.roles import as_platform
from notifications.selectors import unread_count


def unread_notifications(request: HttpRequest) -> dict[str, Any]:
    """Add the number of unread notifications; asked for only where it is shown, and only for people signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"unread_notifications": SimpleLazyObject(partial(_count, user.pk))}


def _count(user_id: int) -> int:
    with as_platform():  # they are a person's, not a shop's
        return unread_count(user_id=user_id)
