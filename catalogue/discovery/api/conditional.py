"""Reads that anybody may make, with entity tags."""

import hashlib
from types import SimpleNamespace
from typing import Any, ClassVar, NamedTuple, cast

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalogue.discovery.selectors import versions
from kit.api.envelope import envelope
from kit.api.release import release_view

TAG_LENGTH = 32
JSON = "application/json"
HEADERS = {"Cache-Control": "public, no-cache", "Vary": "Accept"}


class Answer(NamedTuple):
    """An encoded body and its entity tag."""

    tag: str
    content: bytes

    def respond(self, request: HttpRequest | Request) -> HttpResponse:
        """Send the answer, or 304 where the caller has it already (RFC 9110, section 13)."""
        known = request.headers.get("If-None-Match")
        if known and not {self.tag, "*"}.isdisjoint(item.strip() for item in known.split(",")):
            return HttpResponseNotModified(headers=HEADERS | {"ETag": self.tag})
        return HttpResponse(self.content, content_type=JSON, headers=HEADERS | {"ETag": self.tag})


def answer_of(data: Any) -> Answer:
    """Put data in the envelope and encode it, once."""
    content = envelope(data)
    return Answer(f'W/"{hashlib.sha256(content).hexdigest()[:TAG_LENGTH]}"', content)


class PublicReadApi(APIView):
    """A read that is the same for all callers, so that none is authenticated."""

    authentication_classes: tuple[type[BaseAuthentication], ...] = ()
    permission_classes = (AllowAny,)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, and release the view where the answer does not name it."""
        answer = super().dispatch(request, *args, **kwargs)
        if not isinstance(answer, Response):
            release_view(self)
        return answer


class RememberedReadApi(PublicReadApi):
    """A read whose encoded answers are cached by address, until a version under `version_key` changes.

    A cached answer is sent before REST framework sets up anything; callers are counted all the same.
    """

    version_key: ClassVar[str]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send the cached answer, or let the view make it."""
        self._place, kept = versions.recall(version_key=self.version_key, name=_address(request))
        if kept is not None and request.method in {"GET", "HEAD"} and self._has_room(request):
            response = Answer(*kept).respond(request)
            response["Allow"] = self.default_response_headers["Allow"]
            release_view(self)
            return response
        return super().dispatch(request, *args, **kwargs)

    def remember(self, request: Request, data: Any, *, seconds: int = versions.LIFETIME_SECONDS) -> HttpResponseBase:
        """Send new data, and remember it, for less time where it is known to change."""
        answer = answer_of(data)
        if seconds > 0:
            self._place.keep(tuple(answer), seconds=seconds)
        return answer.respond(request)

    def _has_room(self, request: HttpRequest) -> bool:
        """Count the caller, by address; a refused one is not counted, because REST framework counts it again."""
        caller = cast("Request", SimpleNamespace(user=None, META=request.META, headers=request.headers))
        return all(throttle.allow_request(caller, self) for throttle in self.get_throttles())


def _address(request: HttpRequest) -> str:
    """Return the whole address: links in an answer repeat it."""
    found = request.META
    return f"{request.scheme}://{found.get('HTTP_HOST')}{found['PATH_INFO']}?{found.get('QUERY_STRING')}"
