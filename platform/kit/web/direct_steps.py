"""Requests that go on in the thread in which their waiting ends, instead of in the event loop's.

granian hands each request, and each piece of a body, to asyncio's loop from a thread of its own. The loop's thread
would have to be woken for it and to take the interpreter's lock, twice for a request with a body, only to hand the
request to one of our threads (docs/adr/0033).
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import Context
from threading import get_ident
from typing import Any, Protocol


class Awaited(Protocol):
    """A piece of a request's body, or a thread, while the request waits for it."""

    def add_done_callback(self, callback: Callable[[object], None], *, context: Context) -> object:
        """Begin, and call back once at the end, from any thread."""


class Steps:
    """One request's coroutine: it is in one thread at a time, and goes from wait to wait in whichever ends the last."""

    def __init__(self, coroutine: Coroutine[Awaited, None, None]) -> None:
        self._coroutine = coroutine
        self._context = Context()

    def resume(self, _awaited: object = None) -> None:
        """Run until something is waited for."""
        try:
            awaited = self._coroutine.send(None)
        except StopIteration:
            return
        awaited.add_done_callback(self.resume, context=self._context)

    def cancel(self, _message: object = None) -> bool:
        """Refuse: a request that was begun is worked on to its end, also when its client goes."""
        return False


def step_directly(loop: asyncio.AbstractEventLoop) -> None:
    """Have a loop's requests go on directly; everything else is called in the loop, as before.

    Args:
        loop: asyncio's own, called in its thread. It must let its methods be replaced, which uvloop's doesn't.
    """
    own_thread = get_ident()
    call_in_loop, create_task = loop.call_soon_threadsafe, loop.create_task

    def call_soon_threadsafe(callback: Callable[..., Any], *args: Any, context: Context | None = None) -> Any:
        if get_ident() != own_thread and args and (asyncio.iscoroutine(args[0]) or is_step(callback)):
            return callback(*args)
        return call_in_loop(callback, *args, context=context)

    def create_task_or_steps(coroutine: Coroutine[Any, Any, Any], **options: Any) -> Any:
        if get_ident() == own_thread:
            return create_task(coroutine, **options)
        steps = Steps(coroutine)
        steps.resume()
        return steps

    setattr(loop, "call_soon_threadsafe", call_soon_threadsafe)  # noqa: B010 - mypy lets no method be assigned to
    setattr(loop, "create_task", create_task_or_steps)  # noqa: B010


def is_step(callback: Callable[..., Any]) -> bool:
    """Return whether a callback lets a request go on."""
    return isinstance(getattr(callback, "__self__", None), Steps)
