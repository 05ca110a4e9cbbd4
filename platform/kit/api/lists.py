"""Lists of the API, in two styles: feeds by a cursor for what grows, numbered pages for what people edit.

Both have `page_size`, judged by one field, and answer with `next`, `previous` and `results`; numbered pages have
`count` too (docs/adr/0053-cursors-and-pages.md). A list that is short by its nature comes whole, as an array.
"""

from typing import Any, Protocol

from django.utils.translation import gettext
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from kit.api.input import query_of
from kit.web.paging import Window


class Cursors(Protocol):
    """The cursors of the parts of a feed around one of them; empty where there are none."""

    @property
    def previous_cursor(self) -> str:
        """Return the cursor of the part before it."""

    @property
    def next_cursor(self) -> str:
        """Return the cursor of the part after it."""


class FeedOutput(serializers.Serializer[Any]):
    """A part of a feed."""

    next = serializers.URLField(allow_null=True, help_text="The part that follows; follow it as it is.")
    previous = serializers.URLField(allow_null=True)


class PageOutput(serializers.Serializer[Any]):
    """A numbered page."""

    count = serializers.IntegerField(min_value=0, help_text="How many there are on all pages.")
    next = serializers.URLField(allow_null=True, help_text="The page that follows.")
    previous = serializers.URLField(allow_null=True)


def feed_place(request: Request) -> dict[str, Any]:
    """Return the place in a feed that a call asks for, as `read_slice` takes it."""
    asked = query_of(request)
    return {"cursor": asked["cursor"], "size": asked["page_size"]}


def feed_body(request: Request, found: Cursors, *, results: Any) -> dict[str, Any]:
    """Return a part of a feed as the API gives it."""
    return {
        "next": _beside(request, "cursor", found.next_cursor),
        "previous": _beside(request, "cursor", found.previous_cursor),
        "results": results,
    }


def asked_window(request: Request) -> Window:
    """Return the numbered page that a call asks for."""
    asked = query_of(request)
    return Window(page=asked["page"], size=asked["page_size"])


def page_body(request: Request, *, count: int, results: Any) -> dict[str, Any]:
    """Return a numbered page as the API gives it.

    Raises:
        NotFound: the list ends before this page.
    """
    window = asked_window(request)
    if window.page > 1 and window.offset >= count:
        raise NotFound(gettext("The list ends before this page."))
    has_next = window.offset + window.size < count
    return {
        "count": count,
        "next": _beside(request, "page", str(window.page + 1) if has_next else ""),
        "previous": _beside(request, "page", str(window.page - 1) if window.page > 1 else ""),
        "results": results,
    }


def _beside(request: Request, name: str, value: str) -> str | None:
    return replace_query_param(request.build_absolute_uri(), name, value) if value else None
