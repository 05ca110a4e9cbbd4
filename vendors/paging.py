"""Numbered pages of the shop's API."""

from typing import Any

from django.utils.translation import gettext
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from kit.api.input import query_of
from kit.web.paging import Window

API_PAGE_SIZE = 20


def api_window(request: Request) -> Window:
    """Return the page that a call asks for, by the `PageQuery` of its view."""
    asked = query_of(request)
    return Window(page=asked["page"], size=asked.get("page_size", API_PAGE_SIZE))


def api_page(request: Request, window: Window, *, count: int, results: Any) -> dict[str, Any]:
    """Return a page of a list as the API gives it.

    Raises:
        NotFound: the list ends before this page.
    """
    if window.page > 1 and window.offset >= count:
        raise NotFound(gettext("The list ends before this page."))
    here = request.build_absolute_uri()
    has_next = window.offset + window.size < count
    return {
        "count": count,
        "next": replace_query_param(here, "page", str(window.page + 1)) if has_next else None,
        "previous": replace_query_param(here, "page", str(window.page - 1)) if window.page > 1 else None,
        "results": results,
    }
