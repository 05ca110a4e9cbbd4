"""A request's id in its answer and in every log line."""

import logging
import re
from contextvars import ContextVar, Token

from django.db import connection

from kit.ids import uuid7

_current: ContextVar[str] = ContextVar("request_id", default="-")
ACCEPTED = re.compile(r"[A-Za-z0-9_.-]{8,64}")


def current_request_id() -> str:
    """Return the id of the request that is being answered, or `-`."""
    return _current.get()


def chosen_request_id(asked: str) -> str:
    """Return the id that a caller gives a request where it is harmless, else a new one."""
    return asked if ACCEPTED.fullmatch(asked) else uuid7().hex


def begin_request(request_id: str) -> Token[str]:
    """Have every log line carry an id, until `end_request` is called with what is returned."""
    return _current.set(request_id)


def end_request(begun: Token[str]) -> None:
    """Have log lines carry the id that they had before."""
    _current.reset(begun)


class RequestIdFilter(logging.Filter):
    """Add the request's id and the schema to log records.

    Django logs a refusal when the request has left all middleware, and names the request in the record.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = getattr(getattr(record, "request", None), "request_id", None) or current_request_id()
        record.schema = getattr(connection, "schema_name", "-")
        return True
