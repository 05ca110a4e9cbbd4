"""Finding out early that a port is taken."""

from __future__ import annotations

import socket

from runtime.errors import RuntimeProblem


def require_free(*, host: str, port: int, option: str) -> None:
    """Refuse a port that somebody listens on.

    Raises:
        RuntimeProblem: the port is taken, or not allowed.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OverflowError as problem:
            message = f"{port} is not a port; choose one from 1 to 65535 with {option}."
            raise RuntimeProblem(message) from problem
        except OSError as problem:
            message = (
                f"Port {port} on {host} cannot be used ({problem.strerror}). "
                f"Stop what is listening there, or choose another port with {option}."
            )
            raise RuntimeProblem(message) from problem


def is_answering(port: int) -> bool:
    """Say whether somebody accepts connections on this machine's `port`."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.5):
            return True
    except OSError:
        return False
