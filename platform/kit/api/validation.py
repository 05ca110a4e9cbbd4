"""Validate input against a serializer, without creating its fields again for each request."""

from functools import cache
from typing import Any, cast

from rest_framework.serializers import BaseSerializer, ListSerializer, Serializer

from kit.api.plain_input import NotPlainError, Reader, refuse


def checked(kind: type[Serializer[Any]], data: Any) -> dict[str, Any]:
    """Return the validated data.

    Fields are copied deeply for each instance of a serializer, which on the way of every purchase costs more than the
    checks themselves. `run_validation` keeps nothing on the instance, so one serves all threads. For serializers that
    neither save nor look at the request.

    Raises:
        rest_framework.exceptions.ValidationError: by field, as `is_valid(raise_exception=True)` has it.
    """
    found: dict[str, Any] = _checked(kind, {} if data is None else data)
    return found


def checked_list(kind: type[ListSerializer[Any]], data: Any) -> list[dict[str, Any]]:
    """Return the validated entries of a list, as `checked` does the data of an object.

    Raises:
        rest_framework.exceptions.ValidationError: by entry and field.
    """
    found: list[dict[str, Any]] = _checked(kind, data)
    return found


def _checked(kind: Any, data: Any) -> Any:
    serializer, read = _checker(kind)
    try:
        return read(data)
    except NotPlainError:
        return serializer.run_validation(data)


@cache
def _checker(kind: type[BaseSerializer[Any]]) -> tuple[BaseSerializer[Any], Reader]:
    """Return a serializer for all requests, and its reader of plain bodies."""
    serializer = kind()
    return serializer, cast("Any", serializer).plain_reader() if hasattr(kind, "plain_reader") else refuse
