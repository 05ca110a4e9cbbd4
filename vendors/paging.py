"""Numbered pages of lists that selectors read a slice at a time."""

import re
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from kit.api.input import query_of
from kit.text.numbers import grouped

PAGE_SIZE = 25
API_PAGE_SIZE = 20
MAX_PAGE = 100_000
DIGITS = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Window:
    """Range of rows to read."""

    page: int
    size: int

    @property
    def offset(self) -> int:
        """Return the first row's place in the whole list."""
        return (self.page - 1) * self.size


@dataclass(frozen=True, slots=True)
class Pager:
    """Links below a list."""

    previous_url: str
    next_url: str
    text: str


def page_window(request: HttpRequest, *, size: int = PAGE_SIZE) -> Window:
    """Return the page that the address asks for; what makes no sense leads to the first."""
    asked = request.GET.get("page", "")
    page = int(asked) if DIGITS.fullmatch(asked) else 1
    return Window(page=min(max(page, 1), MAX_PAGE), size=size)


def pager(request: HttpRequest, window: Window, count: int) -> Pager:
    """Return the links to the pages around this one; all filters stay."""
    last = max(ceil(count / window.size), 1)
    first_row, last_row = window.offset + 1, min(window.offset + window.size, count)
    return Pager(
        previous_url=_page_url(request, min(window.page - 1, last)) if window.page > 1 else "",
        next_url=_page_url(request, window.page + 1) if window.page < last else "",
        text=(
            gettext("%(first_row)s–%(last_row)s of %(count)s")
            % {"first_row": grouped(first_row), "last_row": grouped(last_row), "count": grouped(count)}
        )
        if last_row >= first_row
        else "",
    )


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


def _page_url(request: HttpRequest, page: int) -> str:
    params = request.GET.copy()
    params.pop("page", None)
    if page > 1:
        params["page"] = str(page)
    return f"?{params.urlencode()}" if params else request.path
