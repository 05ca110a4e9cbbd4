"""Options of `manage.py up`."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass

from runtime.errors import StartupError

PORT = "KASUWA_PORT"
DEFAULT_PORT = 8000


@dataclass(frozen=True, slots=True)
class Options:
    """The choices of one run."""

    port: int
    host: str
    sandbox_port: int
    demo: bool
    reload: bool = False
    is_again: bool = False  # a further start of `reload`, which needs no banner


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options, for the command itself and for its entry in the help."""
    parser.add_argument(
        "--port", type=int, default=usual_port(), help=f"the market's port (default: {PORT}, else {DEFAULT_PORT})"
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on (default: %(default)s, this machine only)"
    )
    parser.add_argument("--data-dir", help="where data is kept (default: KASUWA_DATA_DIR, else .data)")
    parser.add_argument("--no-demo", action="store_true", help="leave the market empty on the first start")
    parser.add_argument("--reload", action="store_true", help="start again when code changes; read changed templates")
    parser.add_argument("--sandbox-port", type=int, help="the payment sandbox's port (default: --port + 1)")


def usual_port() -> int:
    """Return the port that the environment names, by which other commands find the market too, else the usual one.

    Raises:
        StartupError: the environment names none.
    """
    text = os.environ.get(PORT, "").strip() or str(DEFAULT_PORT)
    if not (text.isascii() and text.isdecimal()):
        raise StartupError(f"{PORT} must be a whole number, not {text!r}. Correct it, or leave it unset.")
    return int(text)


def read(values: dict[str, object]) -> Options:
    """Turn parsed arguments into options."""
    port = int(str(values["port"]))
    sandbox_port = values.get("sandbox_port")
    return Options(
        port=port,
        host=str(values["host"]),
        sandbox_port=port + 1 if sandbox_port is None else int(str(sandbox_port)),
        demo=not values["no_demo"],
        reload=bool(values["reload"]),
    )
