"""A door: an address of the URL configuration, the callers that may open it, and the refusal of others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from importlib import import_module
from typing import Any

from django.urls import URLPattern, URLResolver

from tenants.access import Capability

PLATFORM, SHOP = "config.urls_platform", "config.urls_shop"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
ADMIN = "admin/"
PICTURE = "a picture"  # is sent as a file


class Kind(Enum):
    """Callers that may open a door."""

    PUBLIC = "everybody; nothing of anybody's is behind it"
    OWN = "people who have signed in; each finds their own things behind it"
    OWNED = "the person to whom the thing in the address belongs"
    KEYED = "who knows the key in the address or body; it is tried with a wrong one"
    STAFF = "the shop's staff, as far as their role goes"
    OPERATOR = "who works for the platform"
    ADMIN = "who may use the raw admin"


@dataclass(frozen=True)
class Door:
    """A line of the table.

    Args:
        methods: what it does, with the capability that each takes where it is a shop's.
        args: values for the address where they are not the usual ones; `@name` is another of `World.args`.
        path: the whole address, where a pattern can't be filled in.
        query: what comes after it when it is opened rightfully.
        holder: whose the thing in the address is, among the world's people.
        body: what is sent, where a thing is only looked for once the body makes sense.
        also: server errors that are no fault, such as "not ready".
        unproved: methods of which the rightful use is not tried, as it would ask a provider or need a body.
    """

    kind: Kind
    methods: dict[str, Capability | None]
    args: dict[str, str] = field(default_factory=dict)
    path: str = ""
    query: str = ""
    holder: str = "buyer"
    body: dict[str, Any] = field(default_factory=dict)
    also: frozenset[int] = frozenset()
    unproved: frozenset[str] = frozenset()
    urlconf: str = ""
    route: str = ""

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api/v1/")

    @property
    def is_read(self) -> bool:
        """Return whether looking through it is tried with the right key."""
        return "GET" in self.methods.keys() - self.unproved

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The kinds and names of what the address holds."""
        return [(kind or "str", name) for kind, name in PARAMETER.findall(self.route)]

    def __str__(self) -> str:
        return f"{'shop' if self.urlconf == SHOP else 'platform'}:/{self.route}"


def _door(kind: Kind, methods: tuple[str, ...], more: dict[str, Any]) -> Door:
    more |= {name: frozenset(more.get(name, ())) for name in ("unproved", "also")}
    return Door(kind, dict.fromkeys(methods or ("GET",)), **more)


def public(*methods: str, **more: Any) -> Door:
    """Open to everybody."""
    return _door(Kind.PUBLIC, methods, more)


def signed_in(*methods: str, **more: Any) -> Door:
    """Open to people who have signed in, for their own things."""
    return _door(Kind.OWN, methods, more)


def owned(*methods: str, **more: Any) -> Door:
    """Open to the one person to whom the thing in the address belongs."""
    return _door(Kind.OWNED, methods, more)


def keyed(*methods: str, **more: Any) -> Door:
    """Open to who knows a key."""
    return _door(Kind.KEYED, methods, more)


def operator(*methods: str, **more: Any) -> Door:
    """Open to operators."""
    return _door(Kind.OPERATOR, methods, more)


def staff(
    *,
    body: dict[str, Any] | None = None,
    args: dict[str, str] | None = None,
    unproved: tuple[str, ...] = (),
    **methods: Capability,
) -> Door:
    """Open to a shop's staff: `staff(GET=VIEW_ORDERS, POST=FULFIL_ORDERS)`."""
    return Door(Kind.STAFF, dict(methods), args=args or {}, body=body or {}, unproved=frozenset(unproved))


def patterns(urlconf: str) -> dict[str, URLPattern]:
    """Every route of a URL configuration; where two are the same, the first one answers."""
    found: dict[str, URLPattern] = {}
    for route, pattern in _walk(import_module(urlconf).urlpatterns, ""):
        found.setdefault(route, pattern)
    return found


def _walk(entries: list[URLPattern | URLResolver], prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for entry in entries:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route, entry
        else:
            yield from _walk(entry.url_patterns, route)


def unclassified(urlconf: str, table: dict[str, Door]) -> list[str]:
    """Routes that no line of the table is about; the raw admin has one rule for all of it."""
    return [route for route in patterns(urlconf) if route not in table and not route.startswith(ADMIN)]


def doors(urlconf: str, table: dict[str, Door]) -> list[Door]:
    """The lines of a table that exist in the URL configuration, with those of the raw admin."""
    found = []
    for route in patterns(urlconf):
        line = table.get(route)
        if line is None and route.startswith(ADMIN):
            line = Door(Kind.ADMIN, {"GET": None, "POST": None})
        if line is not None:
            values = {name: getattr(line, name) for name in line.__dataclass_fields__}
            found.append(Door(**values | {"urlconf": urlconf, "route": route}))
    return found


HOW_TO_CLASSIFY = """
{routes}

These addresses of {urlconf} are in no line of tests/isolation/{file}.py, so nobody tries their wrong keys.
Say who may open each, for instance:

    "dashboard/things/<uuid:thing_id>/": staff(GET=VIEW_THINGS, POST=MANAGE_THINGS),
    "api/v1/things/": signed_in("GET", "POST"),         # each person finds their own
    "api/v1/things/<uuid:thing_id>/": owned("GET"),     # the thing of one person
    "operator/things/": operator(),
    "things/": public(),
    "things/confirm/<str:key>/": keyed("POST"),         # tried with a wrong key

Name every method that it answers. A new <parameter> wants a value in tests/isolation/world.py that belongs to
the victim; a new kind of secret (an account number, an address) wants a marker there. See docs/isolation.md.
"""
