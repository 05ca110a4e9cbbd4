"""Start the sandbox: `python -m paystack_sandbox --help`."""

import dataclasses
import gc
import os
import signal
import socket
import sqlite3
import sys
import threading

import uvicorn

from paystack_sandbox.app import build_app
from paystack_sandbox.config import Config, read_config
from paystack_sandbox.sandbox import Sandbox, open_sandbox

READY = "Paystack sandbox ready at "


class Server(uvicorn.Server):
    """uvicorn, announcing on standard output that requests are accepted."""

    def __init__(self, config: uvicorn.Config, sandbox: Sandbox) -> None:
        super().__init__(config)
        self._sandbox = sandbox

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, then report it."""
        await super().startup(sockets)
        if self.started:
            print(READY + self._sandbox.public_url, flush=True)  # noqa: T201 - the announcement that starters wait for

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the answers that a fault keeps back, then stop."""
        self._sandbox.stopping.set()
        await super().shutdown(sockets)


def main() -> int:
    """Run until interrupted and return the exit status."""
    config = read_config(sys.argv[1:])
    try:
        listener = _listen(config)
        sandbox = open_sandbox(_with_public_url(config, listener))
    except sqlite3.OperationalError as error:
        return _complain(f"cannot use the store {config.store}: {error}; is a sandbox running?")
    except OSError as error:
        return _complain(f"cannot start on {config.host}:{config.port}: {error}")
    _serve(sandbox, listener)
    return 0


def _serve(sandbox: Sandbox, listener: socket.socket) -> None:
    settings = uvicorn.Config(
        build_app(sandbox),
        log_level="warning",
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=1,
        ws="none",
    )
    server = Server(settings, sandbox)
    if sandbox.config.until_stdin_closes:
        threading.Thread(target=_stop_with_stdin, args=(server,), daemon=True).start()
    # uvicorn raises the signal again once it has stopped; being told to stop is no failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    gc.freeze()
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        return


def _listen(config: Config) -> socket.socket:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    # Without the protocol asyncio does not see that this is TCP, and leaves Nagle's algorithm on.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((config.host, config.port))
    return listener


def _with_public_url(config: Config, listener: socket.socket) -> Config:
    if config.public_url:
        return config
    port = listener.getsockname()[1]
    return dataclasses.replace(config, public_url=f"http://localhost:{port}")


def _stop_with_stdin(server: uvicorn.Server) -> None:
    # Not through sys.stdin: its lock, held by a waiting thread, would abort the interpreter's exit.
    while os.read(0, 1024):
        pass
    server.should_exit = True


def _complain(message: str) -> int:
    print(f"paystack_sandbox: {message}", file=sys.stderr)  # noqa: T201 - a command's own message
    return 1


if __name__ == "__main__":
    sys.exit(main())
