"""Numbered pages of lists: the rows to read, and the links around them."""

import re
from dataclasses import dataclass
from math import ceil
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext

from kit.text.numbers import grouped

PAGE_SIZE = 25
MAX_PAGE = 100_000
DIGITS = re.compile(r"[0-9]{1,9}")
Row = TypeVar("Row", bound=Model)


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


def numbered_page(
    request: HttpRequest, rows: "QuerySet[Row]", *, size: int = PAGE_SIZE
) -> "tuple[QuerySet[Row], Pager]":
    """Return the rows of the page that the address asks for, and its links; the last page where there are fewer."""
    count, window = rows.count(), page_window(request, size=size)
    window = Window(page=min(window.page, max(ceil(count / size), 1)), size=size)
    return rows[window.offset : window.offset + size], pager(request, window, count)


def _page_url(request: HttpRequest, page: int) -> str:
    params = request.GET.copy()
    params.pop("page", None)
    if page > 1:
        params["page"] = str(page)
    return f"?{params.urlencode()}" if params else request.path
