"""The entry point for granian: bodies are read before a thread is taken (kit.web.front)."""

import asyncio

from django.conf import settings

from config.wsgi import application as wsgi_application
from gateway.calls import CallLimits, limit_calls
from kit.web.front import Front


class MarketFront(Front):
    """The market's: providers get fewer than half of its threads."""

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__rsgi_init__(loop)
        limit_calls(CallLimits(calls=max(1, settings.WEB_THREADS // 2)))


application = MarketFront(wsgi_application, threads=settings.WEB_THREADS, waiting=settings.WEB_WAITING)
