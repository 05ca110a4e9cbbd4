"""Template data of the header on every page."""

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from kit.db.roles import as_platform
from kit.live import ask_address, rendered_at
from kit.web.live import watched
from notifications.selectors import unread_count


def unread_notifications(request: HttpRequest) -> dict[str, Any]:
    """Add the number of unread notifications; asked for only where it is shown, and only for people signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"unread_notifications": SimpleLazyObject(partial(_count, user.pk))}


def live_page(request: HttpRequest) -> dict[str, Any]:
    """Add the address at which a page asks for changes: of what it shows, and of its reader's notices."""
    user = getattr(request, "user", None)
    own = (f"person:{user.pk}",) if user is not None and user.is_authenticated else ()
    subjects = (*own, *watched(request))
    return {"live_address": ask_address(subjects), "live_since": rendered_at()} if subjects else {}


def _count(user_id: int) -> int:
    with as_platform():  # they are a person's, not a shop's
        return unread_count(user_id=user_id)
