"""The processes that a replay needs: those of a running market, or its own for as long as it takes."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from runtime import sandbox
from runtime.datadir import DataDir, Lock
from runtime.errors import StartupError
from runtime.up import probes
from runtime.up.roles import Role

READY_SECONDS = 60.0
POLL_SECONDS = 0.05
LAST_WORDS = 2000


@contextlib.contextmanager
def running_market(data_dir: DataDir, *, port: int, say: Callable[[str], None]) -> Iterator[str]:
    """Yield the sandbox's address; start web, worker and sandbox unless a market runs on this data."""
    lock = Lock(data_dir.up_lock)
    if not lock.take():
        say("Using the market that runs on this data.")
        yield os.environ[sandbox.ADDRESS]
        return
    try:
        port = port or _free_port()
        sandbox_port = _free_port()
        say(f"Starting a worker, a web server for the webhooks, and the {sandbox.TITLE}.")
        with contextlib.ExitStack() as stack:
            log = stack.enter_context((data_dir.path / "replay.log").open("ab"))
            for role, is_ready in _roles(data_dir, port, sandbox_port):
                stack.enter_context(_process(role, is_ready, log.fileno(), Path(log.name)))
            yield os.environ[sandbox.ADDRESS]
    finally:
        lock.release()


def _roles(data_dir: DataDir, port: int, sandbox_port: int) -> Iterator[tuple[Role, Callable[[], bool]]]:
    os.environ["KASUWA_PORT"] = str(port)
    os.environ[sandbox.ADDRESS] = f"http://127.0.0.1:{sandbox_port}"
    arguments = sandbox.arguments(port=sandbox_port, data_dir=data_dir.path, web_port=port)
    yield Role(sandbox.PROVIDER, {"arguments": arguments}), lambda: probes.is_answering(sandbox_port)
    host = "127.0.0.1"
    yield Role("web", {"host": host, "port": port}), lambda: probes.web_lives(host, port)
    probes.forget_old_heartbeat()
    yield Role("worker", {}), probes.worker_lives


@contextlib.contextmanager
def _process(role: Role, is_ready: Callable[[], bool], log: int, log_path: Path) -> Iterator[None]:
    process = subprocess.Popen(  # noqa: S603 - our own roles
        role.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
    )
    try:
        deadline = time.monotonic() + READY_SECONDS
        while not is_ready():
            if process.poll() is not None or time.monotonic() > deadline:
                last_words = log_path.read_text(errors="replace")[-LAST_WORDS:]
                raise StartupError(f"The {role.name} process did not start:\n{last_words}")
            time.sleep(POLL_SECONDS)
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
