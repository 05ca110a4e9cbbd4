"""The server's side of the market: an RSGI application that calls a WSGI one when there is nothing left to wait for.

A request waits as a coroutine, which costs a few kilobytes, until its body is there; only then it takes one of a few
threads. So neither slow bodies nor slow headers nor slow readers keep a thread (docs/adr/0033).
"""

import asyncio
import json
import logging
from collections.abc import Mapping
from http import HTTPStatus

from kit.errors import error_body
from kit.request_id import begin_request, chosen_request_id, end_request
from kit.web.body_middleware import PROGRAMS, REFUSED
from kit.web.body_reading import Body, BodyRefusedError, Budget, Deadlines, read_body
from kit.web.body_rules import rule_for
from kit.web.direct_steps import step_directly
from kit.web.front_ends import cors_headers
from kit.web.live_front import LiveAnswers, is_question
from kit.web.request_threads import RequestThreads
from kit.web.rsgi import Exchange, HeaderList, Scope
from kit.web.wsgi_bridge import Application, Call, environ_of

logger = logging.getLogger(__name__)

LIVE = "/health/live"
LIVE_ANSWER = b'{"status": "ok"}'
NOT_KEPT = ("cache-control", "no-store")
JSON: HeaderList = [("content-type", "application/json"), NOT_KEPT]
TEXT: HeaderList = [("content-type", "text/plain; charset=utf-8"), NOT_KEPT]
WORDS = {
    HTTPStatus.REQUEST_TIMEOUT: "This request took too long to arrive. Please try again.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "This request is larger than we take here.",
    HTTPStatus.BAD_REQUEST: "This request ended too early.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Many people are here right now. Please try again in a few seconds.",
}
CODES = {
    HTTPStatus.REQUEST_TIMEOUT: "request_timeout",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "body_too_large",
    HTTPStatus.BAD_REQUEST: "body_incomplete",
    HTTPStatus.SERVICE_UNAVAILABLE: "busy",
}
RETRY_AFTER = ("retry-after", "2")
ASKS_AGAIN = ("refresh", "5")  # a page that was asked for is asked for again by the browser itself


class Front:
    """Reads bodies, then calls the application in one of its threads.

    Args:
        threads: requests that are worked on at once.
        waiting: requests whose body is there and that wait for a thread; one more is answered 503.
    """

    def __init__(self, application: Application, *, threads: int, waiting: int) -> None:
        self._application = application
        self._count = threads
        self._most_waiting = max(1, waiting)
        self._budget = Budget()

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        step_directly(loop)
        self._deadlines = Deadlines(loop)
        self._threads = RequestThreads(count=self._count)
        self._live = LiveAnswers()

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._threads.close()
        self._live.close()

    async def __rsgi__(self, scope: Scope, exchange: Exchange) -> None:
        """Answer a request."""
        if scope.path == LIVE:  # says that this process answers, however busy its threads are
            exchange.response_bytes(HTTPStatus.OK, JSON, LIVE_ANSWER)
            return
        if is_question(scope):  # open pages ask each second
            await self._live.answer(scope, exchange)
            return
        if self._threads.waiting >= self._most_waiting:
            _refuse(scope, exchange, HTTPStatus.SERVICE_UNAVAILABLE)
            return
        body, refusal = None, None
        if announces_body(scope):
            try:
                body, refusal = await self._take_body(scope, exchange)
            except BodyRefusedError as error:
                if not error.is_answered:
                    _refuse(scope, exchange, error.status)
                return
        await self._call(scope, exchange, body, refusal)

    async def _take_body(self, scope: Scope, exchange: Exchange) -> tuple[Body | None, HTTPStatus | None]:
        """Return the body, or the status of the refusal; neither where the view does not read a body."""
        found = rule_for(scope.path)
        if found is None:
            return None, None
        rule, parts = found
        if rule.is_welcome and not rule.is_welcome(_by_name(scope), parts):
            return None, None
        length = announced_length(scope)
        if (refusal := rule.refusal(length=length)) is not None:
            return None, refusal
        body = await read_body(
            exchange,
            length=length,
            limit=rule.limit,
            budget=self._budget,
            deadlines=self._deadlines,
            on_late=lambda: _refuse(scope, exchange, HTTPStatus.REQUEST_TIMEOUT),
        )
        return body, None

    async def _call(self, scope: Scope, exchange: Exchange, body: Body | None, refusal: HTTPStatus | None) -> None:
        try:
            await self._threads
            environ = environ_of(scope, body=body.file if body else None, size=body.size if body else 0)
            if refusal is not None:
                environ[REFUSED] = int(refusal)
            Call(self._application, environ, exchange).run()
        finally:
            if body is not None:
                body.close()


def announces_body(scope: Scope) -> bool:
    """Return whether a request has a body to read."""
    length = scope.headers.get("content-length")
    return (length is not None and length != "0") or scope.headers.get("transfer-encoding") is not None


def announced_length(scope: Scope) -> int | None:
    """Return the length in the headers, None for a body in chunks."""
    length = scope.headers.get("content-length") or ""
    return int(length) if length.isdecimal() else None


def _by_name(scope: Scope) -> Mapping[str, str]:
    return dict(scope.headers.items())


def _refuse(scope: Scope, exchange: Exchange, status: HTTPStatus) -> None:
    """Answer ahead of Django: the API's envelope to programs, a sentence to others."""
    asked = scope.headers.get
    request_id = chosen_request_id(asked("x-request-id") or "")
    begun = begin_request(request_id)
    logger.warning("%s %s was refused unread: %s %s", scope.method, scope.path, int(status), CODES[status])
    end_request(begun)
    headers = [("x-request-id", request_id)]
    headers += cors_headers(path=scope.path, origin=asked("origin") or "").items()
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append(RETRY_AFTER)
    if not scope.path.startswith(PROGRAMS):
        if status == HTTPStatus.SERVICE_UNAVAILABLE and scope.method == "GET":
            headers.append(ASKS_AGAIN)
        exchange.response_bytes(status, [*TEXT, *headers], WORDS[status].encode())
        return
    body = json.dumps(error_body(code=CODES[status], message=WORDS[status], request_id=request_id)).encode()
    exchange.response_bytes(status, [*JSON, *headers], body)
