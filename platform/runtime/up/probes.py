"""Probes from outside: a free port, a server that answers, a market that is ready."""

from __future__ import annotations

import errno
import http.client
import socket
import time

from runtime.errors import StartupError

LAST_PORT = 65_535
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where to knock when all addresses listen


def require_free(*, host: str, port: int, option: str) -> None:
    """Refuse a port that is in use.

    Raises:
        StartupError: the port is taken, or not allowed.
    """
    if not 0 < port <= LAST_PORT:
        message = f"{port} is not a port; choose one from 1 to {LAST_PORT} with {option}."
        raise StartupError(message)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except socket.gaierror as problem:
            message = f"There is no address {host} ({problem.strerror}). Choose one of this machine's with --host."
            raise StartupError(message) from problem
        except OSError as problem:
            if problem.errno == errno.EADDRNOTAVAIL:
                message = f"{host} is no address of this machine. Choose one with --host, such as 127.0.0.1."
                raise StartupError(message) from problem
            message = (
                f"Port {port} on {host} cannot be used ({problem.strerror}). "
                f"Stop what is listening there, or choose another port with {option}."
            )
            raise StartupError(message) from problem


def is_answering(port: int) -> bool:
    """Return whether a server accepts connections on this machine's `port`.

    While nothing listens there, the kernel may give the connection that very port as its own, and connect it to itself
    (RFC 9293, section 3.5: simultaneous open); that is no answer.
    """
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.5) as connection:
            return bool(connection.getsockname() != connection.getpeername())
    except OSError:
        return False


def web_lives(host: str, port: int) -> bool:
    """Return whether the web server answers."""
    return _ask(host, port, "/health/live")[0] == http.HTTPStatus.OK


def require_ready(host: str, port: int) -> None:
    """See that the web server finds everything that it needs.

    Raises:
        StartupError: it does not; the message holds its own answer.
    """
    status, answer = _ask(host, port, "/health/ready")
    if status != http.HTTPStatus.OK:
        message = f"The processes run, but the market is not ready: {answer or 'no answer'}"
        raise StartupError(message)


def worker_lives() -> bool:
    """Return whether the worker has written its pulse."""
    return _beats("worker")


def bulk_worker_lives() -> bool:
    """Return whether the worker for bulk jobs has written its pulse."""
    return _beats("bulk_worker")


def _beats(name: str) -> bool:
    import redis

    from runtime import heartbeat

    try:
        with heartbeat.connect() as client:
            return heartbeat.ages(client, now=time.time())[name] is not None
    except redis.RedisError:
        return False


def forget_old_heartbeat() -> None:
    """A worker that was killed leaves a pulse behind, which must not make us look ready."""
    from runtime import heartbeat

    heartbeat.forget()


def _ask(host: str, port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(EVERYWHERE.get(host, host), port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": "localhost"})
        response = connection.getresponse()
        return response.status, response.read().decode()
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()
