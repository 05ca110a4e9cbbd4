"""Pages of a list, with Paystack's `meta`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from paystack_sandbox.clock import from_iso
from paystack_sandbox.errors import invalid
from paystack_sandbox.sandbox import Sandbox
from paystack_sandbox.store import Row

PAGE_SIZE, LARGEST_PAGE = 50, 500


@dataclass(slots=True)
class Filters:
    """Conditions of a list, built up one by one."""

    conditions: list[str] = field(default_factory=lambda: ["1"])
    values: list[object] = field(default_factory=list)

    def add(self, condition: str, value: object) -> None:
        """Add a condition with one `?`, unless there is nothing to compare with."""
        if value not in (None, ""):
            self.conditions.append(condition)
            self.values.append(value)

    @property
    def where(self) -> str:
        """Return the SQL of all conditions."""
        return " AND ".join(self.conditions)


def dated(query: Mapping[str, str], column: str) -> Filters:
    """Return filters with the `from` and `to` of a query on a time column."""
    filters = Filters()
    for name, sign in (("from", ">="), ("to", "<=")):
        if query.get(name):
            filters.add(f"{column} {sign} ?", _moment(name, query[name]))
    return filters


def list_page(
    sandbox: Sandbox, *, select: str, filters: Filters, order: str, query: Mapping[str, str]
) -> tuple[list[Row], dict[str, Any]]:
    """Return the rows of the page that was asked for, newest first, and its `meta`."""
    size = min(_number(query.get("perPage") or query.get("per_page"), PAGE_SIZE), LARGEST_PAGE)
    page = _number(query.get("page"), 1)
    skipped = (page - 1) * size
    found = f"{select} WHERE {filters.where}"
    total = sandbox.store.number(f"SELECT COUNT(*) FROM ({found})", *filters.values)  # noqa: S608 - our own SQL
    rows = sandbox.store.all(f"{found} ORDER BY {order} DESC LIMIT ? OFFSET ?", *filters.values, size, skipped)
    meta = {
        "total": total,
        "skipped": skipped,
        "perPage": size,
        "page": page,
        "pageCount": -(-total // size),
    }
    return rows, meta


def _number(text: str | None, fallback: int) -> int:
    if not text:
        return fallback
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise invalid("perPage and page must be positive numbers")
    return int(text)


def _moment(name: str, text: str) -> float:
    try:
        return from_iso(text)
    except ValueError:
        raise invalid(f"{name} must be an ISO 8601 time") from None
