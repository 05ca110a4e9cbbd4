"""The one reader of the environment."""

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()


def whole_number(name: str, *, default: int) -> int:
    """Read a whole number, written in plain digits.

    Raises:
        ImproperlyConfigured: it is something else.
    """
    text = env.str(name, default="").strip() or str(default)
    if not (text.isascii() and text.isdecimal()):
        raise ImproperlyConfigured(f"{name} must be a whole number such as 0 or 1, not {text!r}.")
    return int(text)
