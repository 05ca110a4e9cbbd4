"""Addresses of lists: all filters are in the URL, and changing one keeps the others."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, QueryDict

PLACE = ("cursor",)


class Links:
    """Build addresses of the page that is shown, with something changed."""

    def __init__(self, request: HttpRequest) -> None:
        self._path = request.path
        self._params: QueryDict = request.GET.copy()
        for name in [name for name, values in self._params.lists() if not any(values)]:
            del self._params[name]

    def with_value(self, **changes: str) -> str:
        """Return the address with some parameters set, from the first page on; empty ones are left out."""
        params = self._params.copy()
        for name in PLACE:
            params.pop(name, None)
        for name, value in changes.items():
            params.pop(name, None)
            if value:
                params[name] = value
        return self._join(params)

    def without(self, name: str, value: str = "") -> str:
        """Return the address without a parameter, or without one of its values."""
        params = self._params.copy()
        for place in PLACE:
            params.pop(place, None)
        rest = [kept for kept in params.getlist(name) if value and kept != value]
        params.setlist(name, rest)
        return self._join(params)

    def only(self, values: Mapping[str, Any]) -> str:
        """Return the address with nothing but some parameters."""
        params = QueryDict(mutable=True)
        for name, value in values.items():
            if value:
                params[name] = str(value)
        return self._join(params)

    def _join(self, params: QueryDict) -> str:
        text = params.urlencode()
        return f"{self._path}?{text}" if text else self._path
