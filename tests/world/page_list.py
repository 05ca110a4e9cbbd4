"""The pages that the URL configurations name, and the page that an address leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, get_resolver, resolve

from tests.world.visitor import BASE_DOMAIN

URL_CONFIGURATIONS = {"platform": "config.urls_platform", "shop": "config.urls_shop"}
NO_PAGES = re.compile(r"\^?(api/|admin/|health|static/|media/|metrics|webhooks/|own/|push/)")
ARGUMENT = re.compile(r"[<(\[]")


def plain_paths(site: str) -> list[str]:
    """Return the paths of a site that take no arguments."""
    return [
        f"/{path}"
        for path in _paths(get_resolver(URL_CONFIGURATIONS[site]))
        if not (NO_PAGES.match(path) or ARGUMENT.search(path))
    ]


def page_of(address: str) -> str:
    """Return the page that an address of the market leads to, as `site view`; nothing where it leads to none."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if not host.endswith(BASE_DOMAIN) or NO_PAGES.match(parts.path[1:]):
        return ""
    site = "platform" if host == BASE_DOMAIN else "shop"
    try:
        return f"{site} {resolve(parts.path, URL_CONFIGURATIONS[site]).view_name}"
    except Resolver404:
        return ""


def _paths(resolver: Any, before: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        path = before + str(pattern.pattern).removeprefix("^").removesuffix("$").removesuffix(r"\Z")
        if hasattr(pattern, "url_patterns"):
            yield from _paths(pattern, path)
        else:
            yield path
