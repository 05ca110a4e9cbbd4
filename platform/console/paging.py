"""Keyset pages over a primary key that grows with time, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict

PAGE_SIZE = 25
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows, and where the rows before and after them are."""

    rows: Sequence[Row]
    previous_url: str
    next_url: str


def paginate(request: HttpRequest, rows: "QuerySet[Row]", *, size: int = PAGE_SIZE) -> Page[Row]:
    """Return the page that `?before=` or `?after=` asks for; what makes no sense leads to the first page.

    However deep, a page is one statement that reads an index from where the last one ended.
    """
    before, after = _key(request, rows, "before"), _key(request, rows, "after")
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: size + 1])
        shown = found[:size][::-1]
        return _page(request, shown, has_previous=len(found) > size, has_next=bool(shown))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: size + 1])
    return _page(request, found[:size], has_previous=before is not None, has_next=len(found) > size)


def _key(request: HttpRequest, rows: "QuerySet[Any]", name: str) -> Any:
    value = request.GET.get(name, "")
    if not value:
        return None
    try:
        return rows.model._meta.pk.to_python(value)  # noqa: SLF001 - Django's documented model API
    except (ValidationError, ValueError):
        return None


def _page(request: HttpRequest, rows: Sequence[Row], *, has_previous: bool, has_next: bool) -> Page[Row]:
    if not rows:
        return Page(rows, _url(request.GET) if has_previous else "", "")
    return Page(
        rows,
        _url(request.GET, after=rows[0].pk) if has_previous else "",
        _url(request.GET, before=rows[-1].pk) if has_next else "",
    )


def _url(query: QueryDict, **cursor: Any) -> str:
    """Return the query string with another place in the list and the same filters."""
    changed = query.copy()
    changed.pop("before", None)
    changed.pop("after", None)
    for name, value in cursor.items():
        changed[name] = str(value)
    return f"?{changed.urlencode()}"
