"""Open pages' questions for changes, answered ahead of Django: without a page's thread, a session or the database."""

from http import HTTPStatus
from typing import Any

from django.core.signing import BadSignature
from redis.exceptions import RedisError

from kit.db import redis
from kit.live import PREFIX, keys_of, subjects_of, tag_of
from kit.web.request_threads import RequestThreads
from kit.web.rsgi import Exchange, HeaderList, Scope

MOST_WAITING = 2_000
NOT_KEPT = ("cache-control", "no-store")
LATER: HeaderList = [NOT_KEPT, ("retry-after", "5")]


class LiveAnswers:
    """One process's answers, from one thread of their own: however many ask, pages keep their threads."""

    def __init__(self) -> None:
        self._thread = RequestThreads(count=1)

    def close(self) -> None:
        """End the thread once it has answered."""
        self._thread.close()

    async def answer(self, scope: Scope, exchange: Exchange) -> None:
        """Answer when the subjects of a page have changed, or that they have not since it last asked."""
        if self._thread.waiting >= MOST_WAITING:
            exchange.response_empty(HTTPStatus.SERVICE_UNAVAILABLE, LATER)
            return
        await self._thread
        try:
            keys = keys_of(subjects_of(scope.path.removeprefix(PREFIX).removesuffix("/")))
            times: Any = redis.own_client().mget(keys)
        except BadSignature:
            exchange.response_empty(HTTPStatus.NOT_FOUND, [NOT_KEPT])
            return
        except RedisError:
            exchange.response_empty(HTTPStatus.SERVICE_UNAVAILABLE, LATER)
            return
        tag = tag_of(times)
        is_known = scope.headers.get("if-none-match") == tag
        status = HTTPStatus.NOT_MODIFIED if is_known else HTTPStatus.NO_CONTENT
        exchange.response_empty(status, [NOT_KEPT, ("etag", tag)])


def is_question(scope: Scope) -> bool:
    """Return whether a request is an open page's question for changes."""
    return scope.path.startswith(PREFIX) and scope.method == "GET"
