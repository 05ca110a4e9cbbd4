"""The page that a visitor came from, for links that lead back."""

from collections.abc import Collection
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve

from kit.web.headers import header_of

LONGEST = 1000


def page_before(request: HttpRequest, *, views: Collection[str], carried: str = "") -> str:
    """Return the path and query of the page before, if it is one of some pages of this host; else nothing.

    Args:
        views: names of the pages, such as `discovery:search`.
        carried: an address that a form or a link passed on; it comes first.
    """
    return next((address for address in (carried, referring_path(request)) if _is_one_of(address, views)), "")


def referring_path(request: HttpRequest) -> str:
    """Return the path and query of the page before; nothing where it is on another host."""
    try:
        parts = urlsplit(header_of(request, "Referer")[:LONGEST])
    except ValueError:
        return ""
    is_here = parts.netloc == request.get_host()
    return parts._replace(scheme="", netloc="", fragment="").geturl() if is_here else ""


def _is_one_of(address: str, views: Collection[str]) -> bool:
    """Return whether an address is a path of ours that leads to one of the pages."""
    if not address.startswith("/") or address.startswith(("//", "/\\")) or len(address) > LONGEST:
        return False
    try:
        return resolve(urlsplit(address).path).view_name in views
    except (Resolver404, ValueError):
        return False
