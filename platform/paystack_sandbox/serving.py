"""Serving of an API endpoint: key, faults, body, answer."""

import asyncio
import base64
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from paystack_sandbox.errors import ApiError, invalid
from paystack_sandbox.faults import ANSWER_KINDS, Fault
from paystack_sandbox.sandbox import Sandbox
from paystack_sandbox.store import dump

Json = dict[str, Any]
LOOPBACK = ("127.0.0.1", "::1", "localhost")
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
HTML_ERROR = (
    "<!doctype html><html lang=en><title>Service unavailable</title><h1>Please try again in a few minutes</h1></html>"
)


@dataclass(frozen=True, slots=True)
class Call:
    """A request in the form that endpoints get."""

    path: Mapping[str, Any]
    query: Mapping[str, str]
    body: Any


Endpoint = Callable[[Sandbox, Call], tuple[int, Json]]


class Answer(JSONResponse):
    """JSON in the compact form that Paystack sends."""

    def render(self, content: object) -> bytes:
        """Return the bytes of the body."""
        return dump(content).encode()


def sandbox_of(request: Request) -> Sandbox:
    """Return the sandbox that this request reached."""
    return cast("Sandbox", request.app.state.sandbox)


def serve(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """Wrap an endpoint of the Paystack API."""

    async def handle(request: Request) -> Response:
        sandbox = sandbox_of(request)
        if not _has_key(request, sandbox.config.secret_key):
            return refuse(ApiError("Invalid key", status=401, next_step="Use the secret key"))
        fault = sandbox.faults.take(*ANSWER_KINDS, method=request.method, path=request.url.path)
        if fault is None:
            return await answer(endpoint, request)
        response = await answer(endpoint, request) if fault.get("acts") else None
        if response is not None and fault.kind == "odd_answer":
            return odd_answer(fault, response)
        return await _faulty(fault, request) or response or await answer(endpoint, request)

    return handle


async def answer(endpoint: Endpoint, request: Request) -> Response:
    """Call an endpoint and convert its result to a response."""
    try:
        call = Call(request.path_params, request.query_params, await read_body(request))
        status, body = endpoint(sandbox_of(request), call)
    except ApiError as error:
        return refuse(error)
    return Answer(body, status)


def refuse(error: ApiError) -> Response:
    """Return a refusal in Paystack's shape."""
    return Answer(error.body(), error.status)


def odd_answer(fault: Fault, response: Response) -> Response:
    """Return an answer with other values in its data than are true, or with another body altogether."""
    if fault.get("raw") is not None:
        return Response(str(fault.get("raw")).encode("utf-8", "replace"), response.status_code, media_type=JSON)
    body, fields = json.loads(bytes(response.body)), fault.get("fields")
    data = body.get("data")
    body["data"] = [item | fields for item in data] if isinstance(data, list) else (data or {}) | fields
    return Answer(body, response.status_code)


async def read_body(request: Request) -> Any:
    """Return the body of a request, JSON or form; none is an empty object.

    Raises:
        ApiError: it is neither.
    """
    raw = await request.body()
    if not raw:
        return {}
    if request.headers.get("content-type", "").startswith(FORM):
        return dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True))
    try:
        body = json.loads(raw)
    except ValueError:
        raise invalid("The body is not valid JSON", "invalid_json") from None
    if not isinstance(body, dict | list):
        raise invalid("The body must be an object", "invalid_json")
    return body


def fields_of(call: Call) -> Json:
    """Return the body of a call that must be one object.

    Raises:
        ApiError: it is a list.
    """
    if not isinstance(call.body, dict):
        raise invalid("The body must be an object", "invalid_json")
    return call.body


def refuse_without_key(request: Request) -> Response | None:
    """Ask for the key where others than this machine can reach the controls, as a bearer or as a browser's password.

    A page of another site reaches this machine too, once its name leads here (DNS rebinding): other names need the key.
    """
    config = sandbox_of(request).config
    if (
        (config.host in LOOPBACK and _is_asked_by_own_name(request))
        or _has_key(request, config.secret_key)
        or _has_password(request, config.secret_key)
    ):
        return None
    refused = refuse(ApiError("Give the secret key", status=401, next_step="As bearer, or as the password of any name"))
    refused.headers["www-authenticate"] = 'Basic realm="Paystack sandbox"'
    return refused


def _is_asked_by_own_name(request: Request) -> bool:
    try:
        name = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    except ValueError:
        return False
    return name in (*LOOPBACK, urlsplit(sandbox_of(request).public_url).hostname) or name.endswith(".localhost")


def _has_password(request: Request, secret_key: str) -> bool:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        given = base64.b64decode(encoded, validate=True)
    except ValueError:
        return False
    return scheme.lower() == "basic" and hmac.compare_digest(given.partition(b":")[2], secret_key.encode())


def _has_key(request: Request, secret_key: str) -> bool:
    given = request.headers.get("authorization", "").encode()
    return hmac.compare_digest(given, f"Bearer {secret_key}".encode())


async def _faulty(fault: Fault, request: Request) -> Response | None:
    """Return the wrong answer of a fault, or None when it only kept the client waiting."""
    status = int(fault.get("status") or 500)
    if fault.kind == "timeout":
        is_waiting = await _hang(request, fault.get("seconds"))
        return None if is_waiting else refuse(ApiError("Nobody waited for the answer", status=504))
    if fault.kind == "html":
        return HTMLResponse(HTML_ERROR, status)
    if fault.kind == "not_found":
        return refuse(ApiError("Entity not found", status=status))
    if fault.kind == "rate_limit":
        response = refuse(ApiError("Too many requests", status=status, code="rate_limited"))
        limits = {"retry-after": str(fault.get("seconds")), "x-ratelimit-remaining": "0"}
        response.headers.update({**limits, "x-ratelimit-limit": "100"})
        return response
    return refuse(ApiError("An error occurred", status=status, code="api_error"))


async def _hang(request: Request, seconds: float | None) -> bool:
    """Send no answer, and return whether the client is still connected when the time is over."""

    async def client_leaves() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    await request.body()
    ends = {asyncio.ensure_future(client_leaves()), asyncio.ensure_future(sandbox_of(request).stopping.wait())}
    done, left = await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for task in left:
        task.cancel()
    return not done
