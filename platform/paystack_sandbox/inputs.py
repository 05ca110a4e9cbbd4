"""Reading of single parameters, as strict as Paystack is about them."""

import json
import re
from collections.abc import Mapping
from typing import Any

from paystack_sandbox.errors import invalid

WHOLE = re.compile(r"[1-9][0-9]{0,14}")


def read_text(asked: Mapping[str, Any], name: str) -> str:
    """Return a text parameter; a missing or null one is empty."""
    value = asked.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise invalid(f"{name} must be a string")
    return value


def read_amount(asked: Mapping[str, Any], name: str) -> int:
    """Return a positive number of minor units, given as an integer or as digits."""
    value = asked.get(name)
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise invalid("Invalid Amount Sent", "invalid_amount")
    if not WHOLE.fullmatch(str(value)):
        raise invalid("Invalid Amount Sent", "invalid_amount")
    return int(value)


def read_metadata(asked: Mapping[str, Any]) -> Any:
    """Return metadata as Paystack gives it back: an object if it is one, else the text, else ''."""
    value = asked.get("metadata")
    if value is None:
        return ""
    if isinstance(value, str):
        return _parsed(value)
    if isinstance(value, dict):
        return value
    raise invalid("metadata must be an object or a string", "invalid_metadata")


def _parsed(text: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, dict) else text
