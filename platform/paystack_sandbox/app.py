"""The ASGI application: every address of the sandbox and the worker behind them."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from paystack_sandbox import api_disputes, api_payments, api_settlements, api_transfers, controls, mailbox, pages
from paystack_sandbox.errors import ApiError
from paystack_sandbox.sandbox import Sandbox
from paystack_sandbox.serving import Call, Json, refuse, sandbox_of
from paystack_sandbox.shapes import answer
from paystack_sandbox.webhook_sender import WebhookSender


class TrimSlash:
    """Let `/refund/` mean `/refund`, as Paystack does."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with the slash taken off."""
        if scope["type"] == "http" and len(scope["path"]) > 1:
            scope = {**scope, "path": scope["path"].rstrip("/") or "/"}
        await self._app(scope, receive, send)


def build_app(sandbox: Sandbox) -> ASGIApp:
    """Return the application of one sandbox."""
    sender = WebhookSender(sandbox)

    async def reset(request: Request) -> Response:
        response = await controls.control(_forget)(request)
        await sender.settle()
        return response

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        worker = asyncio.create_task(sender.run())
        try:
            yield
        finally:
            worker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await worker
            sender.forget()
            sandbox.store.close()

    app = Starlette(
        routes=[
            Route("/", _home),
            *api_payments.ROUTES,
            *api_transfers.ROUTES,
            *api_disputes.ROUTES,
            *api_settlements.ROUTES,
            *controls.ROUTES,
            Route("/sandbox/reset", reset, methods=["POST"]),
            *pages.ROUTES,
            *mailbox.ROUTES,
        ],
        exception_handlers={404: _unknown, 405: _unknown},
        lifespan=lifespan,
    )
    app.state.sandbox = sandbox
    return TrimSlash(app)


def _forget(sandbox: Sandbox, _call: Call) -> tuple[int, Json]:
    sandbox.store.empty()
    sandbox.faults.reload()
    sandbox.clock.offset = 0.0
    sandbox.approval_url = sandbox.config.approval_url
    return 200, answer("Reset", None)


async def _home(_request: Request) -> Response:
    return RedirectResponse("/sandbox/")


async def _unknown(request: Request, _error: Exception) -> Response:
    if request.url.path.startswith(("/checkout", "/sandbox")):
        return pages.not_found(sandbox_of(request))
    return refuse(ApiError("Entity not found", status=404))
