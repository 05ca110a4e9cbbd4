"""Keyset cursors in URLs: the start or end of a page of listings."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from kit.errors import Fault, InvalidInputError

MAX_CURSOR = 400


@dataclass(frozen=True, slots=True)
class Cursor:
    """A position between two listings.

    Args:
        value: the sort value of the listing beside it.
        id: the listing beside it.
        is_backward: whether the page before it is wanted, not the one after.
        position: the number of listings before the page, for display; a cursor does not need it.
    """

    value: int | datetime
    id: UUID
    is_backward: bool
    position: int

    def encode(self) -> str:
        """Write the cursor for a URL."""
        value = self.value.isoformat() if isinstance(self.value, datetime) else self.value
        text = json.dumps([value, self.id.hex, int(self.is_backward), self.position], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(text: str, *, is_time: bool) -> Cursor:
    """Read a cursor from a URL.

    Args:
        text: what `encode` wrote.
        is_time: whether the sort value is a moment.

    Raises:
        InvalidInputError: it is not one of ours, or for another ordering.
    """
    try:
        text = text[:MAX_CURSOR]
        fields = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return _cursor(fields, is_time=is_time)
    except (ValueError, TypeError, binascii.Error, AttributeError, RecursionError, OverflowError) as error:
        message = gettext("This page is not part of the list any more. Start again from its first page.")
        raise InvalidInputError(message, details={"cursor": [Fault(message, "invalid_cursor")]}) from error


def _cursor(fields: Any, *, is_time: bool) -> Cursor:
    value, listing_id, is_backward, position = fields
    if is_time:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError
        return Cursor(moment, UUID(listing_id), bool(is_backward), max(0, int(position)))
    if not isinstance(value, int) or abs(value) >= 2**63:
        raise ValueError
    return Cursor(value, UUID(listing_id), bool(is_backward), max(0, int(position)))
