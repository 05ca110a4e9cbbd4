"""Every answer of the API that any test receives is one that its description names: status, code, headers and body."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache, partial
from typing import Any, NamedTuple

from django.conf import settings
from django.http.response import HttpResponseBase
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

from kit.api.moments import FORM
from tests.world.made_once import made_once

# Text that says a moment, in whichever form.
A_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")
URLCONFS = ("config.urls_platform", "config.urls_shop")
JSON = "application/json"
# Answers of the layer around the operations: an address has no such method.
ELSEWHERE = {405: {"method_not_allowed"}}
DOCUMENTED_HEADERS = ("ETag", "X-Cart-Token", "Retry-After", "Idempotent-Replayed", "Location")


class UndescribedAnswerError(AssertionError):
    """The API gave an answer that its description does not name."""


class Operation(NamedTuple):
    """An operation of one host."""

    urlconf: str
    path: str
    method: str
    described: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path} ({self.described['operationId']}, {self.urlconf})"


@cache
def description_of(urlconf: str) -> dict[str, Any]:
    """Return the description of a host's API, as programs read it; making it takes seconds."""
    as_sent: dict[str, Any] = json.loads(made_once(f"{urlconf}.json", partial(_describe, urlconf)))
    return as_sent


def _describe(urlconf: str) -> str:
    with translation.override("en"):
        return json.dumps(SchemaGenerator(urlconf=urlconf).get_schema(request=None, public=True), default=str)


def check_answer(*, method: str, path: str, response: HttpResponseBase, urlconf: str) -> None:
    """Refuse an answer that the description of its operation does not name.

    Raises:
        UndescribedAnswerError: it does not.
    """
    operation = find_operation(urlconf=urlconf, method=method, path=path)
    if operation is None or (response.status_code == 500):
        return
    body = getattr(response, "content", b"") if not response.streaming else b""
    if faults := list(_faults(operation, response, body)):
        raise UndescribedAnswerError(f"{operation} → {response.status_code}: {'; '.join(faults)}. {body[:400]!r}")


def find_operation(*, urlconf: str, method: str, path: str) -> Operation | None:
    """Return the operation that a request is a call of."""
    for pattern, template in _templates(urlconf):
        if pattern.fullmatch(path) and (found := description_of(urlconf)["paths"][template].get(method.lower())):
            return Operation(urlconf, template, method.lower(), found)
    return None


@cache
def _templates(urlconf: str) -> list[tuple[re.Pattern[str], str]]:
    """Return the addresses, those without parameters first."""
    paths = sorted(description_of(urlconf)["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))), path) for path in paths]


def _faults(operation: Operation, response: HttpResponseBase, body: bytes) -> Any:
    status = response.status_code
    described = operation.described["responses"].get(str(status))
    sent = json.loads(body) if body and response.headers.get("Content-Type", "").startswith(JSON) else None
    code = (sent or {}).get("code") if status >= 400 else None
    if code is not None and (sent or {}).get("request_id") != response.headers.get("X-Request-ID"):
        yield "the body does not name the request as its header does"
    if code is not None and code in ELSEWHERE.get(status, ()):
        return
    if described is None:
        yield f"the status is not described (code {code})"
        return
    content = described.get("content", {})
    if code is not None and code not in content.get(JSON, {}).get("examples", {}):
        yield f"the code {code} is not described"
    if response.headers.get("Content-Type", "").partition(";")[0] not in {*content, ""} and body:
        yield f"the content type {response.headers['Content-Type']} is not described"
    yield from (
        f"the header {name} is not described"
        for name in DOCUMENTED_HEADERS
        if name in response.headers and name not in described.get("headers", {})
    )
    yield from (f"{place}: {text} is not in the API's form of moments" for place, text in _other_moments(sent, "$"))
    if sent is not None and JSON in content:
        validator = _validator(operation.urlconf, operation.path, operation.method, str(status))
        yield from (f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(sent))


def _other_moments(part: Any, place: str) -> Iterator[tuple[str, str]]:
    """Yield the moments of an answer that are not in UTC with `Z` and milliseconds."""
    if isinstance(part, dict):
        for name, value in part.items():
            yield from _other_moments(value, f"{place}.{name}")
    elif isinstance(part, list):
        for value in part:
            yield from _other_moments(value, f"{place}[]")
    elif isinstance(part, str) and A_MOMENT.fullmatch(part) and not FORM.fullmatch(part):
        yield place, part


@cache
def _validator(urlconf: str, path: str, method: str, status: str) -> Draft202012Validator:
    whole = description_of(urlconf)
    schema = whole["paths"][path][method]["responses"][status]["content"][JSON]["schema"]
    return Draft202012Validator({"components": whole["components"], "allOf": [schema]})


def urlconf_of(response: Any) -> str:
    """Return the URL configuration that a request of the test client was routed by."""
    request = getattr(response, "wsgi_request", None)
    return str(getattr(request, "urlconf", None) or settings.ROOT_URLCONF)
