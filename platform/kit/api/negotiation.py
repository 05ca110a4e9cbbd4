"""Content negotiation for views that have one format."""

from collections.abc import Iterable
from typing import Any

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class OneFormat(DefaultContentNegotiation):
    """Answer in a view's only format, with any `Accept`; where a view has several, by `Accept`.

    A client library that prefers HTML gets the JSON that it can read, not an empty 406.
    """

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> Any:
        """Return a renderer and its media type."""
        choice = list(renderers)
        if len(choice) == 1 and format_suffix is None:
            return choice[0], choice[0].media_type
        return super().select_renderer(request, choice, format_suffix)

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> Any:
        """Return a parser; the first where its type is just the one that was sent, as is usual."""
        choice = list(parsers)
        if choice and choice[0].media_type == request.content_type:
            return choice[0]
        return super().select_parser(request, choice)
