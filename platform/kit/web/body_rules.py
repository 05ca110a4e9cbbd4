"""Limits of the body that a view takes: its size, files, and the headers it needs to be read at all.

A view states its rule by a decorator; the server in front of Django (`kit.web.front`) looks it up before it reads a
body, and the middleware keeps to it whatever server is in front. Without a rule a view takes forms and JSON, no files.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import Any, TypeVar

from django.conf import settings
from django.urls import ResolverMatch, get_resolver
from django.urls.exceptions import Resolver404
from rest_framework.parsers import MultiPartParser

V = TypeVar("V")

Headers = Mapping[str, str]  # by names in small letters


@dataclass(frozen=True, slots=True)
class BodyRule:
    """Rule for the bodies that a view takes.

    Args:
        max_bytes: the largest body; None is the setting's (DATA_UPLOAD_MAX_MEMORY_SIZE, with files UPLOAD_MAX_BYTES).
        takes_files: whether files may be uploaded to it.
        needs_length: whether the length has to be in the headers.
        is_welcome: decides by headers and the address's parts whether to read the body; the view then refuses.
    """

    max_bytes: int | None = None
    takes_files: bool = False
    needs_length: bool = False
    is_welcome: Callable[[Headers, Mapping[str, Any]], bool] | None = None

    @property
    def limit(self) -> int:
        """Return the largest body in bytes."""
        if self.max_bytes is not None:
            return self.max_bytes
        limit: int = settings.UPLOAD_MAX_BYTES if self.takes_files else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        return limit

    def refusal(self, *, length: int | None) -> HTTPStatus | None:
        """Return the status with which a body is refused by its announced length, None where it may be read."""
        if length is None:
            return HTTPStatus.LENGTH_REQUIRED if self.needs_length else None
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE if length > self.limit else None


PLAIN = BodyRule()
FILES = BodyRule(takes_files=True)


def body_rule(rule: BodyRule) -> Callable[[V], V]:
    """Give a view, a function or a class, its rule."""

    def mark(view: V) -> V:
        view.body_rule = rule  # type: ignore[attr-defined]
        return view

    return mark


takes_files = body_rule(FILES)


def rule_of(view: Any) -> BodyRule:
    """Return the rule of a view as the addresses lead to it; an API's view that reads forms with files takes files."""
    kind = getattr(view, "view_class", None) or getattr(view, "cls", None)
    rule = getattr(view, "body_rule", None) or getattr(kind, "body_rule", None)
    if rule is None and MultiPartParser in getattr(kind, "parser_classes", ()):
        rule = FILES
    return rule or PLAIN


@lru_cache(maxsize=1024)
def rule_for(path: str) -> tuple[BodyRule, Mapping[str, Any]] | None:
    """Return the rule of the view for an address, and the address's parts; None where there is no view.

    Where both the platform and shops have the address, the view with the larger limit applies here; the middleware,
    which knows the host, decides.
    """
    urls = (settings.ROOT_URLCONF, settings.PUBLIC_SCHEMA_URLCONF)
    found = [(rule_of(match.func), match.kwargs) for each in urls if (match := _resolve(path, each))]
    return max(found, key=lambda rule: rule[0].limit, default=None)


def _resolve(path: str, urls: str) -> ResolverMatch | None:
    try:
        return get_resolver(urls).resolve(path)
    except Resolver404:
        return None
