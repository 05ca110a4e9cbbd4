"""The one reader of the environment."""

import re
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

KINDS = {int: "a whole number", float: "a number", bool: "true or false"}
TRUE, FALSE = environ.Env.BOOLEAN_TRUE_STRINGS, ("false", "off", "no", "n", "0", "")
DATABASES = frozenset({"postgres", "postgresql"})
REDIS = frozenset({"redis", "rediss", "unix"})
LAST_PORT = 65_535
USUAL_PORTS = {"http": "80", "https": "443"}
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
ORIGIN = re.compile(rf"(?P<scheme>https?)://(?:{LABEL}(?:\.{LABEL})*|\[[0-9a-f:.]+\])(?::(?P<port>[1-9][0-9]{{0,4}}))?")
WEB_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(?:/[A-Za-z0-9._~/-]*)?")


class Environment(environ.Env):
    """Environment that refuses a value of another kind by the variable's name."""

    def get_value(self, var: str, cast: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Return a variable's value.

        Raises:
            ImproperlyConfigured: it is of another kind.
        """
        if cast is bool and self.ENVIRON.get(var, "").strip().lower() not in (*TRUE, *FALSE):
            raise _refused(var, KINDS[bool], self.ENVIRON[var])
        try:
            return super().get_value(var, cast, *args, **kwargs)
        except ValueError as error:
            raise _refused(var, KINDS.get(cast, "written otherwise"), self.ENVIRON.get(var, "")) from error


def _refused(name: str, kind: str, text: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} must be {kind}, not {text!r}. Correct it, or leave it unset.")


env = Environment()


def whole_number(name: str, *, default: int) -> int:
    """Read a whole number, written in plain digits.

    Raises:
        ImproperlyConfigured: it is something else.
    """
    text = env.str(name, default="").strip() or str(default)
    if not (text.isascii() and text.isdecimal()):
        raise ImproperlyConfigured(f"{name} must be a whole number such as 0 or 1, not {text!r}.")
    return int(text)


def port(name: str, *, default: int) -> int:
    """Read a port.

    Raises:
        ImproperlyConfigured: there is no such port.
    """
    found: int = env.int(name, default=default)
    if not 0 < found <= LAST_PORT:
        raise ImproperlyConfigured(f"{name} must be a port from 1 to {LAST_PORT}, not {found}.")
    return found


def database(name: str, *, default: str) -> dict[str, Any]:
    """Read a database's address.

    Raises:
        ImproperlyConfigured: it is not one of a PostgreSQL database.
    """
    if not _is_address(env.str(name, default=default), DATABASES) or not urlsplit(env.str(name, default)).path[1:]:
        raise ImproperlyConfigured(
            f"{name} must be a database's address, such as postgresql://user:password@localhost:5432/kasuwa."
        )
    found: dict[str, Any] = env.db_url(name, default=default)
    return found


def redis_address(name: str, *, default: str) -> str:
    """Read the address of a Redis.

    Raises:
        ImproperlyConfigured: it is something else.
    """
    found: str = env.str(name, default=default)
    if not _is_address(found, REDIS):
        raise ImproperlyConfigured(f"{name} must be a Redis's address, such as redis://localhost:6379/0.")
    return found


def web_address(name: str, *, default: str) -> str:
    """Read an address that browsers or programs call over HTTP, without a slash at its end; "" where unset.

    Raises:
        ImproperlyConfigured: it is something else.
    """
    found = env.str(name, default=default).strip().removesuffix("/")
    if found and not WEB_ADDRESS.fullmatch(found):
        raise ImproperlyConfigured(
            f"{name} must be an address such as https://s3.example.com, without a password and without ? or #."
        )
    return str(found)


def origins(name: str) -> frozenset[str]:
    """Read origins as browsers send them (RFC 6454, section 6.1), with commas between them; none where unset.

    Raises:
        ImproperlyConfigured: one is no origin, and so would never be met.
    """
    found = frozenset(text.strip() for text in env.list(name, default=[]) if text.strip())
    for text in sorted(found):
        if not _is_origin(text):
            raise ImproperlyConfigured(
                f"{name} must be origins in small letters, without paths, wildcards or the scheme's usual port, such "
                f"as https://shop.example.com,http://localhost:3000; {text!r} is none."
            )
    return found


def _is_origin(text: str) -> bool:
    found = ORIGIN.fullmatch(text)
    if found is None or found["port"] == USUAL_PORTS[found["scheme"]]:
        return False
    return found["port"] is None or 0 < int(found["port"]) <= LAST_PORT


def _is_address(text: str, schemes: frozenset[str]) -> bool:
    """Return whether a text is a URL of one of these schemes; it is never shown, for it may hold a password."""
    try:
        parts = urlsplit(text)
        return parts.scheme in schemes and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
