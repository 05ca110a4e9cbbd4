"""Write the .env that docker compose needs, with fresh secrets.

Runs on Python's standard library alone. It never overwrites a file.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / ".env.example"
SECRET_BYTES = 50
OWNER_ONLY = 0o600
# The provider's stand-in of `docker compose --profile sandbox up`.
SANDBOX = {
    "ALLOW_PAYSTACK_TEST_KEY": "true",
    "PAYSTACK_BASE_URL": "http://paystack:8001",
    "PAYMENT_PAGES": "http://localhost:8001",
}


def filled_in(example: str, values: dict[str, str]) -> str:
    """Return the example with values in place of its entries, whether they are set there or commented out.

    Raises:
        KeyError: the example has no such entry.
    """
    text = example
    for name, value in values.items():
        text, count = re.subn(rf"^(?:# )?{name}=.*$", lambda _, line=f"{name}={value}": line, text, flags=re.MULTILINE)  # type: ignore[misc]
        if not count:
            raise KeyError(name)
    return text


def values_of(options: argparse.Namespace) -> dict[str, str]:
    """Return the values to fill in: those that were given, and secrets made now."""
    key = options.paystack_key or f"sk_test_{secrets.token_hex(20)}"
    return {
        "SECRET_KEY": secrets.token_urlsafe(SECRET_BYTES),
        "POSTGRES_PASSWORD": secrets.token_urlsafe(24),
        "PAYSTACK_SECRET_KEY": key,
        "KASUWA_BASE_DOMAIN": options.domain,
        "PLATFORM_EMAIL": options.email or f"hello@{options.domain}",
        "TRUSTED_PROXY_COUNT": str(options.proxies),
        **({} if options.paystack_key else SANDBOX),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the file, and say what is left to do."""
    options = _parser().parse_args(arguments)
    path = Path(options.file)
    text = filled_in(EXAMPLE.read_text(encoding="utf-8"), values_of(options))
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    except FileExistsError:
        sys.stderr.write(f"{path} exists and is left as it is. Move it away first, if you want new secrets.\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{path} cannot be written: {error.strerror}.\n")
        return 1
    with os.fdopen(opened, "w", encoding="utf-8") as file:
        file.write(text)
    sandbox = "" if options.paystack_key else " --profile sandbox"
    sys.stdout.write(f"{path} is written; its owner alone may read it.\n")
    sys.stdout.write(f"Start the market: docker compose{sandbox} up --build -d\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Write the .env that docker compose needs, with fresh secrets.")
    parser.add_argument("--domain", required=True, type=_domain, help="the market's host; shops get subdomains")
    parser.add_argument("--email", default="", help="whom letters come from (default: hello@ the domain)")
    parser.add_argument(
        "--paystack-key", default="", help="the provider's live key; without it, the sandbox takes the payments"
    )
    parser.add_argument("--proxies", type=int, default=1, help="proxies that add to X-Forwarded-For (default: 1)")
    parser.add_argument("--file", default=str(ROOT / ".env"), help="the file to write (default: %(default)s)")
    return parser


def _domain(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", text):
        raise argparse.ArgumentTypeError("give a host name in small letters, such as market.example.com")
    return text


if __name__ == "__main__":
    raise SystemExit(main())
